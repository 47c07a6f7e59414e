/** What the command palette shows: commands of this page, runs and data sets of the lab. */
import type { Dataset } from '../../core/contract/api/lab.ts';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { host } from '../host.svelte.ts';
import { router } from '../router.svelte.ts';
import { attempt } from '../ui/tell.ts';
import { commands, type Command } from './commands.svelte.ts';
import { frameGroups } from './frame-groups.ts';
import { rank } from './rank.ts';

/** Rows that are shown of each kind. */
const mostRuns = 8;
const mostDatasets = 5;

interface Group {
  readonly name: string;
  readonly commands: readonly Command[];
}

class Palette {
  isOpen = $state(false);
  isHelpOpen = $state(false);
  typed = $state('');

  #runs = $state.raw<readonly RunSummary[]>([]);
  #datasets = $state.raw<readonly Dataset[]>([]);
  /** Answers to what was typed before do not count any more. */
  #asked = 0;

  /** Commands by group: first those of the screen; while somebody searches, in the order of their best command. */
  get groups(): Group[] {
    const usable = commands.all.filter(({ act, onlyKeys, disabled }) => act !== undefined && onlyKeys !== true && disabled !== true);
    const found = rank(
      usable.filter(({ id }) => id !== 'palette'),
      this.typed,
    );
    const link = routeOfLink(this.typed);
    if (link !== undefined) return [{ name: 'Link', commands: [openLink(link)] }];
    const names = [...new Set(found.map(({ group }) => group))];
    if (this.typed.trim() === '') names.sort((a, b) => frameGroups.indexOf(a) - frameGroups.indexOf(b));
    return names.map((name) => ({ name, commands: found.filter(({ group }) => group === name) }));
  }

  get runs(): readonly RunSummary[] {
    return this.#runs;
  }

  get datasets(): Dataset[] {
    const entries = this.#datasets.map((dataset) => ({
      dataset,
      label: dataset.name,
      group: 'Data sets',
      words: dataset.description.format,
    }));
    return rank(entries, this.typed)
      .slice(0, mostDatasets)
      .map(({ dataset }) => dataset);
  }

  open(): void {
    this.typed = '';
    this.isOpen = true;
    void this.#loadDatasets();
    void this.search('');
  }

  /** Closes, then does it: so that what it opens can have the focus. */
  choose(act: () => void): void {
    this.isOpen = false;
    setTimeout(act);
  }

  go(route: string): void {
    this.choose(() => router.go(route));
  }

  /** Without words, the newest runs. */
  async search(text: string): Promise<void> {
    const asked = ++this.#asked;
    const sort = [{ by: 'createdAt', descending: true }];
    try {
      const { runs } = await host.call((api) => api.runs.list({ text: text.trim().slice(0, 500), sort, limit: mostRuns }));
      if (asked === this.#asked) this.#runs = runs;
    } catch {
      // Without the host there are no runs to be found; the status bar says so.
      if (asked === this.#asked) this.#runs = [];
    }
  }

  async #loadDatasets(): Promise<void> {
    try {
      this.#datasets = await host.call((api) => api.datasets.list());
    } catch {
      this.#datasets = [];
    }
  }
}

/** The route of a link that was copied in a window of Engram. */
function routeOfLink(typed: string): string | undefined {
  return /^app:\/\/engram\/(?:index[.]html)?#(\/\S*)$/.exec(typed.trim())?.[1];
}

function openLink(route: string): Command {
  return {
    id: 'open-link',
    label: 'Open this view in a new window',
    group: 'Link',
    act: () => void attempt(() => window.engram.ask('openWindow', { route }), 'The window was not opened'),
  };
}

export const palette = new Palette();
