/** The bench's end of a worker process, which stays alive between its turns, so that its later measurements are of a warm program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { FailureError } from '../core/contract/errors.ts';
import { productSchema, readySchema, sampleSchema, type Ready, type Request, type Sample } from './messages.ts';

export interface Worker {
  readonly ready: Ready;
  /** `count` iterations, one after another. @throws FailureError `bench-worker-died`. */
  run(count: number): Promise<Sample[]>;
  /** GFLOP/s of its large matrix product. @throws FailureError `bench-worker-died`. */
  measureProduct(): Promise<number>;
  /** Processor time of the process so far; undefined where the system does not tell. */
  cpuSeconds(): number | undefined;
  close(): Promise<void>;
}

/** Linux counts processor time in hundredths of a second. */
const ticksASecond = 100;

/** @throws FailureError `bench-worker-died` when it does not get ready. */
export async function startWorker(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Worker> {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close').catch((error: unknown) => [error]);
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)));
  // A worker that has died is noticed by the lines that do not come.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  const next = async <Message>(schema: z.ZodType<Message>): Promise<Message> => {
    const { value, done } = await lines.next();
    if (!done) return schema.parse(JSON.parse(value));
    const [reason] = (await ended) as [unknown];
    const words = complaints.trim().split('\n').at(-1) ?? '';
    throw new FailureError('bench-worker-died', `the process for ${name} ended: ${words === '' ? String(reason) : words}`);
  };
  const ask = (request: Request) => child.stdin.write(`${JSON.stringify(request)}\n`);

  const ready = await next(readySchema);
  return {
    ready,
    run: async (count) => {
      ask({ do: 'run', count });
      const samples: Sample[] = [];
      while (samples.length < count) samples.push(await next(sampleSchema));
      return samples;
    },
    measureProduct: async () => {
      ask({ do: 'product' });
      return (await next(productSchema)).gigaflops;
    },
    cpuSeconds: () => readCpuSeconds(child.pid),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

function readCpuSeconds(pid: number | undefined): number | undefined {
  try {
    // The second field, the program's name, may hold spaces; user and system time are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid ?? ''}/stat`, 'utf8')
      .split(') ')[1]!
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
  } catch {
    return undefined;
  }
}
