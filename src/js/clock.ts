/** The clock of the hit test; must not know what is judged by it. */

/** A time in which a clock says the same. */
export interface Tick {
  readonly moment: number;
}

/** Milliseconds since the epoch. */
export interface Clock {
  (): number;
  /** The tick that is not over yet; none before the next reading, or where each may be another. */
  tick?: Tick | undefined;
}

/** Looked up at each reading, so that a clock put in its place by a test is followed. */
export function readClock(): number {
  return Date.now();
}

/** A clock that may be `resolution` milliseconds behind, and as much longer as the thread is blocked. */
export function clockOf(resolution: number | undefined): Clock {
  if (resolution === undefined || resolution <= 0) return readClock;
  const begin = (): Tick => {
    letGo(setTimeout(() => (clock.tick = undefined), resolution));
    return { moment: readClock() };
  };
  const clock: Clock = () => (clock.tick ??= begin()).moment;
  return clock;
}

/** A clock alone keeps no program alive. In browsers a timer is a number, which does not either. */
function letGo(timer: unknown): void {
  (timer as { unref?: () => void }).unref?.();
}
