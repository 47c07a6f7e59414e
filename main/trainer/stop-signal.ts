/** Ctrl-C for a trainer: the first one asks it to finish its iteration and leave, a second one ends it at once. */
import { exitCodes } from '../../core/contract/exit-codes.ts';

export interface StopSignal {
  readonly requested: boolean;
}

export function listenForStop(): StopSignal {
  let requested = false;
  const stop = () => {
    if (requested) process.exit(exitCodes.interrupted);
    requested = true;
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    get requested() {
      return requested;
    },
  };
}
