/** What the command line prints: for people, with one line that lives at the bottom, or JSON, one object a line. */
import { EngramError } from '../../core/contract/errors.ts';
import type { CliEvent } from '../../core/contract/cli-events.ts';
import { truncate } from './format.ts';

const plainLineEveryMs = 5000;
const redrawEveryMs = 80;

export interface Output {
  readonly json: boolean;
  readonly verbose: boolean;
  /** The terminal's width; undefined where there is none, and lines may be of any length. */
  readonly columns: number | undefined;
  /** Text for people; nothing with `--json`. */
  line(text?: string): void;
  /** Replaces the live line; where there is no terminal, a plain line every few seconds. */
  live(text: string): void;
  /** Leaves the live line standing with this last text. */
  endLive(): void;
  /** For `--json` only. */
  event(event: CliEvent): void;
  /** A value that a command prints as JSON, as it is. */
  value(value: unknown): void;
  /** A remark beside the output proper: on standard error, nothing with `--json`. */
  remark(text: string): void;
  error(error: unknown): void;
  /** Raw text, for help. */
  write(text: string): void;
  /** Whoever read standard output has gone. */
  onClosed(listener: () => void): void;
}

/** Where text goes: a terminal, a pipe, or a test's ear. */
export type TextStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface OutputOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly json: boolean;
  readonly verbose: boolean;
}

export function createOutput({ stdout, stderr, json, verbose }: OutputOptions): Output {
  let closed = false;
  const listeners: (() => void)[] = [];
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!closed) for (const listener of listeners) listener();
    closed = true;
  });
  stderr.on('error', () => {});

  let live: string | undefined;
  let lastPlainMs: number | undefined;
  const write = (text: string) => {
    if (!closed) stdout.write(text);
  };
  const clear = () => {
    if (live !== undefined && stdout.isTTY === true) write('\r\x1b[2K');
  };
  let lastDrawMs = -Infinity;
  const draw = () => {
    if (live === undefined || stdout.isTTY !== true) return;
    lastDrawMs = performance.now();
    write(truncate(live, (stdout.columns ?? 80) - 1));
  };
  const around = (print: () => void) => {
    clear();
    print();
    draw();
  };
  const print = (value: unknown) => write(`${JSON.stringify(value)}\n`);

  return {
    json,
    verbose,
    get columns() {
      return stdout.isTTY === true ? (stdout.columns ?? 80) : undefined;
    },
    write,
    line: (text = '') => {
      if (!json) around(() => write(`${text}\n`));
    },
    live: (text) => {
      if (json) return;
      if (stdout.isTTY === true) {
        const due = performance.now() - lastDrawMs >= redrawEveryMs;
        if (due) clear();
        live = text;
        if (due) draw();
        return;
      }
      // What still is so is not said again.
      if (text === live) return;
      live = text;
      lastPlainMs ??= performance.now();
      if (performance.now() - lastPlainMs < plainLineEveryMs) return;
      lastPlainMs = performance.now();
      write(`${text}\n`);
    },
    endLive: () => {
      clear();
      draw();
      if (live !== undefined && stdout.isTTY === true) write('\n');
      live = undefined;
    },
    event: (event) => {
      if (json) print(event);
    },
    value: print,
    remark: (text) => {
      if (!json) around(() => stderr.write(`${text}\n`));
    },
    error: (error) => {
      const { code, message } = describeError(error);
      if (json) print({ event: 'error', code, message } satisfies CliEvent);
      else around(() => stderr.write(`engram: ${message}\n`));
      if (verbose && error instanceof Error) stderr.write(`${error.stack ?? ''}\n`);
    },
    onClosed: (listener) => listeners.push(listener),
  };
}

function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof EngramError) return { code: error.code, message: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message: `an unexpected error: ${reason} (--verbose shows where)` };
}
