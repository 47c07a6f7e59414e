/** Checkpoints evaluated by the host, and a stream that begins with what is to come. */
import { afterEach, describe, expect, it } from 'vitest';
import { collect, createHostLab, finishJob, linearSpec, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
afterEach(() => lab.remove());

async function train() {
  lab = createHostLab();
  const client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const [run] = await client.api.runs.create({ specs: [linearSpec({ settings: { checkpointEvery: 20 } })] });
  await collect(client.followRun(run!.id));
  return { ...client, run: run!.id };
}

describe('evaluating', () => {
  it('measures the checkpoint that is named, and remembers the result', async () => {
    const { run, ...client } = await train();
    const { checkpoints } = await client.api.runs.get({ run });
    const kept = checkpoints.filter(({ kind, removed }) => kind === 'full' && !removed);
    const older = kept.find(({ iteration }) => iteration === 40)!;
    const job = await finishJob(client, await client.api.runs.evaluate({ run, file: older.file, episodes: 7 }));
    expect(job).toMatchObject({ kind: 'evaluate', state: 'done', error: null });
    const { evaluations, happenings } = await client.api.runs.get({ run });
    const found = evaluations.find(({ iteration, heldOutEpisodes }) => iteration === 40 && heldOutEpisodes === 7)!;
    expect(job.result).toEqual(['40', '7', String(found.loss), String(found.score)]);
    expect(happenings.some(({ name, source }) => name === 'evaluated' && source === 'person')).toBe(true);
    await expect(client.api.runs.evaluate({ run, file: 'checkpoints/other' })).rejects.toMatchObject({ code: 'unknown-checkpoint' });
  });
});

describe('the stream of a run without a place to begin', () => {
  it('says how the run stands and brings no record of the past', async () => {
    const { run, api } = await train();
    const updates = await collect(await api.runs.watch({ run }));
    expect(updates).toHaveLength(1);
    expect(updates[0]).toMatchObject({ records: [], run: { status: 'finished' } });
    expect(updates[0]!.position).toBeGreaterThan(50);
  });
});
