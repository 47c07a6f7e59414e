/** Whether the detail pane is open, and how wide; remembered. */
const place = 'engram.runs.pane';
const [narrowest, widest] = [280, 620];

class Pane {
  #state = $state.raw(remember());

  get isOpen(): boolean {
    return this.#state.isOpen;
  }

  get width(): number {
    return this.#state.width;
  }

  toggle(): void {
    this.#set({ ...this.#state, isOpen: !this.isOpen });
  }

  resize(width: number): void {
    this.#set({ ...this.#state, width: Math.round(Math.max(narrowest, Math.min(widest, width))) });
  }

  #set(state: { isOpen: boolean; width: number }): void {
    this.#state = state;
    localStorage.setItem(place, JSON.stringify(state));
  }
}

function remember(): { isOpen: boolean; width: number } {
  const usual = { isOpen: window.innerWidth >= 1200, width: 340 };
  try {
    const { isOpen, width } = JSON.parse(localStorage.getItem(place) ?? 'null') as Record<string, unknown>;
    return { isOpen: typeof isOpen === 'boolean' ? isOpen : usual.isOpen, width: typeof width === 'number' ? width : usual.width };
  } catch {
    return usual;
  }
}

export const pane = new Pane();
