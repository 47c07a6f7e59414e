// Brings the TensorFlow runtime for this machine, for the lab's host, which forked this process: `look` says what it would do, `bring` does it.
// It ends, with all that it has started, when the host cancels or is gone.

import path from 'node:path';
import { withLock } from './setup/lock.mjs';
import { packagesAreInstalled } from './setup/packages.mjs';
import { cacheFolder } from './setup/paths.mjs';
import { untilInterruptible } from './setup/processes.mjs';
import { reportTo } from './setup/report.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { bringTensorFlow, giveUpFor, installedTensorFlow, planTensorFlow, tensorflowIsSettled } from './setup/tensorflow.mjs';

/** Progress that comes faster than anyone can look is left out. */
const reportEveryMs = 200;

/**
 * @typedef {ReturnType<typeof look>} Plan
 * @typedef {{line: string} | {progress: [text: string, done: number, total: number]} | {plan: Plan} | {brought: boolean, plan: Plan}
 *   | {error: {reason: string, remedy: string | null}}} Message what the host hears
 */

process.once('disconnect', () => void leave());
reportTo({ line: (line) => void tell({ line }), progress: createProgressTeller() });
await tell(await answer(process.argv[2]));
process.exit(0);

/**
 * @param {string | undefined} order
 * @returns {Promise<Message>} the last one
 */
async function answer(order) {
  try {
    if (order === 'look') return { plan: look() };
    const brought = await bring();
    return { brought, plan: look() };
  } catch (error) {
    if (error instanceof SetupError) return { error: { reason: error.message, remedy: error.remedy } };
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { error: { reason: `the cache folder can’t be used (${error.message})`, remedy: 'name another one with ENGRAM_CACHE' } };
  }
}

/** As the host's contract has it. */
function look() {
  const { chosen, gpuProblem, installed, isSettled, downloadBytes } = planTensorFlow();
  const unfit = chosen.variant === null ? chosen : null;
  return {
    variant: chosen.variant,
    unfit: unfit === null ? null : { reason: unfit.reason, remedy: unfit.remedy ?? null },
    gpuProblem,
    installed: installed === null ? null : { variant: installed.variant, version: installed.version },
    isSettled,
    downloadBytes,
    cache: cacheFolder(),
  };
}

/** @returns {Promise<boolean>} false where there was nothing to do */
async function bring() {
  if (!packagesAreInstalled()) {
    throw new SetupError('Engram’s own packages are not those that it was made for', 'close Engram, and start it with `npm start`');
  }
  const { chosen } = planTensorFlow();
  if (chosen.variant === null) throw new SetupError(chosen.reason, chosen.remedy ?? 'the other backends serve');
  if (tensorflowIsSettled(true)) return false;
  try {
    await withLock(path.join(cacheFolder(), 'setup.lock'), () => bringTensorFlow(chosen));
  } catch (error) {
    if (installedTensorFlow() === null) giveUpFor(error);
    throw error;
  }
  return true;
}

/** Nothing is left half done that belongs to the system, and what belongs to set-up begins anew or goes on where it was. */
async function leave() {
  await untilInterruptible();
  // The process group, which is this process's own.
  if (process.platform !== 'win32') process.kill(0, 'SIGKILL');
  process.exit(1);
}

/**
 * @param {Message} message
 * @returns {Promise<void>}
 */
function tell(message) {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

/**
 * What comes too fast is left out, but for the newest: a download that stands still stands where it is.
 * @returns {(text: string, done: number, total: number) => void}
 */
function createProgressTeller() {
  /** @type {[text: string, done: number, total: number] | null} */
  let newest = null;
  /** @type {NodeJS.Timeout | null} */
  let pause = null;
  const tellNewest = () => {
    pause = null;
    if (newest === null) return;
    void tell({ progress: newest });
    newest = null;
    pause = setTimeout(tellNewest, reportEveryMs).unref();
  };
  return (...progress) => {
    newest = progress;
    if (pause === null) tellNewest();
  };
}
