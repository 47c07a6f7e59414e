/** What it costs a training that somebody follows its newest checkpoint in Look inside. */
import { openWorkbench } from '../e2e/support/workbench.ts';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';

export interface FollowingFigures {
  /** Of the same run, training alone and followed, in turns. */
  readonly aloneSeconds: readonly number[];
  readonly followedSeconds: readonly number[];
}

const episodes = 2000;
const checkpointEvery = 500;

/** @param times runs of each kind. */
export async function measureFollowing(data: string, times: number): Promise<FollowingFigures> {
  const workbench = await openWorkbench({ data, keep: true });
  const { page } = workbench;
  try {
    const { api, followRun } = await workbench.connect();
    await api.host.changeSettings({ minimumFreeBytes: 0 });
    const train = async (isFollowed: boolean): Promise<number> => {
      const choices = { experiment: 'images', episodes, settings: { evaluationEvery: 0, checkpointEvery } } as const;
      const [run] = await api.runs.create({ specs: [createRunSpec(choices)] });
      await page.evaluate((hash) => void (location.hash = hash), isFollowed ? `#/runs/${run!.id}?tab=inside&step=190` : '#/queue');
      for await (const _update of followRun(run!.id));
      return (await api.runs.get({ run: run!.id })).seconds;
    };
    const [aloneSeconds, followedSeconds]: [number[], number[]] = [[], []];
    for (let time = 0; time < times; time++) {
      aloneSeconds.push(await train(false));
      followedSeconds.push(await train(true));
    }
    return { aloneSeconds, followedSeconds };
  } finally {
    await workbench.close();
  }
}
