/** Runs in groups, with what their members have in common and how their results spread. */
import { sql } from 'kysely';
import type { RunGroup, RunQuery } from '../../../core/contract/api/runs.ts';
import type { ExperimentName, RunSpec } from '../../../core/contract/run-spec.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import type { LabDatabase } from './database-types.ts';
import { findOwnParameters } from './extensions-of-runs.ts';
import { columnExpression } from './run-columns.ts';
import { selectRuns } from './run-filter.ts';
import type { RunStatus } from './run-row.ts';
import { spreadOf } from './spread.ts';
import type { SqlValue } from './sql.ts';

const memberColumns = ['id', 'experiment', 'seed', 'status', 'loss', 'score', 'episodes_per_second', 'size_bytes'] as const;

interface Member {
  readonly id: string;
  readonly experiment: ExperimentName;
  readonly seed: number;
  readonly status: RunStatus;
  readonly loss: number | null;
  readonly score: number | null;
  readonly episodesPerSecond: number | null;
  readonly sizeBytes: number;
  readonly key: readonly SqlValue[];
}

/**
 * The matching runs (limit, offset and order do not count), those that are alike in the columns `by` together; `all-but-seed`: whose specs
 * differ in nothing but the seed. The largest groups come first.
 * @throws InputError `unknown-column` with the nearest name.
 */
export function groupRuns(lab: LabDatabase, query: RunQuery, by: 'all-but-seed' | readonly string[]): RunGroup[] {
  const own = () => findOwnParameters(lab);
  const names = by === 'all-but-seed' ? [] : by;
  const keys = by === 'all-but-seed' ? [sql.ref('spec_hash')] : by.map((name) => columnExpression(name, own));
  const selection = selectRuns(query, own)
    .select([...memberColumns.map((column) => sql.ref(column).as(column)), ...keys.map((key, index) => key.as(`key_${index}`))])
    .orderBy('created_at_ms')
    .orderBy('id')
    .compile();
  const groups = new Map<string, Member[]>();
  for (const values of lab.queryOnce(selection.sql, selection.parameters as readonly SqlValue[])) {
    const member = toMember(values);
    const key = JSON.stringify(member.key);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [member]);
    else members.push(member);
  }
  const described = [...groups.values()].map((members) => {
    const spec = readSpec(lab, members[0]!.id);
    const key = by === 'all-but-seed' ? describeSpec(spec) : describeKey(names, members[0]!.key);
    return describeGroup(key, spec, members);
  });
  return described.sort((a, b) => b.ids.length - a.ids.length);
}

function toMember(values: readonly SqlValue[]): Member {
  const [id, experiment, seed, status, loss, score, episodesPerSecond, sizeBytes, ...key] = values;
  return { id, experiment, seed, status, loss, score, episodesPerSecond, sizeBytes, key } as Member;
}

function describeGroup(key: RunGroup['key'], spec: RunSpec, members: readonly Member[]): RunGroup {
  const statuses: RunGroup['statuses'] = {};
  for (const { status } of members) statuses[status] = (statuses[status] ?? 0) + 1;
  const spreadOver = (read: (member: Member) => number | null) => spreadOf(members.map(read).filter((value) => value !== null));
  const experiments = new Set(members.map(({ experiment }) => experiment));
  const experiment = experiments.size === 1 ? members[0]!.experiment : null;
  return {
    key,
    experiment,
    scoreFormat: experiment === null ? 'number' : experimentOf(spec).score.format,
    ids: members.map(({ id }) => id),
    seeds: members.map(({ seed }) => seed).sort((a, b) => a - b),
    statuses,
    loss: experiment === null ? null : spreadOver(({ loss }) => loss),
    score: experiment === null ? null : spreadOver(({ score }) => score),
    episodesPerSecond: spreadOver(({ episodesPerSecond }) => episodesPerSecond),
    sizeBytes: members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

function describeKey(names: readonly string[], values: readonly SqlValue[]): RunGroup['key'] {
  return Object.fromEntries(names.map((name, index) => [name, (values[index] ?? '') as string | number]));
}

function readSpec(lab: LabDatabase, id: string): RunSpec {
  return JSON.parse(lab.prepare<{ spec: string }>('SELECT spec FROM runs WHERE id = ?').get(id)!.spec) as RunSpec;
}

function describeSpec({ version: _version, seed: _seed, parameters, extensions = [], ...rest }: RunSpec): RunGroup['key'] {
  const code = extensions.map(({ name, sha256 }) => [`extension:${name}`, sha256.slice(0, 12)] as const);
  const named = Object.entries(parameters).map(([name, value]) => [`parameter:${name}`, value] as const);
  return { ...rest, ...Object.fromEntries([...code, ...named]) };
}
