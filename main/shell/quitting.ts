/** Leaving while runs train: they go on without a window, unless somebody says otherwise. */
import { app, BrowserWindow, dialog, type MessageBoxOptions } from 'electron';
import type { RunWatch } from './run-watch.ts';

export function setupQuitting(watch: RunWatch): void {
  let state: 'open' | 'asking' | 'decided' = 'open';
  app.on('window-all-closed', () => app.quit());
  app.on('browser-window-created', (_created, window) => {
    window.on('close', (event) => {
      if (state === 'decided' || BrowserWindow.getAllWindows().length > 1) return;
      // The question is asked while the last window is there still.
      event.preventDefault();
      setTimeout(() => app.quit());
    });
  });
  app.on('before-quit', (event) => {
    if (state === 'decided') return;
    event.preventDefault();
    if (state === 'asking') return;
    state = 'asking';
    void decide(watch).then((leaves) => {
      state = leaves ? 'decided' : 'open';
      if (!leaves) return;
      // Not within this event, which is still being refused: Electron would close the windows and then forget why.
      setTimeout(() => app.quit());
    });
  });
}

/** Whether to leave. */
async function decide(watch: RunWatch): Promise<boolean> {
  const { running, waiting } = watch.count();
  if (running === 0) return true;
  const { response } = await ask({
    type: 'question',
    message: `${running === 1 ? 'A run is' : `${running} runs are`} training`,
    detail: [
      'Without the window, training goes on, what waits is started in its turn, and everything is kept.',
      `Stopping saves a checkpoint first, so that a run can be resumed exactly${waiting === 0 ? '.' : `; the ${waiting} waiting in the queue stay there, and the queue is on hold until you let it go on.`}`,
    ].join('\n\n'),
    buttons: ['Leave running', 'Stop with a checkpoint', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  });
  return response === 1 ? await stopAll(watch) : response === 0;
}

async function stopAll(watch: RunWatch): Promise<boolean> {
  try {
    await watch.stopAll();
    return true;
  } catch (error) {
    await ask({
      type: 'error',
      message: 'Not every run has stopped',
      detail: `${error instanceof Error ? error.message : String(error)}\n\nThe window stays open.`,
      buttons: ['Close'],
    });
    return false;
  }
}

async function ask(question: MessageBoxOptions): Promise<{ response: number }> {
  const [window] = BrowserWindow.getAllWindows();
  return window === undefined ? await dialog.showMessageBox(question) : await dialog.showMessageBox(window, question);
}
