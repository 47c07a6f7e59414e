/** Reads what set-up found out about the TensorFlow libraries, for the trainer's launcher and for `doctor`; the file's shape stands in scripts/setup/state.mjs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const setupState = z.object({
  formatVersion: z.literal(1),
  tensorflow: z.discriminatedUnion('state', [
    z.object({ state: z.literal('ready'), variant: z.enum(['cpu', 'gpu']), version: z.string(), libraryPath: z.array(z.string()) }),
    z.object({ state: z.literal('absent'), reason: z.string(), remedy: z.string().optional() }),
  ]),
});

/** `ready`: the package can be loaded, in a process whose LD_LIBRARY_PATH names the folders of `libraryPath`; `absent`: why, and what the user can do. */
export type TensorFlowSetup = z.infer<typeof setupState>['tensorflow'];

const stateFile = path.join(import.meta.dirname, '..', 'node_modules', '.engram', 'setup.json');

/** What set-up last wrote; a file that is missing or unreadable counts as a set-up that has not run. */
export function readTensorFlowSetup(file = stateFile): TensorFlowSetup {
  try {
    return setupState.parse(JSON.parse(readFileSync(file, 'utf8'))).tensorflow;
  } catch {
    return { state: 'absent', reason: 'set-up has not run here', remedy: 'run `npm start -- setup`' };
  }
}

/** The environment for a process that may load TensorFlow: its loader reads LD_LIBRARY_PATH once, at the start. */
export function withTensorFlowLibraries(env: NodeJS.ProcessEnv, setup = readTensorFlowSetup()): NodeJS.ProcessEnv {
  if (setup.state === 'absent' || setup.libraryPath.length === 0) return env;
  const folders = new Set([...setup.libraryPath, ...(env['LD_LIBRARY_PATH'] ?? '').split(':')]);
  return { ...env, LD_LIBRARY_PATH: [...folders].filter((folder) => folder !== '').join(':') };
}
