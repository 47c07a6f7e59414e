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

export interface Heatmaps {
  setWeights(weights: Weights): void;
  /** @param right G(t), [U, N]; undefined where there is no trace. */
  setTrace(factors: TraceFactors | undefined, right: Float64Array | undefined): void;
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

const fragmentSource = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D weights, alphas, left, right, trace;
uniform int panel, terms, neurons;
uniform bool isMatrix;
uniform float limit;
uniform vec3 view;
uniform vec4 place;
uniform vec3 negative, zero, positive, broken;
out vec4 colour;

float hebb(ivec2 cell) {
  if (isMatrix) return texelFetch(trace, cell, 0).r;
  float sum = 0.0;
  for (int u = 0; u < terms; u++) sum += texelFetch(left, ivec2(cell.y, u), 0).r * texelFetch(right, ivec2(cell.x, u), 0).r;
  return sum;
}

void main() {
  vec2 at = (gl_FragCoord.xy - place.xy) / place.zw;
  ivec2 cell = ivec2(floor(view.xy + vec2(at.x, 1.0 - at.y) * view.z));
  cell = clamp(cell, ivec2(0), ivec2(neurons - 1));
  float value = 0.0;
  if (panel == 0 || panel == 4) value = texelFetch(weights, cell, 0).r;
  if (panel == 1) value = texelFetch(alphas, cell, 0).r;
  if (panel == 2) value = hebb(cell);
  if (panel >= 3) value += texelFetch(alphas, cell, 0).r * hebb(cell);
  vec3 end = value < 0.0 ? negative : positive;
  vec3 shown = mix(zero, end, min(1.0, abs(value) / limit));
  colour = vec4(isnan(value) ? broken : shown, 1.0);
}`;

/** @throws Error where there is no WebGL2. */
export function createHeatmaps(canvas: HTMLCanvasElement): Heatmaps {
  const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
  if (gl === null) throw new Error('this window has no WebGL2, which the matrices are drawn with');
  const program = link(gl);
  gl.useProgram(program);
  gl.bindVertexArray(gl.createVertexArray());
  const at = (name: string) => gl.getUniformLocation(program, name);
  const units = ['weights', 'alphas', 'left', 'right', 'trace'] as const;
  const textures = units.map((name, unit) => {
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
    gl.uniform1i(at(name), unit);
    return texture;
  });
  const fill = (name: (typeof units)[number], width: number, height: number, data: Float32Array) => {
    gl.activeTexture(gl.TEXTURE0 + units.indexOf(name));
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, width, height, 0, gl.RED, gl.FLOAT, data);
  };
  const places = {
    panel: at('panel'),
    limit: at('limit'),
    view: at('view'),
    place: at('place'),
    terms: at('terms'),
    neurons: at('neurons'),
    isMatrix: at('isMatrix'),
  };
  const colours = { negative: at('negative'), zero: at('zero'), positive: at('positive'), broken: at('broken') };
  let ratio = 1;
  let shownFactors: TraceFactors | undefined;
  units.forEach((name) => fill(name, 1, 1, new Float32Array(1)));

  return {
    setWeights: ({ neurons, w, alpha }) => {
      fill('weights', neurons, neurons, w);
      fill('alphas', neurons, neurons, alpha);
      gl.uniform1i(places.neurons, neurons);
    },
    setTrace: (factors, right) => {
      if (factors === undefined || right === undefined || factors.count === 0) {
        gl.uniform1i(places.terms, 0);
        gl.uniform1i(places.isMatrix, 0);
        return;
      }
      const { neurons } = factors.episode;
      const isMatrix = factors.count * neurons ** 2 <= cheapMatrix;
      gl.uniform1i(places.isMatrix, isMatrix ? 1 : 0);
      if (isMatrix) {
        fill('trace', neurons, neurons, traceMatrix(factors, right));
        return;
      }
      gl.uniform1i(places.terms, factors.count);
      if (shownFactors !== factors) fill('left', neurons, factors.count, (shownFactors = factors).left);
      fill('right', neurons, factors.count, new Float32Array(right));
    },
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
      textures.forEach((texture) => gl.deleteTexture(texture));
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  const sources = [
    [gl.VERTEX_SHADER, vertexSource],
    [gl.FRAGMENT_SHADER, fragmentSource],
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
