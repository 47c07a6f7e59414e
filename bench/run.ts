/** Where the bench begins: `npm start -- bench`, or this file under Node 24. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exitCodeFor } from '../core/contract/exit-codes.ts';
import { EngramError } from '../core/contract/errors.ts';
import { resolveUserPath } from '../main/cli/options.ts';
import { trainerEnvironment, trainerFlags } from '../main/trainer/environment.ts';
import { benchImages } from './images.ts';
import { readOptions, usage, type BenchOptions } from './options.ts';
import { describeMarkdown, describeText, writeMarkdown } from './report.ts';

const args = process.argv.slice(2);

/** Of the subjects that are not called as their file is. */
const programs: Readonly<Record<string, string>> = { small: 'small-network', inside: 'ui-inside' };

try {
  process.exitCode = await main(readOptions(args));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  if (args.includes('--json'))
    print(JSON.stringify({ event: 'error', code: error instanceof EngramError ? error.code : 'unexpected', message }));
  else say(error instanceof EngramError || !(error instanceof Error) ? message : (error.stack ?? message));
  process.exitCode = exitCodeFor(error);
}

async function main(options: BenchOptions): Promise<number> {
  if (options.help) {
    print(usage);
    return 0;
  }
  if (options.subject !== 'images') return await runApart(options.subject, options);
  const results = await benchImages(options, say);
  if (options.json) print(JSON.stringify(results));
  else describeText(results).forEach(print);
  if (options.out !== undefined) writeMarkdown(resolveUserPath(options.out), describeMarkdown(results));
  return 0;
}

/** Those that compute in a single process get one whose libraries find their settings when they load. */
async function runApart(subject: string, { precisions }: BenchOptions): Promise<number> {
  const program = fileURLToPath(new URL(`${programs[subject] ?? subject}.ts`, import.meta.url));
  const env = trainerEnvironment({ precision: precisions?.[0] ?? 'float32' });
  const child = spawn(process.execPath, [...trainerFlags, program, ...args], { stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
