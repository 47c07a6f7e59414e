/** Answers what pages ask of their window; every input is checked, and so is who asks. */
import { app, BrowserWindow, dialog, ipcMain, nativeTheme, shell, type OpenDialogOptions } from 'electron';
import { writeFile } from 'node:fs/promises';
import { basename, resolve, sep } from 'node:path';
import { windowRequests, type PickPurpose, type WindowAnswers, type WindowInput, type WindowRequest } from '../../core/contract/window.ts';
import { channels } from '../../core/contract/window-channels.ts';
import type { Application } from './application.ts';
import { preferences } from './preferences.ts';
import { isOurs } from './security.ts';
import { openWindow } from './windows.ts';

type Handlers = {
  readonly [Name in WindowRequest]: (input: WindowInput<Name>, window: BrowserWindow) => Promise<WindowAnswers[Name]> | WindowAnswers[Name];
};

const picks: Record<PickPurpose, OpenDialogOptions> = {
  'dataset-file': {
    title: 'Choose a data set',
    properties: ['openFile'],
    filters: [
      { name: 'Archives', extensions: ['gz', 'tgz', 'zip'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  'dataset-folder': { title: 'Choose a data set’s folder', properties: ['openDirectory'] },
  archive: { title: 'Choose a run archive', properties: ['openFile'], filters: [{ name: 'Engram archives', extensions: ['gz'] }] },
  weights: {
    title: 'Choose weights: w, alpha, eta',
    properties: ['openFile'],
    filters: [{ name: 'Arrays', extensions: ['safetensors', 'npz'] }],
  },
  'export-folder': { title: 'Choose a folder to export into', properties: ['openDirectory', 'createDirectory'] },
};

export function setupRequests(application: Application): void {
  const handlers = createHandlers(application);
  ipcMain.handle(channels.ask, async (event, name: unknown, input: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!isOurs(event.senderFrame) || window === null) throw new Error('only Engram’s own page may ask');
    if (typeof name !== 'string' || !Object.hasOwn(windowRequests, name)) throw new Error(`there is no request ${JSON.stringify(name)}`);
    return await answer(handlers, name as WindowRequest, input, window);
  });
}

async function answer<Name extends WindowRequest>(
  handlers: Handlers,
  name: Name,
  input: unknown,
  window: BrowserWindow,
): Promise<WindowAnswers[Name]> {
  return await handlers[name](windowRequests[name].parse(input) as WindowInput<Name>, window);
}

function createHandlers({ dataFolder }: Application): Handlers {
  return {
    pick: async ({ purpose }, window) => (await dialog.showOpenDialog(window, picks[purpose])).filePaths[0] ?? null,
    save: async ({ name, bytes }, window) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: basename(name) });
      if (canceled || filePath === '') return null;
      await writeFile(filePath, bytes);
      return filePath;
    },
    reveal: ({ path }) => {
      const place = resolve(path);
      if (place !== dataFolder && !place.startsWith(dataFolder + sep)) throw new Error(`${place} is not in the lab's folder`);
      shell.showItemInFolder(place);
      return null;
    },
    theme: ({ theme }) => {
      preferences().set('theme', theme);
      nativeTheme.themeSource = theme;
      return null;
    },
    openWindow: ({ route }) => {
      openWindow(route);
      return null;
    },
    about: () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      chrome: process.versions.chrome,
      platform: `${process.platform} ${process.arch}`,
      dataFolder,
      theme: preferences().get('theme'),
    }),
  };
}
