/** Signs of runs outside the windows: notifications, and progress in the task bar. */
import { BrowserWindow, Notification } from 'electron';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { showRoute } from './windows.ts';

const endings: Partial<Record<RunSummary['status'], string>> = {
  finished: 'has finished',
  failed: 'has failed',
  interrupted: 'was interrupted',
};

/** Nothing for those who look at a window of ours, and for what they asked for themselves. */
export function showEnding({ id, name, spec, status, reason, loss }: RunSummary): void {
  const ending = endings[status];
  if (ending === undefined || BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
  const title = name === '' ? `${spec.experiment}, ${spec.variant}, seed ${spec.seed}` : name;
  const body = reason ?? (loss === null ? '' : `loss ${loss.toPrecision(4)} after ${spec.episodes.toLocaleString('en')} episodes`);
  const notification = new Notification({ title: `${title} ${ending}`, body });
  notification.on('click', () => showRoute(`/runs/${id}`));
  notification.show();
}

export function showProgress(runs: readonly RunSummary[]): void {
  const asked = runs.reduce((sum, { spec }) => sum + spec.episodes, 0);
  const done = runs.reduce((sum, { episodes }) => sum + episodes, 0);
  for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(asked === 0 ? -1 : done / asked);
}
