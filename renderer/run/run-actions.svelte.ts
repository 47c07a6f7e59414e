/** What makes sense to do with a run, in the state in which it is: as buttons, menu and keys. */
import {
  Copy,
  CopyPlus,
  Download,
  FastForward,
  FolderOpen,
  Lock,
  LockOpen,
  Pause,
  Pencil,
  Play,
  RotateCcw,
  Square,
  StickyNote,
  Tag,
  Trash,
  Undo2,
} from '@lucide/svelte';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { LabClient } from '../host-link.ts';
import { host } from '../host.svelte.ts';
import type { Command } from '../palette/commands.svelte.ts';
import { router } from '../router.svelte.ts';
import { restore, toggleProtection, trash } from '../runs/act-on-runs.ts';
import { asking, type Question } from '../runs/asking.svelte.ts';
import { Recipes, rowOfSummary } from '../runs/row.ts';
import { attempt, tell } from '../ui/tell.ts';
import type { OpenRun } from './open-run.svelte.ts';

export interface RunAction extends Command {
  /** Stands in the header as a button of its own. */
  readonly isMain?: boolean;
  readonly isDanger?: boolean;
  readonly act: () => void;
}

export interface PageActions {
  rename(): void;
  extend(): void;
  editNote(): void;
}

const group = 'Run';
const recipes = new Recipes();

export function runActions(open: OpenRun, page: PageActions): RunAction[] {
  const run = open.details;
  if (run === undefined) return [];
  const states = run.trashedAtMs === null ? stateActions(open, run, page) : [];
  return [...states, ...otherActions(run, page)];
}

function stateActions(open: OpenRun, run: RunSummary, page: PageActions): RunAction[] {
  const { id, status, intent } = run;
  const ask = (label: string, call: (api: LabClient) => Promise<RunSummary>) => () =>
    void attempt(async () => open.take(await host.call(call)), `${label}: that did not work`);
  const action = (
    name: string,
    label: string,
    icon: Command['icon'],
    call: (api: LabClient) => Promise<RunSummary>,
    more: Partial<RunAction> = {},
  ) => ({
    id: `run.${name}`,
    label,
    group,
    ...(icon === undefined ? {} : { icon }),
    isMain: true,
    act: ask(label, call),
    ...more,
  });
  const pause = action('pause', 'Pause', Pause, (api) => api.runs.pause({ run: id }), { keys: 'P', words: 'save checkpoint' });
  const stop = action('stop', 'Stop', Square, (api) => api.runs.stop({ run: id }), { keys: 'Shift+S', words: 'end save' });
  const stopNow = action('stop-now', 'Stop at once, without a checkpoint', Square, (api) => api.runs.stop({ run: id, now: true }), {
    isMain: false,
  });
  const resume = action('resume', 'Resume', Play, (api) => api.runs.resume({ run: id }), { keys: 'P', words: 'continue go on' });
  const retry = action('retry', 'Try again', RotateCcw, (api) => api.runs.retry({ run: id }), {
    keys: 'P',
    words: 'retry from last checkpoint',
  });
  const extend: RunAction = {
    ...{ id: 'run.extend', label: 'Extend…', group, keys: 'X', words: 'more episodes longer', icon: FastForward },
    isMain: true,
    act: page.extend,
  };
  switch (status) {
    case 'running':
      return intent === null ? [pause, stop, stopNow] : intent === 'pause' ? [stop, stopNow] : [stopNow];
    case 'queued':
      return [
        { ...stop, label: 'Take out of the queue' },
        { ...pause, label: 'Set aside for later', isMain: false },
      ];
    case 'paused':
      return [resume, stop];
    case 'finished':
      return [extend];
    case 'stopped':
      return [resume, { ...extend, isMain: false }];
    case 'failed':
    case 'interrupted':
      return [retry, { ...extend, isMain: false }];
  }
}

function otherActions(run: RunSummary, page: PageActions): RunAction[] {
  const rows = [rowOfSummary(run, recipes)];
  const question = (name: Question) => () => asking.ask(name, rows);
  const isEnded = !['queued', 'running', 'paused'].includes(run.status);
  const isTrashed = run.trashedAtMs !== null;
  const actions: (RunAction | false)[] = [
    { id: 'run.rename', label: 'Rename', group, keys: 'F2', icon: Pencil, act: page.rename },
    { id: 'run.note', label: 'Write a note', group, keys: 'N', icon: StickyNote, act: page.editNote },
    { id: 'run.tags', label: 'Tags…', group, keys: 'T', icon: Tag, act: question('tag') },
    { id: 'run.group', label: 'Group…', group, keys: 'G', icon: FolderOpen, act: question('group') },
    {
      id: 'run.clone',
      label: 'Clone and change…',
      group,
      keys: 'C',
      words: 'copy duplicate',
      icon: CopyPlus,
      act: () => router.go(`/new?from=${run.id}`),
    },
    {
      ...{ id: 'run.protect', group, icon: run.protected ? LockOpen : Lock },
      label: run.protected ? 'Unprotect' : 'Protect',
      words: 'keep delete',
      act: () => void toggleProtection(rows),
    },
    { id: 'run.export', label: 'Export…', group, keys: 'E', words: 'csv npz safetensors archive', icon: Download, act: question('export') },
    { id: 'run.reveal', label: 'Show the folder', group, icon: FolderOpen, act: () => void reveal(run.folder) },
    { id: 'run.copy-id', label: 'Copy the id', group, icon: Copy, act: () => void copy(run.id, 'The id') },
    isTrashed && { id: 'run.restore', label: 'Restore from the trash', group, icon: Undo2, isMain: true, act: () => void restore(rows) },
    !isTrashed && {
      ...{ id: 'run.trash', label: 'Put into the trash', group, keys: 'Delete', icon: Trash, isDanger: true },
      disabled: !isEnded || run.protected,
      act: () => void trash(rows),
    },
  ];
  return actions.filter((action) => action !== false);
}

export async function reveal(path: string): Promise<void> {
  await attempt(() => window.engram.ask('reveal', { path }), 'The folder cannot be shown');
}

/** @param what with its article, as a sentence begins. */
export async function copy(text: string, what: string): Promise<void> {
  if (await attempt(() => navigator.clipboard.writeText(text), `${what} was not copied`)) tell(`${what} was copied`);
}
