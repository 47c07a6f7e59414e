/** The program of the page. */
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import { mount } from 'svelte';
import { z } from 'zod';
import App from './app.svelte';
import './app.css';

// The page's policy forbids code made from strings.
z.config({ jitless: true });

const target = document.getElementById('app');
if (target === null) throw new Error('the page has no place for the application');
target.replaceChildren();
mount(App, { target });
