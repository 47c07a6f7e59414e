/**
 * Compute shaders of our own, run by tfjs's WebGPU backend. What counts on a card is how many are started, not what they compute
 * (docs/decisions/0025): what tfjs composes of several kernels is one here.
 */
import { lstmParts } from './operations.ts';
import { sizeOf } from './size-of.ts';
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/** A program and the numbers that it is given, in the order in which it declares them. */
export interface ShaderCall {
  readonly program: WebGPUProgram;
  readonly uniforms: readonly { readonly type: 'int32' | 'float32'; readonly data: number[] }[];
}

type Uniforms = Readonly<Record<string, { readonly type: 'int32' | 'float32'; readonly value: number }>>;

interface Shader {
  /** Names the code among all programs; the shapes' ranks are told apart by tfjs. */
  readonly key: string;
  readonly inputs: readonly string[];
  readonly outputShape: readonly number[];
  readonly uniforms: Uniforms;
  readonly workgroup: readonly [x: number, y: number];
  /** Workgroups along the output's columns and rows; without rows, all in one line. */
  readonly dispatch: readonly [columns: number, rows?: number];
  /** Functions and `main`, in WGSL. Inputs are arrays of f32 by their names, the output is `result`. */
  readonly code: string;
}

const int = (value: number) => ({ type: 'int32', value }) as const;
const float = (value: number) => ({ type: 'float32', value }) as const;

function createCall({ key, inputs, outputShape, uniforms, workgroup, dispatch, code }: Shader): ShaderCall {
  const declared = Object.entries(uniforms);
  const program: WebGPUProgram = {
    shaderKey: `engram_${key}`,
    variableNames: [...inputs],
    outputShape: [...outputShape],
    uniforms: declared.map(([name, { type }]) => ` ${name} : ${type === 'int32' ? 'i32' : 'f32'},`).join(''),
    workgroupSize: [...workgroup, 1],
    // tfjs gives `main` an index where all axes lie along x, and spreads large ones over the others.
    dispatchLayout: dispatch[1] === undefined ? { x: outputShape.map((_, axis) => axis) } : { x: [1], y: [0] },
    dispatch: [dispatch[0], dispatch[1] ?? 1, 1],
    getUserCode: () => code,
  };
  return { program, uniforms: declared.map(([, { type, value }]) => ({ type, data: [value] })) };
}

/** Of a workgroup that computes one value after the other, as tfjs's elementwise kernels have them. */
const threads = 128;

/** `body` computes for `index`, of which there are `count`. */
function perIndex(shader: Omit<Shader, 'workgroup' | 'dispatch' | 'code'>, count: number, body: string, functions = ''): ShaderCall {
  return createCall({
    ...shader,
    uniforms: { ...shader.uniforms, count: int(count) },
    workgroup: [threads, 1],
    dispatch: [Math.ceil(count / threads)],
    code: `${functions}
      fn main(index : i32) {
        if (index < uniforms.count) {
          ${body}
        }
      }`,
  });
}

export function scaleProgram(shape: readonly number[], factor: number): ShaderCall {
  const shader = { key: 'scale', inputs: ['A'], outputShape: shape, uniforms: { factor: float(factor) } };
  return perIndex(shader, sizeOf(shape), 'result[index] = uniforms.factor * A[index];');
}

export function tanhGradientProgram(shape: readonly number[]): ShaderCall {
  const shader = { key: 'tanhGradient', inputs: ['Y', 'D'], outputShape: shape, uniforms: {} };
  return perIndex(shader, sizeOf(shape), 'let y = Y[index]; result[index] = D[index] * (1.0 - y * y);');
}

/** m + (1 - β)(g - m), or of g². */
export function movingAverageProgram(shape: readonly number[], beta: number, ofSquares: boolean): ShaderCall {
  const shader = {
    key: `movingAverage_${ofSquares}`,
    inputs: ['M', 'G'],
    outputShape: shape,
    uniforms: { rate: float(1 - beta) },
  };
  const taken = ofSquares ? 'G[index] * G[index]' : 'G[index]';
  return perIndex(shader, sizeOf(shape), `let m = M[index]; result[index] = m + uniforms.rate * (${taken} - m);`);
}

/** θ - stepSize · m / (√v + epsilon). */
export function adamProgram(shape: readonly number[], stepSize: number, epsilon: number): ShaderCall {
  const shader = {
    key: 'adam',
    inputs: ['P', 'M', 'V'],
    outputShape: shape,
    uniforms: { stepSize: float(stepSize), epsilon: float(epsilon) },
  };
  return perIndex(shader, sizeOf(shape), 'result[index] = P[index] - uniforms.stepSize * M[index] / (sqrt(V[index]) + uniforms.epsilon);');
}

/** WGSL's own tanh may overflow on the way. */
const squash = `
  fn squash(x : f32) -> f32 { let e = exp(-2.0 * abs(x)); return sign(x) * (1.0 - e) / (1.0 + e); }
  fn gate(x : f32) -> f32 { return 0.5 + 0.5 * squash(0.5 * x); }`;

