/** The application as a process: where its lab and its files lie, one instance a lab. */
import { app } from 'electron';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HostProgram } from '../host-client/start-host.ts';
import { resolveDataFolder } from '../run-folder/data-folder.ts';

export interface Application {
  readonly dataFolder: string;
  /** How the lab's host is started. */
  readonly program: HostProgram;
  /** The built parts of the window. */
  readonly built: { readonly page: string; readonly preload: string };
}

/** Undefined where another instance has this lab open: that one shows itself instead. */
export function setupApplication(): Application | undefined {
  const dataFolder = resolveDataFolder(app.commandLine.getSwitchValue('data') || undefined);
  // Windows on different labs are different applications, with their own state.
  const lab = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12);
  app.setPath('userData', join(app.getPath('appData'), 'engram', 'windows', lab));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return undefined;
  }
  // As root, Chromium cannot sandbox anything, and is told so on its command line.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  const root = app.getAppPath();
  return {
    dataFolder,
    program: {
      node: findNode(root),
      hostEntry: join(root, 'main/host/entry.ts'),
      trainerEntry: join(root, 'main/trainer/entry.ts'),
      ...testProgram(),
    },
    built: { page: join(root, 'out/renderer'), preload: join(root, 'out/preload/preload.cjs') },
  };
}

/** A packaged application brings its own Node 24; otherwise whoever starts us names it. */
function findNode(root: string): string {
  const packaged = join(process.resourcesPath, process.platform === 'win32' ? 'node.exe' : 'node');
  return process.env['ENGRAM_NODE'] ?? (existsSync(packaged) ? packaged : join(root, 'node_modules/.bin/node'));
}

/** End-to-end tests run a small training behind the same host, and set up another folder than the one they run in. */
function testProgram(): Partial<HostProgram> {
  const trainerEntry = app.commandLine.getSwitchValue('trainer');
  const setUpScript = app.commandLine.getSwitchValue('set-up');
  return { ...(trainerEntry === '' ? {} : { trainerEntry }), ...(setUpScript === '' ? {} : { setUpScript }) };
}
