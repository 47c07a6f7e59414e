/** The native menu: everything in it is in the command palette, too. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../core/contract/window.ts';
import { openWindow, reloadWindow, sendCommand } from './windows.ts';

const isMac = process.platform === 'darwin';

export function setupMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...(isMac ? [applicationMenu()] : []), fileMenu(), editMenu(), viewMenu(), goMenu(), helpMenu()]),
  );
}

function item(label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions {
  return { label, click: () => sendCommand(command), ...(accelerator === undefined ? {} : { accelerator }) };
}

function applicationMenu(): MenuItemConstructorOptions {
  return {
    label: app.name,
    submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'hide' }, { role: 'unhide' }, { type: 'separator' }, { role: 'quit' }],
  };
}

function fileMenu(): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      item('New run…', 'new-run', 'CmdOrCtrl+N'),
      { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: () => void openWindow() },
      { type: 'separator' },
      item('Import data set…', 'import-dataset', 'CmdOrCtrl+I'),
      item('Import run archive…', 'import-archive'),
      { type: 'separator' },
      { role: 'close' },
      ...(isMac ? [] : [{ role: 'quit', accelerator: 'CmdOrCtrl+Q' } as const]),
    ],
  };
}

function editMenu(): MenuItemConstructorOptions {
  return {
    label: '&Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      { type: 'separator' },
      item('Find…', 'find', 'CmdOrCtrl+F'),
    ],
  };
}

function viewMenu(): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      item('Command palette…', 'palette', 'CmdOrCtrl+K'),
      { type: 'separator' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'resetZoom' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { label: 'Reload', accelerator: 'CmdOrCtrl+R', click: reloadWindow },
      { role: 'toggleDevTools' },
    ],
  };
}

function goMenu(): MenuItemConstructorOptions {
  const places: readonly [string, MenuCommand][] = [
    ['Runs', 'runs'],
    ['Compare', 'compare'],
    ['Data sets', 'datasets'],
    ['Queue', 'queue'],
    ['System', 'system'],
  ];
  return { label: '&Go', submenu: places.map(([label, command], index) => item(label, command, `CmdOrCtrl+${index + 1}`)) };
}

function helpMenu(): MenuItemConstructorOptions {
  return { role: 'help', label: '&Help', submenu: [item('Keyboard shortcuts', 'shortcuts'), item('About and licences', 'about')] };
}
