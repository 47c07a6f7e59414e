// `npm start`: sets up what is missing, then opens the workbench, or runs the command that follows.

import path from 'node:path';
import { runInForeground } from './setup/foreground.mjs';
import { repositoryRoot } from './setup/paths.mjs';
import { say } from './setup/report.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { ensureSetUp } from './setup/setup.mjs';
import { withLibraryPath } from './setup/state.mjs';
import { ensureWorkbench, hasScreen } from './setup/workbench.mjs';

const args = process.argv.slice(2);
const setupAsked = args[0] === 'setup';
/** Only options, such as `--data FOLDER`: they are the window's. */
const opensWindow = args.every(
  (arg, index) => (arg.startsWith('--') && !['--help', '--version'].includes(arg)) || args[index - 1] === '--data',
);

try {
  const { node, tensorflow } = await ensureSetUp({ asked: setupAsked });
  process.exitCode = setupAsked ? conclude(tensorflow) : opensWindow ? await openWindow(node) : await startCommand(node);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`${error.message}. Way out: ${error.remedy}.`);
  process.exitCode = 1;
}

/** @param {string} node */
async function openWindow(node) {
  const data = args.indexOf('--data');
  if (data !== -1 && !args[data + 1]) {
    say('--data needs a folder');
    return 2;
  }
  const { program, args: windowArgs } = await ensureWorkbench({ screenless: false });
  if (!hasScreen()) {
    throw new SetupError(
      'the workbench needs a screen, and this session has none (DISPLAY is not set)',
      'start it on a desktop; every command works here, for example `npm start -- train images` (`npm start -- --help` lists them)',
    );
  }
  const folder = data === -1 ? [] : [`--data=${path.resolve(process.env.INIT_CWD ?? '.', args[data + 1] ?? '')}`];
  return await runInForeground(program, [...windowArgs, ...folder, ...args.filter((arg) => arg.startsWith('--data='))], {
    ...process.env,
    ENGRAM_NODE: node,
  });
}

/** @param {string} node */
function startCommand(node) {
  const command = path.join(repositoryRoot, 'main', 'cli', 'cli.ts');
  return runInForeground(node, [command, ...args], withLibraryPath(process.env));
}

/** @param {import('./setup/state.mjs').TensorFlowState | undefined} tensorflow */
function conclude(tensorflow) {
  const absent = tensorflow?.state === 'absent' ? tensorflow : null;
  say(absent ? 'done, without the TensorFlow backend' : 'everything is in place');
  return absent?.remedy ? 1 : 0;
}
