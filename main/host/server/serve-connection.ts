/** Speaks with one client: checks what comes, and sends no faster than the client reads. */
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer, type EncodedMessage } from '@orpc/standard-server-peer';
import type { WebSocket } from 'ws';
import type { HostLog } from '../host-log.ts';
import type { RequestHandler } from './create-handler.ts';
import { findEnvelopeProblem } from './envelope.ts';

/** While more bytes than this wait for the client, nothing that it asks is read. */
const maximumWaitingBytes = 16 * 2 ** 20;

/** WebSocket's code for messages that break the protocol. */
const policyViolation = 1008;

export function serveConnection(socket: WebSocket, handler: RequestHandler, log: HostLog): void {
  // Resolves once the bytes have gone: a stream's next event is made only then.
  const send = (message: EncodedMessage) =>
    new Promise<void>((resolve, reject) => {
      socket.send(message, (error) => {
        if (socket.isPaused && socket.bufferedAmount < maximumWaitingBytes / 2) socket.resume();
        if (error instanceof Error) reject(error);
        else resolve();
      });
      if (socket.bufferedAmount > maximumWaitingBytes) socket.pause();
    });
  const peer = new ServerPeer(send);
  const handle = createServerPeerHandleRequestFn(handler, { context: {} });

  socket.on('message', (data: Buffer, isBinary) => {
    const text = data.toString('utf8');
    const problem = isBinary ? 'messages are text' : findEnvelopeProblem(text);
    if (problem !== undefined) {
      socket.close(policyViolation, problem);
      return;
    }
    peer.message(text, handle).catch((error: unknown) => {
      // A client that has gone in the middle of an answer is nothing to remark.
      if (socket.readyState === socket.OPEN) log.error('an answer could not be sent', error);
    });
  });
  // ws closes the connection by itself, for instance after a message that is too long.
  socket.on('error', (error) => log.info(`a connection was closed: ${error.message}`));
  socket.on('close', () => {
    peer.close();
  });
}
