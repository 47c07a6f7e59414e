/** Which theme the person chose: the window remembers it, and the page follows through `prefers-color-scheme`. */
import type { WindowAbout } from '../core/contract/window.ts';

type Choice = WindowAbout['theme'];

class Theme {
  choice = $state<Choice>('system');

  constructor() {
    void window.engram.ask('about', undefined).then(({ theme }) => (this.choice = theme));
  }

  set(choice: Choice): void {
    this.choice = choice;
    void window.engram.ask('theme', { theme: choice });
  }
}

export const theme = new Theme();

export const themeChoices: readonly { readonly value: Choice; readonly label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];