/** Where a state's parts lie, for a unit whose first one is at `at`, with `h` units. */
const part = {
  input: `at + ${lstmParts.input} * h`,
  forget: `at + ${lstmParts.forget} * h`,
  output: `at + ${lstmParts.output} * h`,
  candidate: `at + ${lstmParts.candidate} * h`,
  cell: `at + ${lstmParts.cell} * h`,
  hidden: `at + ${lstmParts.hidden} * h`,
} as const;

/** See `Operations.lstmCell`. */
export function lstmCellProgram(batch: number, hidden: number, has: { readonly recurrent: boolean; readonly before: boolean }): ShaderCall {
  const inputs = ['Drive', ...(has.recurrent ? ['Recurrent'] : []), ...(has.before ? ['Before'] : [])];
  const drive = (gate: number) => {
    const at = `drives + ${gate} * h`;
    return has.recurrent ? `Drive[${at}] + Recurrent[${at}]` : `Drive[${at}]`;
  };
  const shader = {
    key: `lstmCell_${inputs.join('')}`,
    inputs,
    outputShape: [batch, 6 * hidden],
    uniforms: { hidden: int(hidden) },
  };
  const body = `
    let h = uniforms.hidden;
    let episode = index / h;
    let unit = index - episode * h;
    let drives = episode * 4 * h + unit;
    let at = episode * 6 * h + unit;
    let gi = gate(${drive(lstmParts.input)});
    let gf = gate(${drive(lstmParts.forget)});
    let go = gate(${drive(lstmParts.output)});
    let g = squash(${drive(lstmParts.candidate)});
    let cell = gi * g${has.before ? ` + gf * Before[${part.cell}]` : ''};
    result[${part.input}] = gi;
    result[${part.forget}] = gf;
    result[${part.output}] = go;
    result[${part.candidate}] = g;
    result[${part.cell}] = cell;
    result[${part.hidden}] = go * squash(cell);`;
  return perIndex(shader, batch * hidden, body, squash);
}

/** See `Operations.lstmCellGradient`. */
export function lstmCellGradientProgram(
  batch: number,
  hidden: number,
  has: { readonly before: boolean; readonly after: boolean },
): ShaderCall {
  const inputs = ['State', 'DHidden', ...(has.before ? ['Before'] : []), ...(has.after ? ['After'] : [])];
  const shader = {
    key: `lstmCellGradient_${inputs.join('')}`,
    inputs,
    outputShape: [batch, 5 * hidden],
    uniforms: { hidden: int(hidden) },
  };
  const body = `
    let h = uniforms.hidden;
    let episode = index / h;
    let unit = index - episode * h;
    let at = episode * 6 * h + unit;
    let to = episode * 5 * h + unit;
    let gi = State[${part.input}];
    let gf = State[${part.forget}];
    let go = State[${part.output}];
    let g = State[${part.candidate}];
    let cellTanh = squash(State[${part.cell}]);
    let dh = DHidden[index];
    let dc = dh * go * (1.0 - cellTanh * cellTanh)${has.after ? ' + After[to + 4 * h]' : ''};
    result[to] = dc * g * gi * (1.0 - gi);
    result[to + h] = ${has.before ? `dc * Before[${part.cell}] * gf * (1.0 - gf)` : '0.0'};
    result[to + 2 * h] = dh * cellTanh * go * (1.0 - go);
    result[to + 3 * h] = dc * gi * (1.0 - g * g);
    result[to + 4 * h] = dc * gf;`;
  return perIndex(shader, batch * hidden, body, squash);
}

/** What a workgroup of `fewRowsProgram` computes side by side: as many columns as a card reads in one go, … */
const columnsAtOnce = 32;
/** … each in so many parts of the inner dimension; 256 threads in all, which every card has. */
const slices = 8;

/**
 * [m, k] · [k, n] for few rows: a workgroup takes 32 columns of one row and shares the inner dimension out, so that even one row keeps a large card busy.
 */
export function fewRowsProgram(rows: number, inner: number, columns: number): ShaderCall {
  return createCall({
    key: 'fewRows',
    inputs: ['A', 'B'],
    outputShape: [rows, columns],
    uniforms: { inner: int(inner), columns: int(columns) },
    workgroup: [columnsAtOnce, slices],
    dispatch: [Math.ceil(columns / columnsAtOnce), rows],
    code: `
      var<workgroup> parts : array<f32, ${columnsAtOnce * slices}>;
      fn main() {
        let column = i32(workgroupId.x) * ${columnsAtOnce} + i32(localId.x);
        let row = i32(workgroupId.y);
        var sum = 0.0;
        if (column < uniforms.columns) {
          for (var k = i32(localId.y); k < uniforms.inner; k = k + ${slices}) {
            sum = sum + A[row * uniforms.inner + k] * B[k * uniforms.columns + column];
          }
        }
        parts[localIndex] = sum;
        workgroupBarrier();
        if (localId.y == 0u && column < uniforms.columns) {
          for (var part = 1u; part < ${slices}u; part = part + 1u) {
            sum = sum + parts[part * ${columnsAtOnce}u + localId.x];
          }
          result[row * uniforms.columns + column] = sum;
        }
      }`,
  });
}
