/** A package index on this machine that has the CPU wheel's name, and gives what a test wants of it (not used by the product). */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpuWheel as wheel } from './set-up-root.ts';

export interface WheelServer {
  /** What pip has to be told so that it asks here and nowhere else. */
  readonly environment: Record<string, string>;
  /** The ranges that were asked for, `` for a beginning. */
  readonly ranges: string[];
  /** Bytes that it gives of what is asked for before it falls silent; `refused`: it has none. */
  gives: number | 'refused';
  close(): Promise<void>;
}

export async function startWheelServer(): Promise<WheelServer> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    if (request.url?.endsWith(wheel.filename) !== true) {
      const link = `<a href="/files/${wheel.filename}#sha256=${wheel.sha256}">${wheel.filename}</a>`;
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!DOCTYPE html><html><body>${link}</body></html>`);
      return;
    }
    const range = request.headers.range ?? '';
    ranges.push(range);
    if (self.gives === 'refused') response.writeHead(403).end('no');
    else give(response, Number(/\d+/.exec(range)?.[0] ?? 0), self.gives);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const self: WheelServer = {
    environment: {
      PIP_INDEX_URL: `http://127.0.0.1:${port}/simple/`,
      PIP_EXTRA_INDEX_URL: '',
      PIP_FIND_LINKS: '',
      PIP_NO_INDEX: '',
      PIP_CONFIG_FILE: '/dev/null',
    },
    ranges,
    gives: 'refused',
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return self;
}

function give(response: ServerResponse, from: number, bytes: number): void {
  const range = from === 0 ? {} : { 'content-range': `bytes ${from}-${wheel.bytes - 1}/${wheel.bytes}` };
  response.writeHead(from === 0 ? 200 : 206, { 'content-length': wheel.bytes - from, ...range });
  response.write(Buffer.alloc(bytes, 1));
}
