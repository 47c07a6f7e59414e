/** Where the page is: the part of its address after `#`, as `/runs/ID?tab=log`. */

function read(): URL {
  const text = location.hash.slice(1);
  return new URL(text.startsWith('/') ? text : '/runs', 'app://engram');
}

class Router {
  #at = $state.raw(read());

  constructor() {
    addEventListener('hashchange', () => (this.#at = read()));
  }

  /** Its parts: `['runs', 'ID']`. */
  get parts(): string[] {
    return this.#at.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  }

  get query(): URLSearchParams {
    return this.#at.searchParams;
  }

  go(route: string): void {
    location.hash = route;
  }

  /** Changes the address without a step in the history; a null leaves a value out. */
  replaceQuery(changes: Readonly<Record<string, string | null>>): void {
    const url = new URL(this.#at);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    history.replaceState(null, '', `#${url.pathname}${url.search}`);
    this.#at = url;
  }
}

export const router = new Router();
