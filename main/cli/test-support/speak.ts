/** Short ways to use the command line in tests, and to say what is expected of it (not used by the product). */
import { expect } from 'vitest';
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import { parseEvents, type Lab } from '../../trainer/test-support/lab.ts';

export interface Speech {
  /** What a command that succeeds prints for people. */
  text(...args: string[]): Promise<string>;
  /** The one value that a command prints with `--json`. */
  json<Value>(...args: string[]): Promise<Value>;
  /** The error of a command that is refused with exit code 2, with nothing else printed. */
  refused(...args: string[]): Promise<{ readonly code: string; readonly message: string }>;
}

/** @param environment of the host, should one have to be started; all calls for a lab take the same. */
export function speakTo(lab: Pick<Lab, 'run'>, environment: NodeJS.ProcessEnv = {}): Speech {
  return {
    text: async (...args) => {
      const { code, stdout, stderr } = await lab.run(args, environment);
      expect([code, stderr], args.join(' ')).toEqual([0, '']);
      return stdout;
    },
    json: async (...args) => {
      const { code, stdout, stderr } = await lab.run([...args, '--json'], environment);
      expect([code, stderr], `${args.join(' ')}: ${stdout}`).toEqual([0, '']);
      return JSON.parse(stdout) as never;
    },
    refused: async (...args) => {
      const { code, stdout, stderr } = await lab.run([...args, '--json'], environment);
      expect([code, stderr], `${args.join(' ')}: ${stdout}`).toEqual([2, '']);
      const [error, ...rest] = parseEvents(stdout);
      expect(rest).toEqual([]);
      const { event, ...described } = error!;
      expect(event).toBe('error');
      return described as never;
    },
  };
}

/** Ends what a test has left, the last one first. */
export async function stopAll(lab: Lab, environment: NodeJS.ProcessEnv): Promise<void> {
  const open = await speakTo(lab, environment).json<RunSummary[]>('runs', '--status', 'queued,running,paused');
  if (open.length > 0) await lab.run(['stop', '--now', ...open.map(({ id }) => id)], environment);
}
