/** A picture as marks, which become a drawing (SVG) or pixels (canvas): one description for both. */

/** As `DOMMatrix` has them: a, b, c, d, e, f. */
export type Placing = readonly [number, number, number, number, number, number];

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Mark =
  | (Area & { readonly kind: 'box'; readonly fill: string; readonly radius?: number })
  /** Colours from left to right, equally far from each other. */
  | (Area & { readonly kind: 'ramp'; readonly colours: readonly string[] })
  /** The whole of a canvas, its pixels kept as squares. */
  | (Area & { readonly kind: 'picture'; readonly source: HTMLCanvasElement })
  | {
      readonly kind: 'text';
      readonly x: number;
      /** Of its baseline. */
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly weight: number;
      readonly fill: string;
      readonly anchor?: 'start' | 'middle' | 'end';
    }
  | {
      readonly kind: 'path';
      readonly d: string;
      /** Where the path's own coordinates lie; strokes keep their width. */
      readonly placing: Placing;
      readonly fill: string | undefined;
      readonly stroke: string | undefined;
      readonly strokeWidth: number;
    };

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

export const fontFamily = "'Inter Variable', Inter, Helvetica, Arial, sans-serif";

export function shifted({ marks }: Scene, x: number, y: number): Mark[] {
  return marks.map((mark) => {
    if (mark.kind !== 'path') return { ...mark, x: mark.x + x, y: mark.y + y };
    const [a, b, c, d, e, f] = mark.placing;
    return { ...mark, placing: [a, b, c, d, e + x, f + y] };
  });
}

export interface Part {
  readonly name: string;
  readonly scene: Scene;
}

const margin = 16;
const gap = 20;

/** Parts below each other on a ground, under a title and a line that says what is seen. */
export function compose(
  title: string,
  line: string,
  parts: readonly Part[],
  { ground, text, quiet }: Readonly<Record<'ground' | 'text' | 'quiet', string>>,
): Scene {
  const marks: Mark[] = [
    { kind: 'text', x: margin, y: margin + 12, text: title, size: 13, weight: 600, fill: text },
    { kind: 'text', x: margin, y: margin + 30, text: line, size: 11, weight: 400, fill: quiet },
  ];
  let y = margin + 40;
  for (const { name, scene } of parts) {
    marks.push({ kind: 'text', x: margin, y: y + 12, text: name, size: 11, weight: 400, fill: quiet });
    marks.push(...shifted(scene, margin, y + 18));
    y += scene.height + 18 + gap;
  }
  const width = Math.ceil(Math.max(360, ...parts.map(({ scene }) => scene.width))) + 2 * margin;
  const height = Math.ceil(y - gap) + margin;
  return { width, height, marks: [{ kind: 'box', x: 0, y: 0, width, height, fill: ground }, ...marks] };
}
