/** Opens a connection to a host that listens. */
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { FailureError } from '../../core/contract/errors.ts';
import { contractHeader, rpcPath } from './protocol.ts';

export interface OpenSocket {
  readonly socket: WebSocket;
  /** The host's contract version. */
  readonly contract: number;
}

const handshakeTimeoutMs = 10_000;
/** Answers may be much larger than requests: lists of all runs. */
const maximumAnswerBytes = 512 * 2 ** 20;

/**
 * Connects to the socket or named pipe at `path`; undefined when nobody listens there.
 * @throws FailureError `host-not-yours` when it belongs to another user.
 */
export function openSocket(path: string): Promise<OpenSocket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://localhost${rpcPath}`, {
      createConnection: () => connect(path),
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: maximumAnswerBytes,
      perMessageDeflate: false,
    });
    let contract = 0;
    socket.once('upgrade', ({ headers }) => (contract = Number(headers[contractHeader])));
    socket.once('open', () => resolve({ socket, contract }));
    // Also after the opening: what breaks a connection is seen by its `close`.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EACCES' || error.code === 'EPERM') reject(new FailureError('host-not-yours', `${path} belongs to another user`));
      else resolve(undefined);
    });
  });
}
