/** Where the command line begins. */
import { fileURLToPath } from 'node:url';
import { runCli } from './run-cli.ts';

const { stdout, stderr } = process;
const trainerEntry = fileURLToPath(new URL('../trainer/entry.ts', import.meta.url));
process.exitCode = await runCli(process.argv.slice(2), { program: { trainerEntry }, stdout, stderr });
