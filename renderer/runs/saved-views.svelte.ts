/** Views that people saved under a name: filter, sort, groups, columns. They lie in the lab, so every window has them. */
import { z } from 'zod';
import { host } from '../host.svelte.ts';
import { attempt, tell } from '../ui/tell.ts';
import { view } from './runs-view.svelte.ts';
import { layout, layoutSchema } from './table-layout.svelte.ts';

const viewSchema = z.object({
  kind: z.literal('runs'),
  text: z.string(),
  sort: z.array(z.object({ by: z.string(), descending: z.boolean() })),
  groupBy: z.string(),
  layout: layoutSchema,
});

type ViewContent = z.infer<typeof viewSchema>;

interface SavedView {
  readonly name: string;
  readonly content: ViewContent;
}

class SavedViews {
  all = $state.raw<readonly SavedView[]>([]);

  /** The one that the table shows at this moment, as it was saved. */
  readonly current = $derived(this.all.find(({ content }) => isShown(content))?.name);

  async load(): Promise<void> {
    const saved = await host.call((api) => api.views.list());
    this.all = saved.flatMap(({ name, view: stored }) => {
      const { data: content } = viewSchema.safeParse(stored);
      return content === undefined ? [] : [{ name, content }];
    });
  }

  async save(name: string): Promise<boolean> {
    return await attempt(async () => {
      await host.call((api) => api.views.save({ name, view: describe() }));
      await this.load();
      tell(`View ${name} saved`);
    }, 'The view could not be saved');
  }

  show({ content }: SavedView): void {
    view.text = content.text;
    view.sort = content.sort;
    view.trash = false;
    view.group(content.groupBy);
    layout.set(content.layout);
  }

  async remove({ name, content }: SavedView): Promise<void> {
    const change = async (work: Promise<unknown>) => {
      await work;
      await this.load();
    };
    const undo = () => void attempt(() => change(host.call((api) => api.views.save({ name, view: content }))));
    if (await attempt(() => change(host.call((api) => api.views.remove({ name }))))) tell(`View ${name} removed`, undo);
  }
}

function describe(): ViewContent {
  return { kind: 'runs', text: view.text.trim(), sort: [...view.sort], groupBy: view.groupBy, layout: layout.current };
}

function isShown(content: ViewContent): boolean {
  const { layout: _own, ...asked } = describe();
  const { layout: _other, ...saved } = content;
  return !view.trash && JSON.stringify(asked) === JSON.stringify(saved) && layout.current.shown.join() === content.layout.shown.join();
}

export const savedViews = new SavedViews();
