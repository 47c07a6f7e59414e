/**
 * Draws all matrices of a step with WebGL2 into one canvas. The trace comes as factors that the shader sums; for small networks with long episodes as
 * a matrix.
 */
import { traceMatrix, type TraceFactors } from '../../core/inspection/trace-factors.ts';
import { notANumber, type Diverging } from './diverging.ts';
import type { Weights } from './inspection.svelte.ts';
import { panels, type MatrixView, type PanelName } from './panels.ts';

export interface PanelPlace {
  readonly name: PanelName;
  /** Of the canvas, in CSS pixels from its top left. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly limit: number;
}

export interface HeatmapFrame {
  readonly places: readonly PanelPlace[];
  readonly view: MatrixView;
  readonly colours: Diverging;
}

type Side = 0 | 1;

export interface Heatmaps {
  setWeights(weights: Weights, side?: Side): void;
  /** @param right G(t), [U, N]; undefined where there is no trace. */
  setTrace(factors: TraceFactors | undefined, right: Float64Array | undefined, side?: Side): void;
  resize(width: number, height: number, ratio: number): void;
  draw(frame: HeatmapFrame): void;
  destroy(): void;
}

/** Multiplications of building the matrix on this side, up to which that is quicker than a sum in every pixel. */
const cheapMatrix = 6e6;

const vertexSource = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** What is shown of one network; of two, their difference is shown. */
const sideSource = (side: number) => `
uniform sampler2D weights${side}, alphas${side}, left${side}, right${side}, trace${side};
uniform int terms${side};
uniform bool isMatrix${side};

float hebb${side}(ivec2 cell) {
  if (isMatrix${side}) return texelFetch(trace${side}, cell, 0).r;
  float sum = 0.0;
  for (int u = 0; u < terms${side}; u++) sum += texelFetch(left${side}, ivec2(cell.y, u), 0).r * texelFetch(right${side}, ivec2(cell.x, u), 0).r;
  return sum;
}

float value${side}(ivec2 cell) {
  float value = 0.0;
  if (panel == 0 || panel == 4) value = texelFetch(weights${side}, cell, 0).r;
  if (panel == 1) value = texelFetch(alphas${side}, cell, 0).r;
  if (panel == 2) value = hebb${side}(cell);
  if (panel >= 3) value += texelFetch(alphas${side}, cell, 0).r * hebb${side}(cell);
  return value;
}`;

const fragmentSource = (sides: number) => `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform int panel, neurons;
uniform float limit;
uniform vec3 view;
uniform vec4 place;
uniform vec3 negative, zero, positive, broken;
out vec4 colour;
${Array.from({ length: sides }, (_, side) => sideSource(side)).join('\n')}

void main() {
  vec2 at = (gl_FragCoord.xy - place.xy) / place.zw;
  ivec2 cell = ivec2(floor(view.xy + vec2(at.x, 1.0 - at.y) * view.z));
  cell = clamp(cell, ivec2(0), ivec2(neurons - 1));
  float value = ${sides === 2 ? 'value0(cell) - value1(cell)' : 'value0(cell)'};
  vec3 end = value < 0.0 ? negative : positive;
  vec3 shown = mix(zero, end, min(1.0, abs(value) / limit));
  colour = vec4(isnan(value) ? broken : shown, 1.0);
}`;

/**
 * @param sides two for the difference of two networks of the same size: side 0 minus side 1.
 * @throws Error where there is no WebGL2.
 */
