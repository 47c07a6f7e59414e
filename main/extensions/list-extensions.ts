/** What is in the lab's folder of extensions, each file described by a process of its own. */
import { extname } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import type { Extension, ExtensionFile } from '../../core/contract/extension.ts';
import { askExtension } from './ask-extension.ts';
import { listExtensionFiles, readExtensionCode } from './extension-files.ts';

export interface ExtensionLister {
  readonly folder: string;
  /** Every file; what is wrong with one is said of it, and nothing is thrown for it. */
  list(): Promise<ExtensionFile[]>;
  /** The sound ones. */
  sound(): Promise<Extension[]>;
}

const atATime = 3;
const forgetAfterMs = 60_000;

/** Files that have not changed are described once. */
export function createExtensionLister(folder: string): ExtensionLister {
  const known = new Map<string, Promise<ExtensionFile>>();
  const list = async () => {
    const files = listExtensionFiles(folder);
    const described: ExtensionFile[] = [];
    const waiting = files.entries();
    // Few at a time; one that hangs holds up no other.
    const work = async () => {
      for (const [at, file] of waiting) described[at] = await describeFile(file, files);
    };
    await Promise.all(Array.from({ length: atATime }, work));
    return described;
  };
  const describeFile = async (file: string, files: readonly string[]): Promise<ExtensionFile> => {
    const twin = files.find((other) => other !== file && nameOf(other) === nameOf(file));
    if (twin !== undefined) return broken(file, '', `${file} and ${twin} have the same name "${nameOf(file)}": give one of them another`);
    let sha256: string;
    try {
      ({ sha256 } = readExtensionCode(folder, file));
    } catch (error) {
      return broken(file, '', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    const key = `${file}/${sha256}`;
    const asked = known.get(key) ?? ask(folder, file, sha256);
    known.set(key, asked);
    const result = await asked;
    // It may have been a busy machine, and is tried again after a while.
    if (result.problem !== null) setTimeout(() => known.delete(key), forgetAfterMs).unref();
    return result;
  };
  return {
    folder,
    list,
    sound: async () => chooseExtensions(await list(), []),
  };
}

async function ask(folder: string, file: string, sha256: string): Promise<ExtensionFile> {
  try {
    const answer = await askExtension({ job: 'describe', folder, file });
    if ('extension' in answer) return { file, sha256: answer.extension.sha256, extension: answer.extension, problem: null };
    return broken(file, sha256, `${file} gave no description`);
  } catch (error) {
    return broken(file, sha256, error instanceof Error ? error.message : String(error));
  }
}

/**
 * The sound ones of `files`.
 * @param wanted names that somebody chose.
 * @throws InputError `extension-broken` where one of them is of a broken file, with what is wrong with it.
 */
export function chooseExtensions(files: readonly ExtensionFile[], wanted: readonly string[]): Extension[] {
  const problem = files.find(({ file, extension }) => extension === null && wanted.includes(nameOf(file)))?.problem;
  if (problem !== undefined && problem !== null) throw new InputError('extension-broken', `this extension cannot be used: ${problem}`);
  return files.flatMap(({ extension }) => (extension === null ? [] : [extension]));
}

function broken(file: string, sha256: string, problem: string): ExtensionFile {
  return { file, sha256, extension: null, problem };
}

function nameOf(file: string): string {
  return file.slice(0, -extname(file).length);
}
