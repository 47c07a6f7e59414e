/** A page for one component by itself, in a plain browser (not used by the product): `?show=queue/queued-list` shows renderer/queue/queued-list.stage.svelte. */
import { mount, type Component } from 'svelte';
import { z } from 'zod';
import '../app.css';
import { standInWindow } from './stand-in-host.ts';

z.config({ jitless: true });
Object.defineProperty(window, 'engram', { value: standInWindow });

const stages = import.meta.glob<{ readonly default: Component }>('../**/*.stage.svelte');
const name = new URLSearchParams(location.search).get('show') ?? '';
const load = stages[`../${name}.stage.svelte`];
const target = document.getElementById('stage');
if (load === undefined || target === null) throw new Error(`there is no stage "${name}"; there are ${Object.keys(stages).join(', ')}`);
mount((await load()).default, { target });
