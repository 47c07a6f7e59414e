// The TensorFlow backend's libraries: chosen by hardware, fetched, bound, and what came of it written down. Its absence stops nothing.

import { accessSync, constants, existsSync } from 'node:fs';
import { bindingIsPlaced, builtBinding, ensureBinding, placeBinding } from './binding.mjs';
import { sha256 } from './files.mjs';
import { chooseVariant, explainCpu, observeMachine } from './hardware.mjs';
import { findGpuProblem } from './nvidia.mjs';
import { lockFingerprint } from './packages.mjs';
import { inModules } from './paths.mjs';
import { formatBytes, say } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { readState, writeState } from './state.mjs';
import { ensureSystemTools } from './system-tools.mjs';
import { ensureWheelFiles, hasWheelFiles, wheelFolder } from './wheel-files.mjs';
import { tensorflowVersion, wheels } from './wheels.mjs';

/**
 * @typedef {import('./hardware.mjs').VariantChoice} VariantChoice
 * @typedef {import('./state.mjs').TensorFlowReady} TensorFlowReady
 */

const retryAfterMs = 60 * 60_000;

const choice = () => chooseVariant(observeMachine(), process.env);

/** @param {VariantChoice} chosen */
const fingerprintOf = (chosen) => sha256(JSON.stringify([chosen, wheels, lockFingerprint()]));

/**
 * Whether nothing is to be done now: ready and in place, not meant for this machine, or failed less than an hour ago.
 * @param {boolean} asked the user asked for set-up by name
 */
export function tensorflowIsSettled(asked) {
  const state = readState();
  const chosen = choice();
  if (state?.fingerprint !== fingerprintOf(chosen)) return false;
  const { tensorflow } = state;
  if (tensorflow.state === 'ready') return isPlaced(tensorflow) && !(asked && tensorflow.gpuProblem !== undefined);
  return chosen.variant === null || (!asked && Date.now() - state.attemptedAtMs < retryAfterMs);
}

/** What this machine would get and why not the GPU library, what it has, and what is to be downloaded; asks no network. */
export function planTensorFlow() {
  const chosen = choice();
  const installed = installedTensorFlow();
  const needed = chosen.variant === null ? [] : wheels[chosen.variant].filter((wheel) => !hasWheelFiles(wheel));
  const gpuProblem = installed?.gpuProblem ?? (chosen.variant === 'cpu' ? explainCpu(process.env) : null);
  return { chosen, gpuProblem, installed, isSettled: tensorflowIsSettled(true), downloadBytes: sumBytes(needed) };
}

/** Brings the libraries and the binding, or records why not. */
export async function ensureTensorFlow() {
  const chosen = choice();
  if (chosen.variant === null) giveUpTensorFlow(chosen.reason, chosen.remedy);
  else await bringTensorFlow(chosen).catch((/** @type {unknown} */ error) => keepOrGiveUp(error, chosen));
}

/**
 * What works already is kept where something else was wanted, and says why it is not that.
 * @param {unknown} error
 * @param {VariantChoice} chosen
 */
function keepOrGiveUp(error, chosen) {
  const installed = installedTensorFlow();
  if (installed === null || installed.version !== tensorflowVersion) {
    giveUpFor(error);
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  say(`the TensorFlow backend stays as it is, for the ${installed.variant.toUpperCase()}: ${reason}; \`npm start -- setup\` tries again`);
  note({ ...installed, gpuProblem: reason }, chosen);
}

/**
 * Brings what was chosen; what is in place already goes on working where this fails.
 * @param {VariantChoice & {variant: 'cpu' | 'gpu'}} chosen
 * @returns {Promise<TensorFlowReady>}
 * @throws {SetupError}
 */
export async function bringTensorFlow(chosen) {
  const gpuProblem = chosen.variant === 'gpu' && process.env.ENGRAM_TENSORFLOW !== 'gpu' ? await findGpuProblem() : null;
  if (gpuProblem !== null) say(`the GPU library would not run here: ${gpuProblem}. The CPU library is taken`);
  const variant = gpuProblem === null ? chosen.variant : 'cpu';
  const state = { ...(await install(variant)), ...(gpuProblem === null ? {} : { gpuProblem }) };
  writeState(state, fingerprintOf(chosen));
  say(`TensorFlow backend ready (libtensorflow ${tensorflowVersion} for the ${variant.toUpperCase()})`);
  return state;
}

/** @param {unknown} error that bringing it met */
export function giveUpFor(error) {
  const reason = error instanceof Error ? error.message : String(error);
  giveUpTensorFlow(reason, error instanceof SetupError ? error.remedy : 'run `npm start -- setup` to try again');
}

/**
 * Says and writes down why the backend is not there.
 * @param {string} reason
 * @param {string | undefined} remedy
 */
export function giveUpTensorFlow(reason, remedy) {
  say(`no TensorFlow backend: ${reason}${remedy === undefined ? '' : `; way out: ${remedy}`}. The other backends serve.`);
  note({ state: 'absent', reason, ...(remedy === undefined ? {} : { remedy }) }, choice());
}

/**
 * Who may not even write that down has been told, and is told again next time.
 * @param {import('./state.mjs').TensorFlowState} state
 * @param {VariantChoice} chosen
 */
function note(state, chosen) {
  try {
    writeState(state, fingerprintOf(chosen));
  } catch {
    // Packages of somebody else's.
  }
}

/** @returns {TensorFlowReady | null} */
export function installedTensorFlow() {
  const tensorflow = readState()?.tensorflow;
  return tensorflow?.state === 'ready' && isPlaced(tensorflow) ? tensorflow : null;
}

/** @param {TensorFlowReady} tensorflow */
const isPlaced = ({ libraryPath }) => bindingIsPlaced() && libraryPath.every((folder) => existsSync(folder));

/**
 * @param {'cpu' | 'gpu'} variant
 * @returns {Promise<TensorFlowReady>}
 */
async function install(variant) {
  requireRights();
  const needed = wheels[variant].filter((wheel) => !hasWheelFiles(wheel));
  if (needed.length > 0 || !existsSync(builtBinding())) await ensureSystemTools();
  if (needed.length > 0) announce(variant, needed);
  for (const [index, wheel] of needed.entries()) {
    await ensureWheelFiles(wheel, { before: sumBytes(needed.slice(0, index)), total: sumBytes(needed) });
  }
  const [libraryFolder = '', ...libraryPath] = wheels[variant].map(wheelFolder);
  await ensureBinding(libraryFolder);
  await placeBinding(libraryFolder, libraryPath);
  return { state: 'ready', variant, version: tensorflowVersion, libraryPath };
}

/** Before anything is fetched that could not be put in its place. @throws {SetupError} */
function requireRights() {
  const folder = inModules('@tensorflow', 'tfjs-node-gpu');
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new SetupError(
      `you have no right to change Engram’s packages (${folder})`,
      'let whoever installed Engram run `npm start -- setup`',
    );
  }
}

/** @param {readonly import('./wheels.mjs').WheelPin[]} pins */
const sumBytes = (pins) => pins.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * @param {'cpu' | 'gpu'} variant
 * @param {readonly import('./wheels.mjs').WheelPin[]} needed
 */
function announce(variant, needed) {
  const hint = variant === 'gpu' ? ' (with ENGRAM_TENSORFLOW=cpu in the environment the small CPU library is taken instead)' : '';
  say(
    `libtensorflow ${tensorflowVersion} for the ${variant.toUpperCase()}: ${formatBytes(sumBytes(needed))} to download${hint}; ENGRAM_SKIP_TENSORFLOW=1 does without`,
  );
}
