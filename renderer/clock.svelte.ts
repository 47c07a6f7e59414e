/** The time by which pages say how long ago something was; it moves now and then. */
const everyMs = 20_000;

class Clock {
  nowMs = $state(Date.now());

  constructor() {
    setInterval(() => (this.nowMs = Date.now()), everyMs);
  }
}

export const clock = new Clock();
