/** Times in file names: sorted by time when sorted by name. */

/** For example `20261123-221530123`, UTC with milliseconds. */
export function fileTime(time: Date): string {
  return time
    .toISOString()
    .replace(/[-:.Z]/g, '')
    .replace('T', '-');
}
