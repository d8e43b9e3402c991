/** Room on the stack: an overflow inside the engine would break it for the whole page; must not know what the engine does. */

/** As arguments these take 4,800 bytes of V8's stack, where the engine was seen to need 2,400; in Firefox they lie elsewhere. */
const BALLAST = new Array<unknown>(600);

/** Overflows, as any recursion that goes too deep, before the engine would. */
export function requireRoom(): void {
  Reflect.apply(isNaN, undefined, BALLAST);
}
