/** The newest checkpoint, taken up now and then: each time page and inspector compute for about a second, beside the run that trains. */

/** Between one and the next, so that a training that saves often is not slowed down by more than a hundredth or two. */
const leastGapMs = 30_000;

export class FollowedCheckpoint {
  /** By its iteration: its file may become one of weights alone. Undefined until there is one. */
  iteration = $state<number | undefined>();
  #takenAtMs = -Infinity;

  /** @returns what stops waiting for its turn. */
  follow(newest: number | undefined): (() => void) | undefined {
    if (newest === undefined || newest === this.iteration) return undefined;
    const take = () => {
      this.iteration = newest;
      this.#takenAtMs = performance.now();
    };
    const waitMs = this.#takenAtMs + leastGapMs - performance.now();
    if (waitMs <= 0) {
      take();
      return undefined;
    }
    const timer = setTimeout(take, waitMs);
    return () => clearTimeout(timer);
  }
}
