/** Room on the stack: an overflow inside the engine would break it for the whole page; must not know what the engine does. */

/** Their frames take some 6 KB. The engine was seen to need 2,400 bytes in Node; in Firefox 4 KB of frames were too few. */
const LEVELS = 40;

/** To start it takes more: what is compiled, and what is called for the first time. */
const LEVELS_TO_START = 400;

/** Overflows, as any recursion that goes too deep, before the engine would. */
export function requireRoom(): void {
  takeFrames(LEVELS);
}

/** The same before it is started. */
export function requireRoomToStart(): void {
  takeFrames(LEVELS_TO_START);
}

/** What is handed on makes each frame wider: processors return from few frames much faster than from many. */
function takeFrames(
  levels: number,
  one?: unknown,
  two?: unknown,
  three?: unknown,
  four?: unknown,
  five?: unknown,
  six?: unknown,
  seven?: unknown,
  eight?: unknown,
  nine?: unknown,
  ten?: unknown,
  eleven?: unknown,
  twelve?: unknown,
  thirteen?: unknown,
  fourteen?: unknown,
): number {
  if (levels === 0) return 0;
  const frames = takeFrames(
    levels - 1,
    one,
    two,
    three,
    four,
    five,
    six,
    seven,
    eight,
    nine,
    ten,
    eleven,
    twelve,
    thirteen,
    fourteen,
  );
  return frames + 1;
}
