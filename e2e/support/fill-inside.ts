/** Networks that have learned something in a minute at most each: what Look inside is shown with. */
import { createRunSpec, type RunChoices } from '../../core/experiments/create-run-spec.ts';
import type { HostClient } from '../../main/host-client/connect-host.ts';

/** Ids of runs. */
export interface TrainedLab {
  readonly images: string;
  /** The same images, one alpha for all. */
  readonly yoked: string;
  readonly bits: string;
  readonly maze: string;
  readonly characters: string;
}

export const nothingTrained: TrainedLab = { images: '', yoked: '', bits: '', maze: '', characters: '' };

const photographs = {
  imageSize: 16,
  learningRate: 0.0005,
  evaluationEvery: 250,
  checkpointEvery: 250,
  evaluationEpisodes: 20,
};

const choices: Readonly<Record<keyof TrainedLab, RunChoices>> = {
  images: { experiment: 'images', backend: 'wasm', episodes: 1500, settings: photographs },
  yoked: { experiment: 'images', variant: 'yoked', backend: 'wasm', episodes: 1500, settings: photographs },
  bits: {
    experiment: 'binary',
    preset: 'small',
    backend: 'wasm',
    episodes: 1500,
    settings: { bits: 64, learningRate: 0.001, evaluationEvery: 250, checkpointEvery: 250 },
  },
  maze: {
    experiment: 'maze',
    variant: 'modulated',
    episodes: 40_000,
    settings: { mazeSize: 5, episodeSteps: 60, neurons: 40, learningRate: 0.001, evaluationEvery: 200, checkpointEvery: 200 },
  },
  characters: {
    experiment: 'omniglot',
    preset: 'quick',
    episodes: 8000,
    settings: { ways: 3, features: 32, learningRate: 0.002, evaluationEvery: 100, checkpointEvery: 100, evaluationEpisodes: 100 },
  },
};

/** Two at a time; whatever else runs or waits is stopped. */
export async function fillInside({ api, followRun }: HostClient): Promise<TrainedLab> {
  const trained = { ...nothingTrained };
  const { runs: busy } = await api.runs.list({ status: ['running', 'queued'] });
  for (const { id } of busy.toSorted((a, b) => Number(b.status === 'queued') - Number(a.status === 'queued')))
    await api.runs.stop({ run: id });
  await api.host.changeSettings({ cpuSlots: 2, minimumFreeBytes: 0 });
  const names = Object.keys(choices) as (keyof TrainedLab)[];
  const specs = names.map((name) =>
    createRunSpec({ batch: name === 'images' || name === 'yoked' || name === 'bits' ? 1 : undefined, ...choices[name] }),
  );
  const runs = await api.runs.create({ specs });
  for (const [at, { id }] of runs.entries()) {
    for await (const _update of followRun(id));
    trained[names[at]!] = id;
  }
  return trained;
}
