// A clock turned by hand, in place of the machine's; knows nothing of what is timed.

const START = Date.UTC(2030, 0, 1);
const LONGEST_DELAY = 2 ** 31 - 1;
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
const realNow = Date.now;

/** Time as it passes outside; for limits on a test itself. */
export const machine = {
  after: (millis, action) => realSetTimeout(action, millis),
  cancel: (timer) => realClearTimeout(timer),
};

/**
 * Puts a fake clock in the place of `Date.now` and `setTimeout`, until it is removed. `storesRest` resolves once what was asked of
 * a store is answered.
 */
export function fakeClock(storesRest = () => undefined) {
  let now = START;
  let latest = 0;
  const timers = new Map();

  Date.now = () => now;
  globalThis.setTimeout = (callback, delay = 0, ...args) => {
    timers.set(++latest, { id: latest, at: now + effective(delay), ring: () => callback(...args) });
    return latest;
  };
  globalThis.clearTimeout = (id) => void timers.delete(id);

  function nextUntil(moment) {
    const due = [...timers.values()].filter(({ at }) => at <= moment);
    return due.sort((one, other) => one.at - other.at || one.id - other.id)[0];
  }

  async function settle() {
    await turn();
    await storesRest();
    await turn();
  }

  async function advance(millis) {
    const target = now + millis;
    await settle();
    for (let timer = nextUntil(target); timer !== undefined; timer = nextUntil(target)) {
      timers.delete(timer.id);
      now = Math.max(now, timer.at);
      timer.ring();
      await settle();
    }
    now = target;
  }

  return {
    now: () => now,
    /** Lets so much time pass: timers ring in their order, and what follows from them happens. */
    advance,
    /** Lets happen what is due now. */
    rest: () => advance(0),
    /** Moves the hands alone, as where the event loop is blocked or somebody sets the clock. */
    jump: (millis) => void (now += millis),
    /** Resolves after so much of this clock's time. */
    sleep: (millis) => new Promise((resolve) => globalThis.setTimeout(resolve, millis)),
    remove: () => {
      Date.now = realNow;
      Object.assign(globalThis, { setTimeout: realSetTimeout, clearTimeout: realClearTimeout });
    },
  };
}

/** Timers count in 32 bits; a delay that does not fit is none. */
function effective(delay) {
  return delay > 0 && delay <= LONGEST_DELAY ? delay : 0;
}

/** A turn of the machine's event loop, before which every promise that can settle has settled. */
function turn() {
  return new Promise((resolve) => realSetTimeout(resolve, 0));
}
