/** The windows: what they look like when they open, and what becomes of one whose page crashes. */
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import type { MenuCommand } from '../../core/contract/window.ts';
import { channels } from '../../core/contract/window-channels.ts';
import type { Application } from './application.ts';
import { preferences } from './preferences.ts';
import { appOrigin } from './protocols.ts';

const smallest = { width: 640, height: 480 };
/** Two crashes within this time are no accident. */
const crashPatienceMs = 60_000;
const crashPage = `${appOrigin}/crashed.html`;

const reloads = new WeakMap<BrowserWindow, () => void>();

let open: (route?: string) => BrowserWindow = () => {
  throw new Error('windows are not set up yet');
};

export function setupWindows({ built }: Application): void {
  nativeTheme.themeSource = preferences().get('theme');
  open = (route = '') => createWindow(built.preload, route);
  open();
  app.on('second-instance', () => showWindow());
  app.on('activate', () => showWindow());
}

export function openWindow(route = ''): BrowserWindow {
  return open(route);
}

/** The window in front, or a new one. */
function showWindow(): BrowserWindow {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0] ?? open();
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return window;
}

/** The page anew, where it is; from the crash page, back to where one was. */
export function reloadWindow(): void {
  reloads.get(showWindow())?.();
}

/** To the page in front. */
export function sendCommand(command: MenuCommand): void {
  send(showWindow(), channels.menu, command);
}

export function showRoute(route: string): void {
  send(showWindow(), channels.route, route);
}

/** A page that is loading does not listen yet. */
function send({ webContents }: BrowserWindow, channel: string, value: string): void {
  if (webContents.isLoading()) webContents.once('did-finish-load', () => webContents.send(channel, value));
  else webContents.send(channel, value);
}

function createWindow(preload: string, route: string): BrowserWindow {
  const window = new BrowserWindow({
    ...placeOnScreen(),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Engram',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181c' : '#fbfbfa',
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    preferences().set('window', { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  if (preferences().get('window')?.maximized === true) window.maximize();
  reviveAfterCrash(window, route);
  void window.loadURL(`${appOrigin}/#${route}`);
  return window;
}

/** Where the last window was, if that is on a screen still. */
function placeOnScreen(): { width: number; height: number; x?: number; y?: number } {
  const saved = preferences().get('window');
  if (saved === undefined) return { width: 1360, height: 860 };
  const { x, y, width, height } = saved;
  const isSeen = screen.getAllDisplays().some(({ workArea: area }) => {
    return x < area.x + area.width - 80 && x + width > area.x + 80 && y >= area.y - 20 && y < area.y + area.height - 40;
  });
  return isSeen ? { width, height, x, y } : { width, height };
}

/** Host and runs go on meanwhile. A page that crashes again at once is replaced by one that says so. */
function reviveAfterCrash(window: BrowserWindow, route: string): void {
  const { webContents } = window;
  let crashedMs = -Infinity;
  let address = `${appOrigin}/#${route}`;
  const isCrashPage = () => webContents.getURL().startsWith(crashPage);
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const again = performance.now() - crashedMs < crashPatienceMs;
    crashedMs = performance.now();
    if (webContents.getURL().startsWith(appOrigin) && !isCrashPage()) address = webContents.getURL();
    void window.loadURL(again ? crashPage : address);
  });
  // The link of the crash page, which is refused like any other, leads back to where one was.
  webContents.on('will-frame-navigate', () => {
    if (isCrashPage()) setTimeout(() => void window.loadURL(address));
  });
  reloads.set(window, () => {
    if (isCrashPage()) void window.loadURL(address);
    else webContents.reload();
  });
}
