/** Colours of the page as every program that opens a drawing understands them. */

const known = new Map<string, string | undefined>();
let probe: CanvasRenderingContext2D | undefined;

/** `rgb(…)` or `rgba(…)` of what a style has computed; undefined for what is not seen. @param opacity of what it fills, from 0 to 1. */
export function plainColour(colour: string, opacity = 1): string | undefined {
  const key = `${colour} ${opacity}`;
  if (!known.has(key)) known.set(key, read(colour, opacity));
  return known.get(key);
}

function read(colour: string, opacity: number): string | undefined {
  if (opacity === 0 || colour === 'none' || colour === '' || colour.startsWith('url')) return undefined;
  probe ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) as unknown as CanvasRenderingContext2D;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue, share] = probe.getImageData(0, 0, 1, 1).data;
  const alpha = (share! / 255) * opacity;
  if (alpha === 0) return undefined;
  return alpha === 1 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${Number(alpha.toFixed(3))})`;
}
