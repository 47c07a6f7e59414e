// `npm run screenshots [-- --to FOLDER]`: drives the real window through every screen in both themes and writes a picture of each.

import path from 'node:path';
import { runInForeground } from './setup/foreground.mjs';
import { repositoryRoot } from './setup/paths.mjs';
import { say } from './setup/report.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { ensureSetUp } from './setup/setup.mjs';
import { withLibraryPath } from './setup/state.mjs';
import { ensureWorkbench } from './setup/workbench.mjs';

try {
  const { node } = await ensureSetUp();
  const { program, wrap } = await ensureWorkbench({ screenless: true });
  const args = [path.join(repositoryRoot, 'e2e', 'screenshots.ts'), ...process.argv.slice(2)];
  const [command = node, ...rest] = [...wrap, node, ...args];
  process.exitCode = await runInForeground(command, rest, { ...withLibraryPath(process.env), ENGRAM_ELECTRON: program });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`${error.message}. Way out: ${error.remedy}.`);
  process.exitCode = 1;
}
