// The TensorFlow backend's libraries: chosen by hardware, fetched, bound, and what came of it written down. Its absence stops nothing.

import { bindingIsPlaced, builtBinding, ensureBinding, placeBinding } from './binding.mjs';
import { existsSync } from 'node:fs';
import { sha256 } from './files.mjs';
import { chooseVariant, observeMachine } from './hardware.mjs';
import { lockFingerprint } from './packages.mjs';
import { cacheFolder } from './paths.mjs';
import { formatBytes, say } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { readState, writeState } from './state.mjs';
import { ensureSystemTools } from './system-tools.mjs';
import { ensureWheelFiles, hasWheelFiles, wheelFolder } from './wheel-files.mjs';
import { tensorflowVersion, wheels } from './wheels.mjs';

/** @typedef {import('./hardware.mjs').VariantChoice} VariantChoice */

const retryAfterMs = 60 * 60_000;

const choice = () => chooseVariant(observeMachine(), process.env);

/** @param {VariantChoice} chosen */
const fingerprintOf = (chosen) => sha256(JSON.stringify([chosen, wheels, cacheFolder(), lockFingerprint()]));

/**
 * Whether nothing is to be done now: ready and in place, not meant for this machine, or failed less than an hour ago.
 * @param {boolean} asked the user asked for set-up by name
 */
export function tensorflowIsSettled(asked) {
  const state = readState();
  const chosen = choice();
  if (state?.fingerprint !== fingerprintOf(chosen)) return false;
  if (state.tensorflow.state === 'ready') return bindingIsPlaced();
  return chosen.variant === null || (!asked && Date.now() - state.attemptedAtMs < retryAfterMs);
}

/** Brings the libraries and the binding, or records why not. */
export async function ensureTensorFlow() {
  const chosen = choice();
  if (chosen.variant === null) giveUpTensorFlow(chosen.reason, chosen.remedy);
  else await tryToInstall(chosen.variant);
}

/** @param {'cpu' | 'gpu'} variant */
async function tryToInstall(variant) {
  try {
    writeState(await install(variant), fingerprintOf(choice()));
    say(`TensorFlow backend ready (libtensorflow ${tensorflowVersion} for the ${variant.toUpperCase()})`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    giveUpTensorFlow(reason, error instanceof SetupError ? error.remedy : 'run `npm start -- setup` to try again');
  }
}

/**
 * Says and writes down why the backend is not there.
 * @param {string} reason
 * @param {string | undefined} remedy
 */
export function giveUpTensorFlow(reason, remedy) {
  say(`no TensorFlow backend: ${reason}${remedy === undefined ? '' : `; way out: ${remedy}`}. The other backends serve.`);
  writeState({ state: 'absent', reason, ...(remedy === undefined ? {} : { remedy }) }, fingerprintOf(choice()));
}

/**
 * @param {'cpu' | 'gpu'} variant
 * @returns {Promise<import('./state.mjs').TensorFlowReady>}
 */
async function install(variant) {
  const needed = wheels[variant].filter((wheel) => !hasWheelFiles(wheel));
  if (needed.length > 0 || !existsSync(builtBinding())) await ensureSystemTools();
  if (needed.length > 0) announce(variant, needed);
  for (const wheel of needed) await ensureWheelFiles(wheel);
  const [libraryFolder = '', ...libraryPath] = wheels[variant].map(wheelFolder);
  await ensureBinding(libraryFolder);
  await placeBinding(libraryFolder, libraryPath);
  return { state: 'ready', variant, version: tensorflowVersion, libraryPath };
}

/**
 * @param {'cpu' | 'gpu'} variant
 * @param {readonly import('./wheels.mjs').WheelPin[]} needed
 */
function announce(variant, needed) {
  const bytes = needed.reduce((sum, wheel) => sum + wheel.bytes, 0);
  const hint = variant === 'gpu' ? ' (with ENGRAM_TENSORFLOW=cpu in the environment the small CPU library is taken instead)' : '';
  say(
    `libtensorflow ${tensorflowVersion} for the ${variant.toUpperCase()}: ${formatBytes(bytes)} to download${hint}; ENGRAM_SKIP_TENSORFLOW=1 does without`,
  );
}
