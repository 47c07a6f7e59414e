/** Listens on the lab's socket. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { contractVersion } from '../../../core/contract/api/index.ts';
import { contractHeader, rpcPath } from '../../host-client/protocol.ts';
import { maximumMessageBytes } from './envelope.ts';

export interface Listener {
  /** Clients that are connected at this moment. */
  readonly connections: number;
  /** Tells the clients, and waits until the socket is free. */
  close(): Promise<void>;
}

/** What clients are told when the host leaves in order. */
const goingAway = 1001;
const patienceMs = 500;

/** The caller holds the lab's lock: a socket file that lies there was left by a host that died. */
export async function listen(socketPath: string, onConnection: (socket: WebSocket) => void): Promise<Listener> {
  const isFile = process.platform !== 'win32';
  if (isFile) rmSync(socketPath, { force: true });
  const http = createServer((_request, response) => response.writeHead(426).end('Engram speaks WebSocket here.\n'));
  const sockets = new WebSocketServer({ server: http, path: rpcPath, maxPayload: maximumMessageBytes, clientTracking: true });
  sockets.on('headers', (headers) => headers.push(`${contractHeader}: ${contractVersion}`));
  sockets.on('connection', onConnection);
  await open(http, socketPath);
  if (isFile) chmodSync(socketPath, 0o600);
  return {
    get connections() {
      return sockets.clients.size;
    },
    close: async () => {
      for (const client of sockets.clients) client.close(goingAway, 'the host leaves');
      const terminate = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        http.closeAllConnections();
      }, patienceMs);
      await new Promise((resolve) => http.close(resolve));
      clearTimeout(terminate);
    },
  };
}

function open(http: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(path, () => {
      http.off('error', reject);
      resolve();
    });
  });
}
