/** What people say of runs: names, notes, groups and tags, as options and as arguments. */
import type { Command } from 'commander';
import { aboutLimits } from '../../core/contract/api/runs.ts';
import { InputError } from '../../core/contract/errors.ts';
import { collectList } from './options.ts';

export interface AboutOptions {
  readonly name?: string;
  readonly note?: string;
  readonly group?: string;
  readonly tag: readonly string[];
}

export function addAboutOptions(command: Command): Command {
  return command
    .option('--name <TEXT>', "the run's name")
    .option('--note <TEXT>', 'a note to it')
    .option('--group <NAME>', 'a group of runs that it belongs to')
    .option('--tag <TAG>', 'a tag; may be repeated', collectList, []);
}

/** @throws InputError `text-too-long`, `tag-invalid`, `too-many-tags`. */
export function readAbout({ name, note, group, tag }: AboutOptions) {
  return {
    ...(name === undefined ? {} : { name: readText('name', name) }),
    ...(note === undefined ? {} : { note: readText('note', note) }),
    ...(group === undefined ? {} : { group: readText('group', group) }),
    ...(tag.length === 0 ? {} : { tags: readTags(tag) }),
  };
}

/** @throws InputError `text-too-long`. */
export function readText(kind: 'name' | 'note' | 'group', text: string): string {
  const most = aboutLimits[kind];
  if (text.length <= most) return text;
  throw new InputError('text-too-long', `a ${kind} has at most ${most} characters, not ${text.length}`);
}

/** @throws InputError `tag-invalid`, `too-many-tags`. */
export function readTags(tags: readonly string[]): string[] {
  const wrong = tags.find((tag) => !/^[^\s,]+$/u.test(tag) || tag.length > aboutLimits.tag);
  if (wrong !== undefined)
    throw new InputError('tag-invalid', `a tag is at most ${aboutLimits.tag} characters without spaces and commas, not "${wrong}"`);
  if (tags.length <= aboutLimits.tags) return [...tags];
  throw new InputError('too-many-tags', `at most ${aboutLimits.tags} tags at a time, not ${tags.length}`);
}
