/** The end of a text file. */
import { openIfThere } from './open-file.ts';

/** More than this is not read, however long the lines are. */
const maximumBytes = 2 * 2 ** 20;

/** The last `count` lines, or as many of them as fit into 2 MB; empty where there is no such file. */
export async function readLastLines(path: string, count: number): Promise<string> {
  const file = await openIfThere(path);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, maximumBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    const ends = lines.at(-1) === '';
    return lines.slice(-count - (ends ? 1 : 0)).join('\n');
  } finally {
    await file.close();
  }
}
