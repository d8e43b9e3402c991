/** The clock of the hit test; must not know what is judged by it. */

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** Looked up at each reading, so that a clock put in its place by a test is followed. */
export function readClock(): number {
  return Date.now();
}

/** A clock that may be `resolution` milliseconds behind, and as much longer as the thread is blocked. */
export function clockOf(resolution: number | undefined): Clock {
  if (resolution === undefined || resolution <= 0) return readClock;
  let moment: number | undefined;
  const forget = (): void => {
    moment = undefined;
  };
  return () => {
    if (moment !== undefined) return moment;
    letGo(setTimeout(forget, resolution));
    return (moment = readClock());
  };
}

/** A clock alone keeps no program alive. In browsers a timer is a number, which does not either. */
function letGo(timer: unknown): void {
  (timer as { unref?: () => void }).unref?.();
}
