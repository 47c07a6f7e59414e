/** The host's side of a stage (not used by the product): real messages of the contract, answered by the few procedures that a component needs. */
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { labContract } from '../../core/contract/api/index.ts';
import type { EngramWindow } from '../../core/contract/window.ts';
import { portMessage } from '../../core/contract/window-channels.ts';

export const procedures = implement(labContract);

const served = Promise.withResolvers<ConstructorParameters<typeof RPCHandler>[0]>();

/** Answers with these from now on; what is missing is refused, as the contract says of what it does not know. */
export function serve(router: ConstructorParameters<typeof RPCHandler>[0]): void {
  served.resolve(router);
}

export const standInWindow: EngramWindow = {
  ask: () => Promise.reject(new Error('a stage has no window')),
  connect: () => void served.promise.then(giveWay),
  pathOf: ({ name }) => name,
  onMenu: () => () => {},
  onRoute: () => () => {},
};

function giveWay(router: ConstructorParameters<typeof RPCHandler>[0]): void {
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(router).upgrade(port2);
  port2.start();
  window.postMessage({ type: portMessage }, '*', [port1]);
}
