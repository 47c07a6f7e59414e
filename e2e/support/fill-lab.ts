/** A lab with real runs in it: small trainings of the images experiment, in every state. */
import { createRunSpec, type RunChoices } from '../../core/experiments/create-run-spec.ts';
import type { HostClient } from '../../main/host-client/connect-host.ts';
import { failOnGoneData } from './gone-data.ts';

export interface FilledLab {
  readonly finished: readonly string[];
  readonly running: string;
  readonly queued: string;
  readonly failed: string;
}

export const nothingFilled: FilledLab = { finished: [], running: '', queued: '', failed: '' };

/** Two thousand episodes of 8 × 8 images take some ten seconds on one core. */
const small = {
  imageSize: 8,
  patterns: 2,
  presentationSteps: 4,
  learningRate: 0.003,
  evaluationEvery: 200,
  checkpointEvery: 100,
  evaluationEpisodes: 10,
};

function spec(choices: Partial<RunChoices>) {
  return createRunSpec({
    experiment: 'images',
    backend: 'wasm',
    batch: 1,
    episodes: 1500,
    ...choices,
    settings: { ...small, ...choices.settings },
  });
}

export async function fillLab(client: HostClient): Promise<FilledLab> {
  const { api, followRun } = client;
  await api.host.changeSettings({ cpuSlots: 2, minimumFreeBytes: 0 });
  const variants = ['free', 'yoked', 'non-plastic'] as const;
  const specs = variants.flatMap((variant) => [1, 2, 3].map((seed) => spec({ variant, seed })));
  const finished = (await api.runs.create({ specs, group: 'alpha', tags: ['paper'] })).map(({ id }) => id);
  const broken = await failOnGoneData(client, (dataset) => spec({ dataset, seed: 9 }), 'on a data set that is away');
  for (const id of finished) for await (const _update of followRun(id));
  await api.runs.update({ run: finished[0]!, name: 'reference, free alpha', note: 'The first one that learned well.', protected: true });
  const [running, queued] = await api.runs.create({
    specs: [spec({ seed: 4, episodes: 60_000 }), spec({ seed: 5, episodes: 60_000 })],
    tags: ['long'],
  });
  await api.host.changeSettings({ cpuSlots: 1 });
  return { finished, running: running!.id, queued: queued!.id, failed: broken.id };
}
