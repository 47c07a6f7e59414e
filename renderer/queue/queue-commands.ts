/** What can be done on the queue screen. */
import type { Command } from '../palette/commands.svelte.ts';
import type { QueueScreen } from './queue.svelte.ts';

const group = 'Queue';

export function queueCommands(screen: QueueScreen): Command[] {
  const run = screen.queued.find(({ id }) => id === screen.current);
  const isMissing = run === undefined;
  const move = (direction: 'first' | 'last') => () => run && void screen.move(run.id, direction);
  return [
    { id: 'queue.move', label: 'Go through the waiting runs', group, keys: 'ArrowDown,ArrowUp', onlyKeys: true },
    { id: 'queue.order', label: 'Move a waiting run', group, keys: 'Alt+ArrowDown,Alt+ArrowUp', onlyKeys: true },
    { id: 'queue.first', label: 'Put the chosen run first', group, disabled: isMissing, act: move('first') },
    { id: 'queue.last', label: 'Put the chosen run last', group, disabled: isMissing, act: move('last') },
    {
      id: 'queue.remove',
      label: 'Take the chosen run out of the queue',
      group,
      disabled: isMissing,
      act: () => run && void screen.act('stop', run),
    },
  ];
}
