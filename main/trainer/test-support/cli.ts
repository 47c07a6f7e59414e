/** The command line with the tiny training behind it (not used by the product). */
import { fileURLToPath } from 'node:url';
import { runCli } from '../../cli/run-cli.ts';

const { stdout, stderr } = process;
const trainerEntry = fileURLToPath(new URL('entry.ts', import.meta.url));
process.exitCode = await runCli(process.argv.slice(2), { program: { trainerEntry, checkOutputs: true }, stdout, stderr });
