/** What host and client agree on beneath the contract. */

export const rpcPath = '/rpc';

/** In the answer to a client's first request: the host's contract version. */
export const contractHeader = 'x-engram-contract';

/** How a host leaves that found another one at work. */
export const hostExitCodes = { failed: 1, alreadyRunning: 3 } as const;
