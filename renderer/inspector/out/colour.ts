/** Colours of the page as every program that opens a drawing understands them. */

const known = new Map<string, string | undefined>();
let probe: CanvasRenderingContext2D | undefined;

/** `rgb(…)` or `rgba(…)` of what a style has computed; undefined for what is not seen. */
export function plainColour(colour: string): string | undefined {
  if (!known.has(colour)) known.set(colour, read(colour));
  return known.get(colour);
}

function read(colour: string): string | undefined {
  if (colour === 'none' || colour === '' || colour.startsWith('url')) return undefined;
  probe ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) as unknown as CanvasRenderingContext2D;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = probe.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return undefined;
  return alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${Number((alpha! / 255).toFixed(3))})`;
}
