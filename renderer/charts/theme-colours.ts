/** The tokens of the page as colours that a canvas or a picture understands. */

export interface ChartColours {
  /** By `Look.colour` minus 1. */
  readonly series: readonly string[];
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly page: string;
  readonly accent: string;
}

/** @param scheme as the page has it now, or the one that a figure is to have. */
export function readColours(scheme?: 'light'): ChartColours {
  const probe = document.createElement('span');
  probe.style.display = 'none';
  if (scheme !== undefined) probe.style.colorScheme = scheme;
  document.body.append(probe);
  const read = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    series: Array.from({ length: 8 }, (_, index) => read(`series-${index + 1}`)),
    text: read('text'),
    quiet: read('quiet'),
    grid: read('hairline'),
    page: read('raised'),
    accent: read('accent'),
  };
  probe.remove();
  return colours;
}

/** Tells when the theme has changed, until the returned function is called. */
export function onTheme(listener: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}
