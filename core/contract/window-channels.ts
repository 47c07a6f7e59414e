/** How messages between a page and its window are called; apart from their schemas, because the preload script carries no packages. */

export const channels = {
  ask: 'engram:ask',
  connect: 'engram:connect',
  port: 'engram:port',
  menu: 'engram:menu',
  route: 'engram:route',
} as const;

/** The message with which a page gets its port. */
export const portMessage = 'engram-port';
