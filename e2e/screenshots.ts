/** Writes a picture of every screen, in both themes, with real runs in the lab. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fillLab, type FilledLab } from './support/fill-lab.ts';
import { shots, type Shot, type Stage } from './support/shots.ts';
import { openWorkbench } from './support/workbench.ts';

const { values } = parseArgs({ options: { to: { type: 'string', default: 'screenshots' }, only: { type: 'string' } } });
const to = resolve(process.env['INIT_CWD'] ?? '.', values.to);
mkdirSync(to, { recursive: true });

const first = await openWorkbench({ keep: true });
try {
  const { data } = first;
  const nobody: FilledLab = { finished: [], running: '', queued: '', failed: '' };
  await photograph({ page: first.page, lab: nobody, data }, ({ empty }) => empty === true);
  const isOnlyEmpty = shots.filter(isWanted).every(({ empty }) => empty === true);
  if (!isOnlyEmpty) await photograph({ page: first.page, lab: await fillLab(await first.connect()), data }, ({ empty }) => empty !== true);
  if (first.complaints.length > 0) console.error(`the page complained: ${first.complaints.join('\n')}`);
} finally {
  await first.close();
}

function isWanted({ name }: Shot): boolean {
  return values.only === undefined || name.includes(values.only);
}

async function photograph(stage: Stage, isMeant: (shot: Shot) => boolean): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await stage.page.emulateMedia({ colorScheme: theme });
    for (const shot of shots.filter((candidate) => isWanted(candidate) && isMeant(candidate))) {
      await shot.take(stage);
      const path = join(to, `${shot.name}-${theme}.png`);
      await stage.page.screenshot({ path });
      console.log(path);
    }
  }
}
