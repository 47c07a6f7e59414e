/** Writes a picture of every screen, in both themes, with real runs in the lab. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fillLab } from './support/fill-lab.ts';
import { shots } from './support/shots.ts';
import { openWorkbench } from './support/workbench.ts';

const { values } = parseArgs({ options: { to: { type: 'string', default: 'screenshots' }, only: { type: 'string' } } });
const to = resolve(process.env['INIT_CWD'] ?? '.', values.to);
mkdirSync(to, { recursive: true });

const first = await openWorkbench({ keep: true });
try {
  const { data } = first;
  const lab = await fillLab(await first.connect());
  for (const theme of ['light', 'dark'] as const) {
    await first.page.emulateMedia({ colorScheme: theme });
    for (const { name, take } of shots) {
      if (values.only !== undefined && !name.includes(values.only)) continue;
      await take({ page: first.page, lab, data });
      const path = join(to, `${name}-${theme}.png`);
      await first.page.screenshot({ path });
      console.log(path);
    }
  }
  if (first.complaints.length > 0) console.error(`the page complained: ${first.complaints.join('\n')}`);
} finally {
  await first.close();
}
