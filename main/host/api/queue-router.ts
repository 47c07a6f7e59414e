/** Procedures about the queue. */
import { runsWithStatus } from '../store/runs.ts';
import { findId, summarise, type ApiContext, type Implementer } from './context.ts';

export function createQueueRouter(os: Implementer['queue'], { lab }: ApiContext) {
  const list = () => summarise(lab, runsWithStatus(lab.stores.lab, ['queued']));
  return {
    list: os.list.handler(list),
    move: os.move.handler(({ input: { run, before } }) => {
      lab.queue.move(findId(lab, run), before === null ? null : findId(lab, before));
      return list();
    }),
  };
}
