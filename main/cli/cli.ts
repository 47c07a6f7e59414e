/** Where the command line begins. */
import { fileURLToPath } from 'node:url';
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2), { trainerEntry: fileURLToPath(new URL('../trainer/entry.ts', import.meta.url)) });
