// Which libtensorflow fits this machine: a pure choice from a few observed facts.

import { existsSync, readFileSync } from 'node:fs';
import { findProgram } from './paths.mjs';

/**
 * @typedef {object} MachineFacts
 * @property {string} platform as in process.platform
 * @property {string} arch as in process.arch
 * @property {boolean} glibc the loader that the published libraries ask for exists
 * @property {boolean} avx the processor has AVX, which the published libraries use without asking
 * @property {boolean} nvidiaDriver
 *
 * @typedef {{variant: 'cpu' | 'gpu'} | {variant: null, reason: string, remedy?: string}} VariantChoice
 */

/** @returns {MachineFacts} */
export function observeMachine() {
  const linux = process.platform === 'linux';
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: linux && existsSync('/lib64/ld-linux-x86-64.so.2'),
    avx: linux && /\bavx\b/.test(readOrEmpty('/proc/cpuinfo')),
    nvidiaDriver:
      linux && (existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl') || findProgram('nvidia-smi') !== null),
  };
}

/**
 * The GPU library where an NVIDIA driver is present, the CPU library elsewhere on Linux x86-64, none on other systems.
 * ENGRAM_TENSORFLOW=cpu or gpu overrides the choice; ENGRAM_SKIP_TENSORFLOW=1 does without.
 * @param {MachineFacts} machine
 * @param {NodeJS.ProcessEnv} env
 * @returns {VariantChoice}
 */
export function chooseVariant(machine, env) {
  if (env.ENGRAM_SKIP_TENSORFLOW === '1') return { variant: null, reason: 'skipped because ENGRAM_SKIP_TENSORFLOW=1' };
  if (machine.platform !== 'linux' || machine.arch !== 'x64') {
    return { variant: null, reason: `used on Linux x86-64 only, and this is ${machine.platform} ${machine.arch}` };
  }
  if (!machine.glibc) return { variant: null, reason: 'its libraries need glibc, which this Linux does not have' };
  if (!machine.avx) return { variant: null, reason: 'its libraries need a processor with AVX, which this one does not have' };
  const wish = env.ENGRAM_TENSORFLOW;
  if (wish !== undefined && wish !== '' && wish !== 'cpu' && wish !== 'gpu') {
    return {
      variant: null,
      reason: `ENGRAM_TENSORFLOW must be cpu or gpu, not ${JSON.stringify(wish)}`,
      remedy: 'unset ENGRAM_TENSORFLOW',
    };
  }
  return { variant: wish || (machine.nvidiaDriver ? 'gpu' : 'cpu') };
}

/**
 * Why `chooseVariant` took the CPU library, and what can be done.
 * @param {NodeJS.ProcessEnv} env
 */
export function explainCpu(env) {
  if (env.ENGRAM_TENSORFLOW === 'cpu') return 'ENGRAM_TENSORFLOW=cpu asks for the CPU library: unset it, and start Engram again';
  return 'no NVIDIA driver is to be seen here (neither /proc/driver/nvidia, nor /dev/nvidiactl, nor nvidia-smi): if there is a card, install its driver';
}

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
