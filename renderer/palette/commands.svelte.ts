/**
 * Everything that can be done on the page at this moment, by name: what the command palette, the shortcuts page, the keyboard and the native menu
 * share. A screen adds its commands where its component is set up:
 *
 *     provideCommands(() => [
 *       { id: 'runs.compare', label: 'Compare the selected runs', group: 'Runs', keys: 'C', disabled: selection.size < 2, act: compare },
 *       { id: 'find', label: 'Filter runs', group: 'Runs', keys: '/', act: () => field.focus() },
 *     ]);
 *
 * They are there until the component goes. Where two have the same id, the one that came last counts: so a screen gives `find` its meaning. Ids of
 * core/contract/window.ts's `menuCommands` are what the native menu's entries do.
 */
import { onMount } from 'svelte';
import type { Component } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { matches, worksWhileTyping } from './keys.ts';

export interface Command {
  /** `runs.compare`: unique on the page. */
  readonly id: string;
  /** A verb and what it is done to; sentence case. */
  readonly label: string;
  /** Its heading in palette and shortcuts page. */
  readonly group: string;
  /** `Mod+K`, `Shift+Delete`, `/`, `E`; several after one another by commas: `Delete,Backspace`. Single letters do not count while somebody types. */
  readonly keys?: string;
  /** The screen listens to these keys itself; they stand on the shortcuts page and not in the palette: `ArrowDown`. */
  readonly onlyKeys?: boolean;
  /** More words by which it is found. */
  readonly words?: string;
  readonly icon?: Component<{ size?: number }>;
  readonly disabled?: boolean;
  readonly act?: () => void;
}

type Source = () => readonly Command[];

class Commands {
  readonly #sources = new SvelteSet<Source>();

  /** Those that count, in the order they came. */
  get all(): Command[] {
    const given = [...this.#sources].flatMap((source) => source());
    return given.filter(({ id }, index) => given.findLastIndex((other) => other.id === id) === index);
  }

  /** Until the returned function is called. */
  add(source: Source): () => void {
    this.#sources.add(source);
    return () => this.#sources.delete(source);
  }

  /** Returns whether there was such a command. */
  run(id: string): boolean {
    const command = this.all.find((candidate) => candidate.id === id);
    if (command?.act === undefined || command.disabled === true) return false;
    command.act();
    return true;
  }

  /** To be called for key presses that nothing on the page has taken. */
  readonly heed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = isTyping(event.target);
    const found = this.all.findLast(({ keys, onlyKeys, disabled, act }) => {
      if (keys === undefined || onlyKeys === true || disabled === true || act === undefined) return false;
      return keys.split(',').some((stroke) => matches(event, stroke) && (!typing || worksWhileTyping(stroke)));
    });
    if (found?.act === undefined) return;
    event.preventDefault();
    found.act();
  };
}

export const commands = new Commands();

/** While the component lives that calls it; `source` may read state. */
export function provideCommands(source: Source): void {
  onMount(() => commands.add(source));
}

/** Letters belong to the field they are typed into, and to a dialog or menu that is open. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isField = target.matches(
    'input:not([type=checkbox],[type=radio],[type=range],[type=button]), textarea, select, [contenteditable=true]',
  );
  return isField || target.closest('[role=dialog],[role=alertdialog],[role=menu],[role=listbox]') !== null;
}
