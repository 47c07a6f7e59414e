/** Keeps other users of this machine out of the data folder, also where it was there already with wider rights. */
import { chmodSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { InputError } from '../../core/contract/errors.ts';

const rightsOfOthers = 0o077;
const writableByOthers = 0o022;
/** As /tmp has it: everybody may put files there, and nobody can touch those of others. */
const sticky = 0o1000;

/**
 * Takes away what others may do with a folder that belongs to this user; not with one that is a home or everybody's, whose files are closed one by one.
 * @returns what people should know of it.
 * @throws InputError `data-folder-unsafe` for a folder where others could put files in place of the lab's.
 */
export function closeToOthers(dataFolder: string): string | undefined {
  const own = process.getuid?.();
  const { mode, uid } = statSync(dataFolder);
  // Windows has no such rights: there a user's folders are closed by themselves.
  if (own === undefined || (mode & rightsOfOthers) === 0) return undefined;
  const octal = `0${(mode & 0o777).toString(8)}`;
  if (uid === own && (mode & sticky) === 0 && !isHome(dataFolder)) {
    chmodSync(dataFolder, mode & 0o700);
    return `the data folder was open to other users (mode ${octal}); now it is closed to them`;
  }
  if ((mode & sticky) !== 0 || (mode & writableByOthers) === 0) return undefined;
  throw new InputError(
    'data-folder-unsafe',
    `other users can write to the data folder ${dataFolder} (mode ${octal}) and could put files in place of the lab's; take that away from them, or name another with --data`,
  );
}

function isHome(folder: string): boolean {
  try {
    return realpathSync(folder) === realpathSync(homedir());
  } catch {
    return false;
  }
}