export function createHeatmaps(canvas: HTMLCanvasElement, sides: 1 | 2 = 1): Heatmaps {
  const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
  if (gl === null) throw new Error('this window has no WebGL2, which the matrices are drawn with');
  const program = link(gl, fragmentSource(sides));
  gl.useProgram(program);
  gl.bindVertexArray(gl.createVertexArray());
  const at = (name: string) => gl.getUniformLocation(program, name);
  const shown = Array.from({ length: sides }, (_, side) => createSide(gl, at, side));
  const places = {
    panel: at('panel'),
    limit: at('limit'),
    view: at('view'),
    place: at('place'),
    neurons: at('neurons'),
  };
  const colours = { negative: at('negative'), zero: at('zero'), positive: at('positive'), broken: at('broken') };
  let ratio = 1;

  return {
    setWeights: (weights, side = 0) => {
      gl.uniform1i(places.neurons, weights.neurons);
      shown[side]!.setWeights(weights);
    },
    setTrace: (factors, right, side = 0) => shown[side]!.setTrace(factors, right),
    resize: (width, height, pixelRatio) => {
      ratio = pixelRatio;
      const [across, down] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
      // A canvas is made anew by saying what it has already.
      if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
    },
    draw: ({ places: drawn, view, colours: scale }) => {
      gl.disable(gl.SCISSOR_TEST);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.enable(gl.SCISSOR_TEST);
      gl.uniform3f(places.view, view.x, view.y, view.extent);
      for (const name of ['negative', 'zero', 'positive'] as const)
        gl.uniform3fv(
          colours[name],
          scale[name].map((part) => part / 255),
        );
      gl.uniform3fv(
        colours.broken,
        notANumber.map((part) => part / 255),
      );
      for (const { name, left, top, width, height, limit } of drawn) {
        const box = [left, canvas.height / ratio - top - height, width, height].map((value) => Math.round(value * ratio)) as [
          number,
          number,
          number,
          number,
        ];
        gl.viewport(...box);
        gl.scissor(...box);
        gl.uniform4f(places.place, ...box);
        gl.uniform1i(
          places.panel,
          panels.findIndex((panel) => panel.name === name),
        );
        gl.uniform1f(places.limit, limit);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
      }
    },
    destroy: () => {
      shown.forEach((side) => side.destroy());
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

const units = ['weights', 'alphas', 'left', 'right', 'trace'] as const;

/** The textures of one network. */
function createSide(gl: WebGL2RenderingContext, at: (name: string) => WebGLUniformLocation | null, side: number) {
  const firstUnit = gl.TEXTURE0 + side * units.length;
  const textures = units.map((name, unit) => {
    const texture = gl.createTexture();
    gl.activeTexture(firstUnit + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    gl.uniform1i(at(`${name}${side}`), side * units.length + unit);
    return texture;
  });
  const fill = (name: (typeof units)[number], width: number, height: number, data: Float32Array) => {
    gl.activeTexture(firstUnit + units.indexOf(name));
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, width, height, 0, gl.RED, gl.FLOAT, data);
  };
  const [terms, isMatrix] = [at(`terms${side}`), at(`isMatrix${side}`)];
  let shownFactors: TraceFactors | undefined;
  /** One for all steps: a new one a frame would be garbage that stops the scrubbing now and then. */
  let rounded = new Float32Array();
  units.forEach((name) => fill(name, 1, 1, new Float32Array(1)));

  return {
    setWeights: ({ neurons, w, alpha }: Weights) => {
      fill('weights', neurons, neurons, w);
      fill('alphas', neurons, neurons, alpha);
    },
    setTrace: (factors: TraceFactors | undefined, right: Float64Array | undefined) => {
      if (factors === undefined || right === undefined || factors.count === 0) {
        gl.uniform1i(terms, 0);
        gl.uniform1i(isMatrix, 0);
        return;
      }
      const { neurons } = factors.episode;
      // Under a rule of one's own nothing is summed: a sum with an infinite value times zero would be none.
      const isCheap = factors.episode.rule === 'own' || factors.count * neurons ** 2 <= cheapMatrix;
      gl.uniform1i(isMatrix, isCheap ? 1 : 0);
      if (isCheap) {
        fill('trace', neurons, neurons, traceMatrix(factors, right));
        return;
      }
      gl.uniform1i(terms, factors.count);
      if (shownFactors !== factors) fill('left', neurons, factors.count, (shownFactors = factors).left);
      if (rounded.length !== right.length) rounded = new Float32Array(right.length);
      rounded.set(right);
      fill('right', neurons, factors.count, rounded);
    },
    destroy: () => textures.forEach((texture) => gl.deleteTexture(texture)),
  };
}

function link(gl: WebGL2RenderingContext, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  const sources = [
    [gl.VERTEX_SHADER, vertexSource],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const;
  for (const [type, source] of sources) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true)
    throw new Error(gl.getProgramInfoLog(program) ?? 'the shader does not link');
  return program;
}
