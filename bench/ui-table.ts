/** How long the table of runs takes to filter, sort and group: from the event to the frame that shows what came of it. */
import type { Page } from '@playwright/test';

export interface TableTimes {
  readonly filterMs: readonly number[];
  readonly sortMs: readonly number[];
  readonly groupMs: readonly number[];
}

const filters = ['free', 'status:finished loss<30', 'tag:baseline seed:1..3', 'lr<0.002 -tag:week-3', 'yoked trial', 'loss<35', ''];
const heads = ['Loss', 'Score', 'Run', 'Status', 'Started', 'Seed'];

/** The page shows all runs. */
export async function measureTable(page: Page, rounds: number): Promise<TableTimes> {
  return await page.evaluate(
    async ([texts, titles, times]) => {
      const shown = () =>
        new Promise<void>((resolve) => {
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve();
            port2.postMessage(null);
          });
        });
      const time = async (act: () => void) => {
        await new Promise((resolve) => setTimeout(resolve, 40));
        const startedMs = performance.now();
        act();
        await shown();
        return performance.now() - startedMs;
      };
      const type = (text: string) => {
        const field = document.querySelector<HTMLInputElement>('[aria-label="Filter runs"]')!;
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      };
      const sort = (title: string, shiftKey: boolean) => {
        const head = [...document.querySelectorAll<HTMLElement>('.sorts')].find(({ textContent }) => textContent.trim().startsWith(title));
        head!.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey }));
      };
      const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      const [filterMs, sortMs, groupMs]: [number[], number[], number[]] = [[], [], []];
      for (let round = 0; round < times; round++) {
        for (const text of texts) filterMs.push(await time(() => type(text)));
        for (const title of titles) sortMs.push(await time(() => sort(title, round % 2 === 1)));
        for (let change = 0; change < 2; change++) groupMs.push(await time(() => press('s')));
        // As it was: each head a third time, which ends its part of the order.
        for (const title of titles) sort(title, true);
        for (const title of titles) sort(title, true);
        await shown();
      }
      return { filterMs, sortMs, groupMs };
    },
    [filters, heads, rounds] as const,
  );
}
