// Whether NVIDIA's card and driver can run the GPU library, asked before gigabytes are fetched for it.

import { findProgram } from './paths.mjs';
import { capture, lastLines } from './processes.mjs';

// TensorFlow 2.18 is built for CUDA 12 and for cards from Pascal on (its release notes and installation page).
const leastDriver = 525.6;
const leastCapability = 6;
const patienceMs = 30_000;

const fields = 'name,driver_version,compute_cap';

/** @returns {Promise<string | null>} why no card here can be used, and what can be done; null where one can, or where nobody tells */
export async function findGpuProblem() {
  if (findProgram('nvidia-smi') === null) return null;
  const { code, output } = await capture('nvidia-smi', [`--query-gpu=${fields}`, '--format=csv,noheader'], { timeoutMs: patienceMs });
  if (code === 0) return explainUnusable(output);
  return `NVIDIA’s driver is there, but no graphics card answers (${lastLines(output, 1)}): see that \`nvidia-smi\` shows it`;
}

/**
 * @param {string} output of nvidia-smi: a card a line with name, driver, compute capability
 * @returns {string | null}
 */
export function explainUnusable(output) {
  const cards = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((value) => value.trim()))
    .map(([name = '', driver = '', capability = '']) => ({ name, driver, capability }));
  const [first] = cards;
  if (first === undefined) return 'NVIDIA’s driver finds no graphics card: see that `nvidia-smi` shows one';
  if (Number.parseFloat(first.driver) < leastDriver) {
    return `NVIDIA’s driver ${first.driver} is older than 525.60, which CUDA 12 needs: install a newer one`;
  }
  // `[N/A]` is no reason to do without.
  if (cards.some(({ capability }) => !(Number.parseFloat(capability) < leastCapability))) return null;
  const told = cards.map(({ name, capability }) => `${name} has ${capability}`).join(', ');
  return `the library needs a card of compute capability ${leastCapability}.0 or more, and ${told}`;
}
