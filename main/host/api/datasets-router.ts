/** Procedures about data sets. */
import type { ApiContext, Implementer } from './context.ts';

export function createDatasetsRouter(os: Implementer['datasets'], { lab: { datasets } }: ApiContext) {
  return {
    list: os.list.handler(() => datasets.list()),
    get: os.get.handler(({ input: { dataset } }) => datasets.get(dataset)),
    samples: os.samples.handler(({ input: { dataset } }) => datasets.samples(dataset)),
    add: os.add.handler(({ input }) => ({ job: datasets.add(input).id })),
    remove: os.remove.handler(({ input: { dataset } }) => datasets.remove(dataset)),
  };
}
