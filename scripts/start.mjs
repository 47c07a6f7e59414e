// `npm start`: sets up what is missing, then runs the command line under the pinned Node 24.

import path from 'node:path';
import { runInForeground } from './setup/foreground.mjs';
import { repositoryRoot } from './setup/paths.mjs';
import { say } from './setup/report.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { ensureSetUp } from './setup/setup.mjs';
import { withLibraryPath } from './setup/state.mjs';

const args = process.argv.slice(2);

try {
  const asked = args[0] === 'setup';
  const { node, tensorflow } = await ensureSetUp({ asked });
  process.exitCode = asked ? conclude(tensorflow) : await startCommand(node);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`${error.message}. Way out: ${error.remedy}.`);
  process.exitCode = 1;
}

/** @param {string} node */
function startCommand(node) {
  const command = path.join(repositoryRoot, 'main', 'cli', 'cli.ts');
  return runInForeground(node, [command, ...(args.length > 0 ? args : ['--help'])], withLibraryPath(process.env));
}

/** @param {import('./setup/state.mjs').TensorFlowState | undefined} tensorflow */
function conclude(tensorflow) {
  const absent = tensorflow?.state === 'absent' ? tensorflow : null;
  say(absent ? 'done, without the TensorFlow backend' : 'everything is in place');
  return absent?.remedy ? 1 : 0;
}
