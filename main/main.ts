/** The window's main process: a list of what it sets up. */
import { app } from 'electron';
import { setupApplication, type Application } from './shell/application.ts';
import { setupMenu } from './shell/menu.ts';
import { registerSchemes, setupProtocols } from './shell/protocols.ts';
import { setupQuitting } from './shell/quitting.ts';
import { setupRelay } from './shell/relay.ts';
import { setupRequests } from './shell/requests.ts';
import { setupRunWatch } from './shell/run-watch.ts';
import { setupSecurity } from './shell/security.ts';
import { setupWindows } from './shell/windows.ts';

registerSchemes();
const application = setupApplication();
// Not awaited: Electron becomes ready when this file has ended.
if (application !== undefined) void app.whenReady().then(() => setup(application));

function setup(application: Application): void {
  setupSecurity();
  setupProtocols(application);
  setupRequests(application);
  setupRelay(application);
  setupMenu();
  setupQuitting(setupRunWatch(application));
  setupWindows(application);
}
