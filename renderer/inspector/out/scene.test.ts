import { describe, expect, it } from 'vitest';
import { compose, shifted, type Mark, type Scene } from './scene.ts';
import { toSvg } from './scene-svg.ts';

const source = {} as HTMLCanvasElement;
const marks: readonly Mark[] = [
  { kind: 'picture', x: 1, y: 2, width: 30, height: 40, source },
  { kind: 'ramp', x: 0, y: 0, width: 60, height: 8, colours: ['blue', 'white', 'red'] },
  { kind: 'text', x: 5, y: 6, text: 'a < "b" & c', size: 10, weight: 600, fill: 'black', anchor: 'end' },
  { kind: 'path', d: 'M0 0L1 1', placing: [2, 0, 0, 3, 4, 5], fill: undefined, stroke: 'red', strokeWidth: 1.5 },
];
const scene: Scene = { width: 100, height: 80, marks };
const colours = { ground: 'white', text: 'black', quiet: 'grey' };

describe('scenes', () => {
  it('become a drawing: pixels embedded, all else as vectors, text escaped', () => {
    const svg = toSvg(scene, (asked) => (asked === source ? 'data:image/png;base64,AA' : 'another'));
    expect(svg).toContain('viewBox="0 0 100 80"');
    expect(svg).toContain('<image x="1" y="2" width="30" height="40" preserveAspectRatio="none"');
    expect(svg).toContain('href="data:image/png;base64,AA"');
    expect(svg).toContain('<stop offset="0.5" stop-color="white"/>');
    expect(svg).toContain('text-anchor="end">a &lt; &quot;b&quot; &amp; c</text>');
    expect(svg).toContain('<path d="M0 0L1 1" transform="matrix(2 0 0 3 4 5)" fill="none" stroke="red" stroke-width="1.5"');
  });

  it('move as a whole', () => {
    const moved = shifted(scene, 10, 20);
    expect(moved[0]).toMatchObject({ x: 11, y: 22, width: 30 });
    expect(moved[3]).toMatchObject({ placing: [2, 0, 0, 3, 14, 25], d: 'M0 0L1 1' });
  });

  it('stand below each other under a title, without covering each other', () => {
    const part = (name: string) => ({ name, scene: { width: 500, height: 50, marks: [{ ...marks[1], y: 0, height: 50 } as Mark] } });
    const whole = compose('Title', 'step 3 of 9', [part('one'), part('two')], colours);
    const areas = whole.marks.filter((mark) => mark.kind === 'ramp');
    expect(areas[1]!.y).toBeGreaterThanOrEqual(areas[0]!.y + 50);
    expect(whole.height).toBeGreaterThanOrEqual(areas[1]!.y + 50);
    expect(whole.width).toBeGreaterThan(500);
    expect(whole.marks.filter((mark) => mark.kind === 'text').map(({ text }) => text)).toEqual(['Title', 'step 3 of 9', 'one', 'two']);
  });
});
