/** Procedures about what was tried while looking inside a run. */
import { keepTried, readTried, removeTried, renameTried } from '../store/tried.ts';
import { findId, type ApiContext, type Implementer } from './context.ts';

export function createTriedRouter(os: Implementer['inspector']['tried'], { lab }: ApiContext) {
  // Asked for each time: `rebuild` puts another database in its place.
  const database = () => lab.stores.lab;
  return {
    list: os.list.handler(({ input: { run } }) => readTried(database(), findId(lab, run))),
    keep: os.keep.handler(({ input: { run, tried } }) => keepTried(database(), findId(lab, run), tried)),
    rename: os.rename.handler(({ input: { run, id, name } }) => renameTried(database(), findId(lab, run), id, name)),
    remove: os.remove.handler(({ input: { run, id } }) => ({ removed: removeTried(database(), findId(lab, run), id) })),
  };
}
