/** Copies a data set's files into a folder. */
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../run-folder/make-folders.ts';
import type { DatasetFile } from './dataset-files.ts';
import { follow, type Reading } from './reading.ts';

/**
 * Smaller files are copied in one go and not flushed to the disk: that would take minutes for a hundred thousand of them, and the check before a run
 * notices the loss of one.
 */
const streamedFromBytes = 2 ** 20;

/** Each file to its name below `to`. Links become the files that they lead to. */
export async function copyFiles(files: readonly DatasetFile[], to: string, reading: Reading): Promise<void> {
  let folder: string | undefined;
  for (const { name, path, sizeBytes } of files) {
    const target = join(to, ...name.split('/'));
    if (dirname(target) !== folder) makeFolders((folder = dirname(target)));
    if (sizeBytes < streamedFromBytes) {
      reading.advance(sizeBytes);
      await copyFile(path, target);
    } else {
      await pipeline(follow(createReadStream(path), reading), createWriteStream(target, { flush: true }));
    }
  }
}
