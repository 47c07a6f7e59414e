/** PyTorch in a virtual environment of the bench's own, made once, in the cache folder. */
import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startWorker, type Worker } from './worker-client.ts';

const requirement = 'torch==2.13.0';
const installTimeoutMs = 30 * 60_000;
const execute = promisify(execFile);

export type PyTorch = { readonly python: string } | { readonly absent: string };

/** Finds or makes the environment. `report` takes a line before something that takes long. */
export async function preparePyTorch(report: (line: string) => void): Promise<PyTorch> {
  const folder = join(await cacheFolder(), `bench-${requirement.replace('==', '-')}`);
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete) && (await works(python))) return { python };
  const systemPython = process.platform === 'win32' ? 'python' : 'python3';
  if (!(await works(systemPython, 'import sys'))) return { absent: `there is no ${systemPython} on the path` };

  report(`installing ${requirement} into ${folder} (once; 0.2 to 3 GB to download, depending on the package index)`);
  try {
    rmSync(folder, { recursive: true, force: true });
    await install(systemPython, folder, python);
    await execute(python, ['-c', 'import torch']);
    writeFileSync(complete, '');
    return { python };
  } catch (error) {
    return { absent: `${requirement} could not be installed (${lastWords(error)})` };
  }
}

/** @param program a file beside this one. */
export function startPyTorch(python: string, program: string, args: readonly string[]): Promise<Worker> {
  const script = fileURLToPath(new URL(program, import.meta.url));
  // The episodes do not use NumPy, whose absence PyTorch would mention.
  return startWorker('PyTorch', python, [script, ...args], { ...process.env, PYTHONWARNINGS: 'ignore' });
}

async function install(systemPython: string, folder: string, python: string): Promise<void> {
  const options = ['--disable-pip-version-check', '--no-input', '--only-binary=:all:', '--retries=2'];
  const limit = { timeout: installTimeoutMs, maxBuffer: 2 ** 26 };
  try {
    await execute(systemPython, ['-m', 'venv', folder]);
    await execute(python, ['-m', 'pip', 'install', ...options, requirement], limit);
  } catch (error) {
    if (existsSync(join(folder, 'lib')) && (await works(python, 'import pip'))) throw error;
    // Debian's Python makes environments without pip only; the system's pip can fill them.
    await execute(systemPython, ['-m', 'venv', '--clear', '--without-pip', folder]);
    await execute(systemPython, ['-m', 'pip', '--python', python, 'install', ...options, requirement], limit);
  }
}

async function works(python: string, statement = 'import torch'): Promise<boolean> {
  try {
    await execute(python, ['-c', statement]);
    return true;
  } catch {
    return false;
  }
}

/** Set-up's own cache folder. Its scripts are plain JavaScript, which the compiler does not look into. */
async function cacheFolder(): Promise<string> {
  const paths = (await import(new URL('../scripts/setup/paths.mjs', import.meta.url).href)) as { cacheFolder(): string };
  return paths.cacheFolder();
}

function lastWords(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = (stderr?.trim() === '' || stderr === undefined ? message : stderr).trim().split('\n');
  return lines
    .at(-1)!
    .replace(/^ERROR: /, '')
    .slice(0, 300);
}
