/** Procedures about saved views. */
import type { z } from 'zod';
import { listViews, removeView, saveView } from '../store/views.ts';
import type { ApiContext, Implementer } from './context.ts';

export function createViewsRouter(os: Implementer['views'], { lab }: ApiContext) {
  return {
    list: os.list.handler(() => listViews(lab.stores.lab).map(({ name, view }) => ({ name, view: view as z.core.util.JSONType }))),
    save: os.save.handler(({ input: { name, view } }) => {
      saveView(lab.stores.lab, name, view);
      return { saved: true as const };
    }),
    remove: os.remove.handler(({ input: { name } }) => ({ removed: removeView(lab.stores.lab, name) })),
  };
}
