/** What no page may do, whatever it contains. */
import { app, session } from 'electron';
import { appOrigin } from './protocols.ts';

const allowed = 'clipboard-sanitized-write';

export function setupSecurity(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === allowed && isOurPage(contents.getURL()));
  });
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) => permission === allowed && isOurPage(origin));
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event) => event.preventDefault());
  // Nothing is ever fetched from anywhere.
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !/^(app|lab|devtools|data|blob):/.test(details.url) });
  });
}

/** Whether a message comes from our own page: its topmost frame, at our own address. */
export function isOurs(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && isOurPage(frame.url);
}

/** `app://engram.example` only begins like ours. */
function isOurPage(url: string): boolean {
  return url === appOrigin || url.startsWith(`${appOrigin}/`);
}
