/** Runs a bench program where windows can be opened, as journeys do: with the built window, an Electron, and a screen in memory where there is none. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Of `scripts/setup/workbench.mjs`, which is not typed for us. */
interface Setup {
  ensureWorkbench(options: { screenless: boolean }): Promise<{ program: string; wrap: string[] }>;
}

/** `measure` gets the path of Electron in a second process of the same program. @param program its `import.meta.url`. */
export async function withScreen(program: string, measure: (electron: string) => Promise<number>): Promise<number> {
  const electron = process.env['ENGRAM_ELECTRON'];
  if (electron !== undefined) return await measure(electron);
  const { ensureWorkbench } = (await import(new URL('../scripts/setup/workbench.mjs', import.meta.url).href)) as Setup;
  const { program: found, wrap } = await ensureWorkbench({ screenless: true });
  const [command = '', ...args] = [...wrap, process.execPath, fileURLToPath(program), ...process.argv.slice(2)];
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ENGRAM_ELECTRON: found } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
