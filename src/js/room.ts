/** Room on the stack: an overflow inside the engine would break it for the whole page; must not know what the engine does. */

/** Their frames take some 6 KB, where the engine was seen to need 2,400 bytes. */
const LEVELS = 100;

/** Overflows, as any recursion that goes too deep, before the engine would. */
export function requireRoom(levels = LEVELS): number {
  return levels && requireRoom(levels - 1) + 1;
}
