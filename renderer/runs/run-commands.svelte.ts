/** What the Runs screen adds to palette, shortcuts page and keyboard. */
import type { Command } from '../palette/commands.svelte.ts';
import * as act from './act-on-runs.ts';
import { asking } from './asking.svelte.ts';
import { pane } from './pane-state.svelte.ts';
import { view } from './runs-view.svelte.ts';
import { selection } from './selection.svelte.ts';

interface Places {
  readonly focusFilter: () => void;
}

const group = 'Runs';

export function runCommands({ focusFilter }: Places): Command[] {
  const { targets: rows } = selection;
  const none = rows.length === 0;
  const only = (rest: Omit<Command, 'group' | 'onlyKeys'>): Command => ({ ...rest, group, onlyKeys: true });
  return [
    { id: 'find', label: 'Filter runs', group, keys: '/', act: focusFilter },
    { id: 'runs.details', label: pane.isOpen ? 'Close the details' : 'Show details', group, keys: 'D', act: () => pane.toggle() },
    {
      id: 'runs.group-seeds',
      label: view.groupBy === 'none' ? 'Group runs by all but the seed' : 'Do not group runs',
      group,
      keys: 'S',
      act: () => view.group(view.groupBy === 'none' ? 'all-but-seed' : 'none'),
    },
    { id: 'runs.save-view', label: 'Save this view', group, act: () => asking.ask('save-view') },
    { id: 'runs.trash-view', label: view.trash ? 'Back from the trash' : 'Show the trash', group, act: () => (view.trash = !view.trash) },
    ...(view.trash ? trashCommands() : labCommands()),
    { id: 'runs.select-all', label: 'Select all runs', group, keys: 'Mod+A', act: () => selection.selectAll() },
    { id: 'runs.escape', label: 'Clear selection, then filter', group, keys: 'Escape', disabled: !hasToClear(), act: clear },
    only({ id: 'runs.move', label: 'Next and previous run', keys: 'ArrowDown,ArrowUp,J,K' }),
    only({ id: 'runs.extend', label: 'Select a range', keys: 'Shift+ArrowDown,Shift+ArrowUp' }),
    only({ id: 'runs.toggle', label: 'Select the run', keys: 'Space,X' }),
    only({ id: 'runs.open', label: 'Open the run, or the group', keys: 'Enter' }),
    only({ id: 'runs.columns', label: 'On a head: move, resize the column', keys: 'Alt+ArrowRight,Alt+Shift+ArrowRight' }),
  ];

  function labCommands(): Command[] {
    return [
      { id: 'runs.compare', label: 'Compare the selected runs', group, keys: 'C', disabled: rows.length < 2, act: () => act.compare(rows) },
      {
        id: 'runs.rename',
        label: 'Rename the run',
        group,
        keys: 'F2',
        // Function keys work in the dialogs, too.
        disabled: rows.length !== 1 || asking.question !== undefined,
        act: () => asking.ask('name', rows),
      },
      { id: 'runs.tag', label: 'Tag runs', group, keys: 'T', disabled: none, act: () => asking.ask('tag', rows) },
      { id: 'runs.group', label: 'Put runs into a group', group, keys: 'G', disabled: none, act: () => asking.ask('group', rows) },
      { id: 'runs.note', label: 'Write a note on runs', group, keys: 'N', disabled: none, act: () => asking.ask('note', rows) },
      { id: 'runs.protect', label: 'Protect runs, or not', group, keys: 'P', disabled: none, act: () => void act.toggleProtection(rows) },
      { id: 'runs.export', label: 'Export runs', group, keys: 'E', disabled: none, act: () => asking.ask('export', rows) },
      {
        id: 'runs.trash',
        label: 'Put runs into the trash',
        group,
        keys: 'Delete,Backspace',
        disabled: none,
        act: () => void act.trash(rows),
      },
    ];
  }

  function trashCommands(): Command[] {
    return [
      { id: 'runs.restore', label: 'Restore runs', group, keys: 'R', disabled: none, act: () => void act.restore(rows) },
      {
        id: 'runs.purge',
        label: 'Delete runs for good',
        group,
        keys: 'Delete,Backspace',
        disabled: none,
        act: () => asking.ask('purge', rows),
      },
    ];
  }
}

function hasToClear(): boolean {
  return selection.ids.size > 0 || view.text !== '' || view.trash;
}

function clear(): void {
  if (selection.ids.size > 0) selection.clear();
  else if (view.text !== '') view.text = '';
  else view.trash = false;
}
