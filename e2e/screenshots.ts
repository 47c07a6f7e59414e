/** Writes a picture of every screen, in both themes, with real runs in the lab. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fillInside, nothingTrained } from './support/fill-inside.ts';
import { fillLab, nothingFilled } from './support/fill-lab.ts';
import { shots, type Shot, type Stage } from './support/shots.ts';
import { openWorkbench } from './support/workbench.ts';

const { values } = parseArgs({ options: { to: { type: 'string', default: 'screenshots' }, only: { type: 'string' } } });
const to = resolve(process.env['INIT_CWD'] ?? '.', values.to);
mkdirSync(to, { recursive: true });

const first = await openWorkbench({ keep: true });
try {
  const { page, data } = first;
  const stage: Stage = { page, data, lab: nothingFilled, trained: nothingTrained };
  await photograph(stage, wanted('empty'));
  const [small, trained] = [wanted(undefined), wanted('trained')];
  if (small.length > 0) await photograph({ ...stage, lab: await fillLab(await first.connect()) }, small);
  if (trained.length > 0) await photograph({ ...stage, trained: await fillInside(await first.connect()) }, trained);
  if (first.complaints.length > 0) console.error(`the page complained: ${first.complaints.join('\n')}`);
} finally {
  await first.close();
}

function wanted(of: Shot['of']): Shot[] {
  return shots.filter((shot) => shot.of === of && (values.only === undefined || shot.name.includes(values.only)));
}

async function photograph(stage: Stage, these: readonly Shot[]): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await stage.page.emulateMedia({ colorScheme: theme });
    for (const shot of these) {
      await shot.take(stage);
      const path = join(to, `${shot.name}-${theme}.png`);
      await stage.page.screenshot({ path });
      console.log(path);
    }
  }
}
