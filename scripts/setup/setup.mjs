// Everything that `npm start` and `npm test` need, in order; each step is skipped when it is done.

import path from 'node:path';
import { withLock } from './lock.mjs';
import { findNode } from './node-runtime.mjs';
import { ensurePackages, packagesAreInstalled } from './packages.mjs';
import { cacheFolder } from './paths.mjs';
import { say } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { readState } from './state.mjs';
import { ensureTensorFlow, giveUpTensorFlow, tensorflowIsSettled } from './tensorflow.mjs';

/**
 * @param {{asked?: boolean}} options `asked`: by name, so that what failed a moment ago is tried again
 * @returns {Promise<{node: string, tensorflow: import('./state.mjs').TensorFlowState | undefined}>} the Node binary that runs the product
 * @throws {SetupError} when the product can't run at all
 */
export async function ensureSetUp({ asked = false } = {}) {
  if (packagesAreInstalled() && tensorflowIsSettled(asked)) remindOfAbsence();
  else await bringWhatIsMissing(asked);
  const node = findNode();
  if (node === null) throw new SetupError(`no Node 24 for ${process.platform} ${process.arch} was found`, 'install Node 24 and run again');
  return { node, tensorflow: readState()?.tensorflow };
}

/** @param {boolean} asked */
async function bringWhatIsMissing(asked) {
  try {
    await withLock(path.join(cacheFolder(), 'setup.lock'), async () => {
      await ensurePackages();
      if (!tensorflowIsSettled(asked)) await ensureTensorFlow();
    });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (error instanceof SetupError || code === undefined) throw error;
    // An unusable cache costs the TensorFlow backend, nothing else.
    await ensurePackages();
    giveUpTensorFlow(`the cache folder can’t be used (${message})`, 'name another one with ENGRAM_CACHE');
  }
}

/** Once a start, where a backend that this machine could have is not there; without network it is not tried again for an hour. */
function remindOfAbsence() {
  const tensorflow = readState()?.tensorflow;
  if (tensorflow?.state !== 'absent' || tensorflow.remedy === undefined) return;
  say('no TensorFlow backend here (`npm start -- setup` tries again); the others serve');
}
