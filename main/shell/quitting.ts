/** Leaving while runs train: they go on without a window, unless somebody says otherwise. */
import { app, BrowserWindow, dialog } from 'electron';
import type { RunWatch } from './run-watch.ts';

export function setupQuitting(watch: RunWatch): void {
  let decided = false;
  app.on('window-all-closed', () => app.quit());
  app.on('browser-window-created', (_created, window) => {
    window.on('close', (event) => {
      if (decided || BrowserWindow.getAllWindows().length > 1) return;
      // The question is asked while the last window is there still.
      event.preventDefault();
      app.quit();
    });
  });
  app.on('before-quit', (event) => {
    if (decided) return;
    event.preventDefault();
    void decide(watch).then((leaves) => {
      if (!leaves) return;
      decided = true;
      watch.close();
      app.quit();
    });
  });
}

async function decide(watch: RunWatch): Promise<boolean> {
  const { length } = watch.active();
  if (length === 0) return true;
  const runs = length === 1 ? 'A run is' : `${length} runs are`;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `${runs} training`,
    detail:
      'Without the window, training goes on and everything is kept. Stopping saves a checkpoint first; a stopped run can be resumed exactly.',
    buttons: ['Leave running', 'Stop with a checkpoint', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  });
  if (response === 1) await watch.stopAll();
  return response !== 2;
}
