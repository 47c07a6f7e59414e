/** Times in file names: sorted by time when sorted by name. */

/** For example `20261123-221530123`, UTC with milliseconds. */
export function fileTime(time: Date): string {
  return time
    .toISOString()
    .replace(/[-:.Z]/g, '')
    .replace('T', '-');
}

/** Milliseconds since 1970 of what `fileTime` wrote; undefined for anything else. */
export function parseFileTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, ms] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(time) ? undefined : time;
}
