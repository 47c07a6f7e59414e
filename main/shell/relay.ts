/** Passes frames between a page's port and the lab host's socket, unread. A page whose port has closed asks for another one. */
import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import type { RawData, WebSocket } from 'ws';
import type { HostTrouble } from '../../core/contract/window.ts';
import { channels } from '../../core/contract/window-channels.ts';
import { EngramError } from '../../core/contract/errors.ts';
import { reachHost } from '../host-client/connection.ts';
import type { Application } from './application.ts';
import { createLabGuard } from './lab-guard.ts';
import { isOurs } from './security.ts';

export function setupRelay({ dataFolder, program }: Application): void {
  const requireLab = createLabGuard(dataFolder);
  const reach = async () => {
    requireLab();
    return await reachHost(dataFolder, program);
  };
  ipcMain.on(channels.connect, (event) => {
    if (!isOurs(event.senderFrame)) return;
    const page = event.sender;
    reach().then(
      ({ socket }) => join(page, socket),
      (error: unknown) => {
        if (!page.isDestroyed()) page.postMessage(channels.port, describe(error));
      },
    );
  });
}

function join(page: WebContents, socket: WebSocket): void {
  if (page.isDestroyed()) {
    socket.close();
    return;
  }
  const { port1, port2 } = new MessageChannelMain();
  forward(port1, socket);
  page.postMessage(channels.port, null, [port2]);
}

function forward(port: MessagePortMain, socket: WebSocket): void {
  socket.on('message', (data: RawData, isBinary) => port.postMessage(isBinary ? toArrayBuffer(data) : toBuffer(data).toString()));
  socket.on('close', () => port.close());
  // `close` follows.
  socket.on('error', () => {});
  port.on('message', ({ data }: { data: unknown }) => {
    if (typeof data === 'string' || data instanceof ArrayBuffer) socket.send(data);
  });
  port.on('close', () => socket.close());
  port.start();
}

function toBuffer(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
}

function toArrayBuffer(data: RawData): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = toBuffer(data);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

function describe(error: unknown): HostTrouble {
  if (error instanceof EngramError) return { code: error.code, message: error.message };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}
