import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostClient } from '../host-client/connect-host.ts';
import { createHostLab, linearSpec, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
let ids: string[];
beforeAll(async () => {
  lab = createHostLab();
  client = await lab.connect();
  await client.api.host.changeSettings({ cpuSlots: 0 });
  const runs = await client.api.runs.create({ specs: [1, 2, 3].map((seed) => linearSpec({ seed })), tags: ['old'] });
  ids = runs.map(({ id }) => id);
});
afterAll(() => lab.remove());

it('says the same of many runs at once', async () => {
  const [first, second] = ids as [string, string, string];
  const answer = await client.api.runs.updateAll({ runs: [first, second, first], addTags: ['paper'], removeTags: ['old'], group: 'g' });
  expect(answer).toEqual({ updated: 2 });
  const table = await client.api.runs.table();
  const of = (id: string) => table.id.indexOf(id);
  expect(ids.map((id) => table.tags[of(id)])).toEqual([['paper'], ['paper'], ['old']]);
  expect(ids.map((id) => table.group[of(id)])).toEqual(['g', 'g', '']);
  expect(ids.map((id) => table.queuePlace[of(id)])).toEqual([1, 2, 3]);
});

it('changes none where one is unknown', async () => {
  const change = client.api.runs.updateAll({ runs: [ids[2]!, 'nothing-of-the-kind'], protected: true });
  await expect(change).rejects.toMatchObject({ code: 'unknown-run' });
  expect((await client.api.runs.table()).protected).toEqual([false, false, false]);
});
