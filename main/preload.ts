/** Gives a page its one global: typed requests to the window, and the way to the lab host. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { channels, portMessage } from '../core/contract/window-channels.ts';
import type { EngramWindow, HostTrouble, WindowRequest } from '../core/contract/window.ts';

/** Of the page's world this file needs only this. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, origin: string, ports: readonly unknown[]): void;
};

const listen = (channel: string, listener: (value: never) => void) => {
  const heard = (_event: IpcRendererEvent, value: unknown) => listener(value as never);
  ipcRenderer.on(channel, heard);
  return () => void ipcRenderer.off(channel, heard);
};

const engram: EngramWindow = {
  ask: (name: WindowRequest, input: unknown) => ipcRenderer.invoke(channels.ask, name, input),
  connect: () => ipcRenderer.send(channels.connect),
  pathOf: (file) => webUtils.getPathForFile(file),
  onMenu: (listener) => listen(channels.menu, listener),
  onRoute: (listener) => listen(channels.route, listener),
};

contextBridge.exposeInMainWorld('engram', engram);
// A port cannot cross the bridge; a message to the page can carry it.
ipcRenderer.on(channels.port, (event, trouble: HostTrouble | null) => {
  window.postMessage({ type: portMessage, trouble }, window.location.origin, event.ports);
});
