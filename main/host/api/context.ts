/** What the procedures of the contract work with. */
import { implement } from '@orpc/server';
import { labContract } from '../../../core/contract/api/index.ts';
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { runPaths, type RunPaths } from '../../run-folder/run-paths.ts';
import type { Lab } from '../lab.ts';
import { resolveRunId, runsWithStatus, toSummary, type RunRow } from '../store/runs.ts';
import { join } from 'node:path';

export interface ApiContext {
  readonly lab: Lab;
  readonly pid: number;
  readonly version: string;
  readonly contract: number;
  readonly startedAtMs: number;
  connections(): number;
  /** Ends the host. */
  stop(): void;
}

/** @param checkOutputs whether answers are checked as well: large lists would take several times as long. */
export function createImplementer(checkOutputs: boolean) {
  return implement(labContract, checkOutputs ? {} : { initialOutputValidationIndex: NaN });
}

export type Implementer = ReturnType<typeof createImplementer>;

/** @throws InputError `unknown-run` or `ambiguous-run`. */
export function findId({ stores }: Lab, argument: string): string {
  return resolveRunId(stores.lab, argument);
}

export function findIds(lab: Lab, args: readonly string[]): string[] {
  return [...new Set(args.map((argument) => findId(lab, argument)))];
}

export function pathsOf({ dataFolder }: Lab, id: string): RunPaths {
  return runPaths(join(runsFolder(dataFolder), id));
}

export function summarise(lab: Lab, rows: readonly RunRow[]): RunSummary[] {
  const positions = rows.some(({ status }) => status === 'queued') ? queuePositions(lab) : undefined;
  const runs = runsFolder(lab.dataFolder);
  return rows.map((row) => toSummary(row, join(runs, row.id), positions?.get(row.id) ?? null));
}

export function summariseOne(lab: Lab, row: RunRow): RunSummary {
  return summarise(lab, [row])[0]!;
}

/** 1 for the next queued run of its slot. */
export function queuePositions({ stores }: Lab): Map<string, number> {
  const counts = { gpu: 0, cpu: 0 };
  return new Map(runsWithStatus(stores.lab, ['queued']).map(({ id, slot }) => [id, ++counts[slot]]));
}
