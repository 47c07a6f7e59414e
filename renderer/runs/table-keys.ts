/** The keys of the table itself. */
import { open } from './act-on-runs.ts';
import { runsStore } from './runs-store.svelte.ts';
import { view } from './runs-view.svelte.ts';
import { selection } from './selection.svelte.ts';

/** Returns whether the key meant something; `page`: lines on the screen. */
export function heedTableKey({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent, page: number): boolean {
  if (altKey) return false;
  const mod = ctrlKey || metaKey;
  const { items } = view.arrangement;
  const { index, item } = selection;
  const move = (to: number) => {
    selection.goTo(index < 0 ? 0 : to, shiftKey);
    return true;
  };
  if (mod && key.toLowerCase() === 'a') {
    selection.selectAll();
    return true;
  }
  if (mod && !['Home', 'End'].includes(key)) return false;
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return move(index + 1);
    case 'ArrowUp':
    case 'k':
      return move(index - 1);
    case 'PageDown':
      return move(index + page);
    case 'PageUp':
      return move(index - page);
    case 'Home':
      selection.goTo(0, shiftKey);
      return true;
    case 'End':
      selection.goTo(items.length - 1, shiftKey);
      return true;
    case ' ':
    case 'x':
      if (item === undefined) selection.goTo(0);
      selection.toggle();
      return true;
  }
  if (item === undefined) return false;
  if (item.kind === 'run') {
    const row = runsStore.get(item.id);
    if (key === 'Enter' && row !== undefined) open(row);
    else if (key === 'ArrowLeft' && item.inset) leaveGroup();
    else return false;
    return true;
  }
  const isOpen = view.open.has(item.group.id);
  if (key === 'Enter' || (key === 'ArrowRight' && !isOpen) || (key === 'ArrowLeft' && isOpen)) view.toggleGroup(item.group.id);
  else return false;
  return true;
}

/** To the group that the current run belongs to. */
function leaveGroup(): void {
  const { items } = view.arrangement;
  const above = items.slice(0, selection.index).findLastIndex(({ kind }) => kind === 'group');
  if (above >= 0) selection.goTo(above);
}
