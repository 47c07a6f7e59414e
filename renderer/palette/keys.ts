/** Keys as commands name them (`Mod+K`, `Shift+Delete`, `/`, `E`): whether an event means them, and how people read them. */

const isMac = navigator.userAgent.includes('Macintosh');

interface Stroke {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

function parse(keys: string): Stroke {
  const parts = keys.split('+').map((part) => part.toLowerCase());
  const key = parts.at(-1) ?? '';
  return { key, mod: parts.includes('mod'), shift: parts.includes('shift'), alt: parts.includes('alt') };
}

/** Mod is Command on a Mac, Control elsewhere. For signs that need Shift on some keyboards (`?`, `/`), Shift does not count. */
export function matches(event: KeyboardEvent, keys: string): boolean {
  const { key, mod, shift, alt } = parse(keys);
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const [pressedMod, otherMod] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (event.key.toLowerCase() !== key || pressedMod !== mod || otherMod || event.altKey !== alt) return false;
  return isSign || event.shiftKey === shift;
}

/** Whether these keys mean something while somebody types. */
export function worksWhileTyping(keys: string): boolean {
  const { mod, alt, key } = parse(keys);
  return mod || alt || /^f\d+$/.test(key);
}

const names: Readonly<Record<string, string>> = isMac
  ? {
      mod: '⌘',
      shift: '⇧',
      alt: '⌥',
      enter: '↩',
      delete: '⌫',
      escape: 'Esc',
      arrowup: '↑',
      arrowdown: '↓',
      arrowleft: '←',
      arrowright: '→',
      plus: '+',
    }
  : {
      mod: 'Ctrl',
      enter: 'Enter',
      delete: 'Delete',
      escape: 'Esc',
      arrowup: '↑',
      arrowdown: '↓',
      arrowleft: '←',
      arrowright: '→',
      plus: '+',
    };

/** Each key by itself, to be drawn as a cap: `['Ctrl', 'K']`. */
export function keyCaps(keys: string): string[] {
  return keys.split('+').map((part) => names[part.toLowerCase()] ?? (part.length === 1 ? part.toUpperCase() : part));
}

export function formatKeys(keys: string): string {
  return keyCaps(keys).join(isMac ? '' : ' ');
}
