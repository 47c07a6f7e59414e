/** Runs that are trained to their end before a journey begins. */
import type { Page } from '@playwright/test';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { HostClient } from '../../main/host-client/connect-host.ts';
import type { Workbench } from './workbench.ts';

/** Gives the run's id with a client of the workbench's host. */
export async function trainRun(workbench: Workbench, spec: RunSpec): Promise<HostClient & { readonly id: string }> {
  const client = await workbench.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const [run] = await client.api.runs.create({ specs: [spec] });
  for await (const _update of client.followRun(run!.id));
  return { ...client, id: run!.id };
}

/** @param query more of the address, for example `&step=3`. */
export async function lookInside(page: Page, id: string, query = ''): Promise<void> {
  await page.goto(`app://engram/#/runs/${id}?tab=inside${query}`);
}
