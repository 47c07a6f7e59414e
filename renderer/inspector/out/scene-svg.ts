/** A scene as an SVG file: text, axes, curves and scales as they are, pixels embedded. */
import { fontFamily, type Mark, type Scene } from './scene.ts';

/** @param addressOf a canvas as a `data:` address. */
export function toSvg({ width, height, marks }: Scene, addressOf: (source: HTMLCanvasElement) => string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fontFamily.replaceAll('"', '')}">`,
    ...marks.map((mark, index) => draw(mark, index, addressOf)),
    '</svg>',
    '',
  ].join('\n');
}

function draw(mark: Mark, index: number, addressOf: (source: HTMLCanvasElement) => string): string {
  switch (mark.kind) {
    case 'box':
      return `<rect ${area(mark)}${mark.radius === undefined ? '' : ` rx="${round(mark.radius)}"`} fill="${escape(mark.fill)}"/>`;
    case 'ramp': {
      const stops = mark.colours.map(
        (colour, at) => `<stop offset="${round(at / Math.max(1, mark.colours.length - 1))}" stop-color="${escape(colour)}"/>`,
      );
      return `<linearGradient id="ramp${index}">${stops.join('')}</linearGradient><rect ${area(mark)} fill="url(#ramp${index})"/>`;
    }
    case 'picture':
      return `<image ${area(mark)} preserveAspectRatio="none" style="image-rendering:pixelated" href="${addressOf(mark.source)}"/>`;
    case 'text': {
      const anchor = mark.anchor === undefined || mark.anchor === 'start' ? '' : ` text-anchor="${mark.anchor}"`;
      return `<text x="${round(mark.x)}" y="${round(mark.y)}" font-size="${round(mark.size)}" font-weight="${mark.weight}" fill="${escape(mark.fill)}"${anchor}>${escape(mark.text)}</text>`;
    }
    case 'path': {
      const stroke =
        mark.stroke === undefined
          ? ''
          : ` stroke="${escape(mark.stroke)}" stroke-width="${round(mark.strokeWidth)}" vector-effect="non-scaling-stroke"`;
      const placing = mark.placing.map((part) => Number(part.toPrecision(8))).join(' ');
      return `<path d="${escape(mark.d)}" transform="matrix(${placing})" fill="${escape(mark.fill ?? 'none')}"${stroke}/>`;
    }
  }
}

function area({ x, y, width, height }: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
