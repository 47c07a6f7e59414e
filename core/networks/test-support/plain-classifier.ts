/** The network of few examples as its equations stand, in double precision, slowly: what tests compare with. */
import type { Rule } from '../../plasticity/protocol.ts';

export interface PlainClassifier {
  readonly rule: Rule;
  readonly labelScale: number;
  readonly features: number;
  /** Of each layer, [3, 3, inputs, F]. */
  readonly kernels: readonly Float64Array[];
  /** [F]. */
  readonly biases: readonly Float64Array[];
  /** [F, N]. */
  readonly w: Float64Array;
  readonly alpha: Float64Array;
  readonly eta: number;
}

/** [side, side, inputs] → [(side - 1) / 2, (side - 1) / 2, F]. */
function convolvePlain(pixels: Float64Array, side: number, kernel: Float64Array, bias: Float64Array): Float64Array {
  const features = bias.length;
  const inputs = kernel.length / 9 / features;
  const outputSide = (side - 1) / 2;
  const result = new Float64Array(outputSide * outputSide * features);
  for (let row = 0; row < outputSide; row++) {
    for (let column = 0; column < outputSide; column++) {
      for (let feature = 0; feature < features; feature++) {
        let sum = bias[feature]!;
        for (let ky = 0; ky < 3; ky++) {
          for (let kx = 0; kx < 3; kx++) {
            for (let input = 0; input < inputs; input++) {
              const pixel = pixels[((2 * row + ky) * side + 2 * column + kx) * inputs + input]!;
              sum += pixel * kernel[((ky * 3 + kx) * inputs + input) * features + feature]!;
            }
          }
        }
        result[(row * outputSide + column) * features + feature] = Math.tanh(sum);
      }
    }
  }
  return result;
}

function featuresPlain(network: PlainClassifier, image: ArrayLike<number>, side: number): Float64Array {
  let [pixels, now] = [Float64Array.from(image), side];
  network.kernels.forEach((kernel, layer) => {
    pixels = Float64Array.from(convolvePlain(pixels, now, kernel, network.biases[layer]!));
    now = (now - 1) / 2;
  });
  return pixels;
}

export interface PlainEpisode {
  /** [S + 1, side, side]. */
  readonly images: ArrayLike<number>;
  readonly side: number;
  readonly labels: ArrayLike<number>;
  readonly target: number;
}

/** The layer's outputs at the question, the trace that it meets, and the mean binary cross-entropy. */
export function runPlain(network: PlainClassifier, { images, side, labels, target }: PlainEpisode) {
  const { features, w, alpha, eta, rule, labelScale } = network;
  const ways = w.length / features;
  const hebb = new Float64Array(w.length);
  const pixels = Array.from(images);
  const features_: Float64Array[] = [];
  let y = new Float64Array(ways);
  for (let step = 0; step <= labels.length; step++) {
    const x = featuresPlain(network, pixels.slice(step * side * side, (step + 1) * side * side), side);
    features_.push(x);
    const exponentials = Float64Array.from({ length: ways }, (_, j) => {
      let drive = step < labels.length && labels[step] === j ? labelScale : 0;
      for (let i = 0; i < features; i++) drive += x[i]! * (w[i * ways + j]! + alpha[i * ways + j]! * hebb[i * ways + j]!);
      return Math.exp(drive);
    });
    const sum = exponentials.reduce((a, b) => a + b, 0);
    y = Float64Array.from(exponentials, (value) => value / sum);
    if (step === labels.length) break;
    for (let i = 0; i < features; i++) {
      for (let j = 0; j < ways; j++) {
        const at = i * ways + j;
        const trace = hebb[at]!;
        hebb[at] = rule === 'hebb' ? (1 - eta) * trace + eta * x[i]! * y[j]! : trace + eta * y[j]! * (x[i]! - y[j]! * trace);
      }
    }
  }
  const losses = Array.from(y, (value, j) => -Math.log(j === target ? value : 1 - value));
  return { y, hebb, features: features_, loss: losses.reduce((a, b) => a + b, 0) / ways };
}
