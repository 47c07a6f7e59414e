/** A run whose data set goes away while it waits, so that it fails before it begins. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { HostClient } from '../../main/host-client/connect-host.ts';

/** @returns the run, which has ended. */
export async function failOnGoneData({ api, followRun }: HostClient, specOn: (dataset: string) => RunSpec, name = ''): Promise<RunSummary> {
  const dataset = mkdtempSync(join(tmpdir(), 'cifar-10-'));
  await api.host.changeSettings({ queueHeld: true });
  const [run] = await api.runs.create({ specs: [specOn(dataset)], name });
  rmSync(dataset, { recursive: true });
  await api.host.changeSettings({ queueHeld: false });
  for await (const _update of followRun(run!.id));
  return run!;
}
