/** The end of the host's log as entries: its own lines are JSON, others come from what it runs. */
import { z } from 'zod';
import type { HostLogTail } from '../../../core/contract/api/machine.ts';
import { readLastLines } from '../api/last-lines.ts';

const lineSchema = z.object({ at: z.string(), level: z.enum(['info', 'error']), message: z.string(), stack: z.string().optional() });

export async function readLogTail(path: string, lines: number): Promise<HostLogTail> {
  const text = await readLastLines(path, lines);
  return {
    path,
    entries: text
      .split('\n')
      .filter((line) => line !== '')
      .map(readEntry),
  };
}

function readEntry(line: string): HostLogTail['entries'][number] {
  const { data } = lineSchema.safeParse(parse(line));
  if (data === undefined) return { at: '', level: 'output', message: line, stack: null };
  return { ...data, stack: data.stack ?? null };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
