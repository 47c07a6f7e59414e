/** What can be done about what stands between the page and its lab. */
import { EngramError } from '../core/contract/errors.ts';

interface Words {
  readonly title: string;
  readonly advice: string;
}

const known: Readonly<Record<string, Words>> = {
  'database-newer': {
    title: 'This lab was used by a newer Engram',
    advice: 'Nothing was changed. Open it with that version, or choose another folder with --data.',
  },
  'migration-failed': {
    title: 'The lab’s database could not be brought up to date',
    advice:
      'Nothing was changed, and a copy from before lies in the lab’s folder under backups. Please keep both, and report the sentence above.',
  },
  'migration-changed': {
    title: 'The lab’s database was made by another build of Engram',
    advice: 'Nothing was changed. Open it with that build, or choose another folder with --data.',
  },
  'database-damaged': {
    title: 'The lab’s database is damaged',
    advice: 'It is never overwritten. At the next start it is put aside, and the latest backup and the run folders take its place.',
  },
  'database-not-writable': {
    title: 'The lab’s database cannot be written',
    advice: 'Make the folder writable again; the lab is tried again all the time.',
  },
  'data-folder-not-writable': {
    title: 'The lab’s folder cannot be written',
    advice: 'Make it writable, or mount its disk again, or choose another one with --data; the lab is tried again all the time.',
  },
  'data-folder-gone': {
    title: 'The lab’s folder is gone',
    advice:
      'It was moved or deleted, or its disk was taken away. Put it back where it was, and the lab goes on by itself; nothing is made anew in its place.',
  },
  'disk-full': {
    title: 'The disk is full',
    advice: 'Make some space where the lab lies; the lab is tried again all the time.',
  },
  'host-other-version': {
    title: 'Another version of Engram works in this lab',
    advice: 'It gives way when its runs have ended. They can be watched with that version.',
  },
  'host-not-yours': {
    title: 'This lab belongs to another user of this computer',
    advice: 'Choose a folder of your own with --data.',
  },
  'host-unreachable': {
    title: 'The lab’s host does not answer',
    advice: 'Runs go on without it. If this stays, end the process that is named above; the window starts a new one.',
  },
  'host-died': {
    title: 'The lab’s host could not begin',
    advice: 'Its log, named above, says why. Runs go on without it.',
  },
};

const unknown: Words = { title: 'The lab cannot be reached', advice: 'It is tried again all the time; runs go on without the window.' };

export function describeTrouble(trouble: Error): Words {
  return (trouble instanceof EngramError ? known[trouble.code] : undefined) ?? unknown;
}
