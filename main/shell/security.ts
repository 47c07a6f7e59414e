/** What no page may do, whatever it contains. */
import { app, session } from 'electron';
import { appOrigin } from './protocols.ts';

export function setupSecurity(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'clipboard-sanitized-write'));
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => {
    return permission === 'clipboard-sanitized-write' && origin.startsWith(appOrigin);
  });
  session.defaultSession.on('will-download', (event) => event.preventDefault());
  // Nothing is ever fetched from anywhere.
  session.defaultSession.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !/^(app|lab|devtools|data|blob):/.test(details.url) });
  });
}

/** Whether a message comes from our own page. */
export function isOurs(frame: { readonly url: string } | null): boolean {
  return frame?.url.startsWith(appOrigin) ?? false;
}
