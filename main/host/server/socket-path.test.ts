import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseSocketPath } from './socket-path.ts';

let temporary: string;
beforeEach(() => void (temporary = mkdtempSync(join(tmpdir(), 'engram-socket-'))));
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const long = `/${'long-'.repeat(30)}lab`;
const own = process.getuid?.() ?? 0;

describe.runIf(process.platform !== 'win32')('the path of a socket', () => {
  it('is in the data folder as long as the system can take it', () => {
    const longest = `/${'x'.repeat(100 - '//host.sock'.length)}`;
    expect(chooseSocketPath(longest, [temporary])).toBe(`${longest}/host.sock`);
    expect(Buffer.byteLength(chooseSocketPath(longest, [temporary]))).toBe(100);
    // Bytes count, not characters.
    expect(chooseSocketPath(longest.replace('x', 'ü'), [temporary]).startsWith(temporary)).toBe(true);
  });

  it('is in a private folder otherwise, the same each time and another one for each lab', () => {
    const path = chooseSocketPath(long, [temporary]);
    expect(path).toMatch(new RegExp(`^${temporary}/engram-${own}/[0-9a-f]{16}[.]sock$`));
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(chooseSocketPath(long, [temporary])).toBe(path);
    expect(chooseSocketPath(`${long}-2`, [temporary])).not.toBe(path);
  });

  it('is elsewhere when the folder for temporary files has a long path, too', () => {
    expect(chooseSocketPath(long, [long, temporary]).startsWith(temporary)).toBe(true);
    expect(() => chooseSocketPath(long, [long])).toThrow(
      expect.objectContaining({
        kind: 'failure',
        code: 'socket-path-too-long',
        message: expect.stringContaining('100 bytes at most'),
      }) as Error,
    );
  });

  it('is never in a folder that others can enter, nor behind a link', () => {
    const folder = join(temporary, `engram-${own}`);
    const unsafe = expect.objectContaining({ kind: 'failure', code: 'socket-folder-unsafe' }) as Error;
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(() => chooseSocketPath(long, [temporary])).toThrow(unsafe);
    rmSync(folder, { recursive: true });
    mkdirSync(join(temporary, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(temporary, 'elsewhere'), folder);
    expect(() => chooseSocketPath(long, [temporary])).toThrow(unsafe);
  });
});
