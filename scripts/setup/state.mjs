// What set-up tells the product: one small JSON file, read by main/setup-state.ts.

import path from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { stateFolder } from './paths.mjs';

/**
 * @typedef {object} TensorFlowReady
 * @property {'ready'} state the package tfjs-node-gpu can be loaded
 * @property {'cpu' | 'gpu'} variant which libtensorflow it stands on
 * @property {string} version of libtensorflow
 * @property {string} [gpuProblem] why it is the CPU library although there is an NVIDIA driver, and what can be done
 * @property {string[]} libraryPath folders that LD_LIBRARY_PATH must name before the process starts (the CUDA libraries; empty for `cpu`)
 *
 * @typedef {object} TensorFlowAbsent
 * @property {'absent'} state
 * @property {string} reason why, without a full stop
 * @property {string} [remedy] what the user can do, if anything
 *
 * @typedef {TensorFlowReady | TensorFlowAbsent} TensorFlowState
 *
 * @typedef {object} SetupState the content of node_modules/.engram/setup.json
 * @property {1} formatVersion
 * @property {TensorFlowState} tensorflow
 * @property {string} fingerprint of everything the state was made from; set-up's own business
 * @property {number} attemptedAtMs when the state was reached, since the epoch
 */

const stateFile = path.join(stateFolder, 'setup.json');

/** @returns {SetupState | null} */
export function readState() {
  const state = /** @type {SetupState | null} */ (readJson(stateFile));
  return state?.formatVersion === 1 ? state : null;
}

/**
 * @param {TensorFlowState} tensorflow
 * @param {string} fingerprint
 */
export function writeState(tensorflow, fingerprint) {
  writeJson(stateFile, { formatVersion: 1, tensorflow, fingerprint, attemptedAtMs: Date.now() });
}

/**
 * The environment for a process that may load TensorFlow.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withLibraryPath(env) {
  const tensorflow = readState()?.tensorflow;
  const folders = tensorflow?.state === 'ready' ? tensorflow.libraryPath : [];
  if (folders.length === 0) return env;
  return { ...env, LD_LIBRARY_PATH: [...new Set([...folders, ...(env.LD_LIBRARY_PATH ?? '').split(':')])].filter(Boolean).join(':') };
}
