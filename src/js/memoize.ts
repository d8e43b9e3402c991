/** From a function and options to a memoized function: picks the way hits are found, attaches the methods; must not know steps. */
import { Cache } from "./cache.js";
import { clockOf, readClock } from "./clock.js";
import { collect, define } from "./glue.js";
import { Home } from "./home.js";
import { keyer } from "./key.js";
import { onStart, requireLoadable } from "./loader.js";
import { attach } from "./methods.js";
import { copyOf, DEFINITION, handOver } from "./options.js";
import { isFresh, isFreshNow, isWithin } from "./record.js";
import { plainTraits } from "./plain.js";
import { enlist, getParams, isUntouched, join } from "./registry.js";
import * as Trait from "./trait.js";
import type { AnyFunction, AsyncFunction, Methods, Options, StoredOptions } from "./types.js";

/** See `memoize` in types.d.ts. */
export function memoize<F extends AsyncFunction>(fn: F, options: StoredOptions<F>): F & Methods<F, true>;
export function memoize<F extends AnyFunction>(fn: F, options?: Options<F>): F & Methods<F>;
export function memoize(fn: AnyFunction, options?: Options | StoredOptions): AnyFunction {
  requireFunction(fn);
  const given = copyOf(options);
  const cache = makeCache(fn, given);
  enlist(cache, given?.name !== undefined);
  return attach(pickFace(cache, given), fn, cache);
}

function makeCache(fn: AnyFunction, given: Options | StoredOptions | undefined): Cache {
  const isLater = given?.core === "indexeddb";
  const isAsync = isLater || (given?.async ?? isAsyncFunction(fn));
  const home = homeOf(given, isAsync);
  return new Cache({
    fn,
    define: definer(fn.name || "anonymous", given, home),
    traits: knownTraits(given),
    keyOf: keyer(given?.key, given?.scope),
    now: clockOf(given?.clockResolution),
    isAsync,
    home,
    isLater,
    onEvent: given?.onEvent,
  });
}

function requireFunction(fn: unknown): void {
  if (typeof fn !== "function") throw new TypeError(`memoize takes a function, not ${typeof fn}`);
}

function homeOf(options: Options | StoredOptions | undefined, isAsync: boolean): Home | undefined {
  const core = options?.core ?? "memory";
  return core === "memory" ? undefined : new Home(isAsync, core);
}

onStart(() => {
  join();
  rehearse();
});

/** Browsers compile what is called first, which takes room that there is not where the stack is about to end. */
function rehearse(): void {
  const cache = makeCache((mustFail: unknown) => {
    if (mustFail !== undefined) throw mustFail as Error;
  }, undefined);
  cache.call(undefined, []);
  try {
    cache.callWith(undefined, [1]);
  } catch {
    cache.callWith(undefined, []);
  }
}

/** What the engine asks of the front, where it need not be asked. If it cannot be started, whoever defines is told, and not whoever calls. */
function knownTraits(given: object | undefined): number | undefined {
  if (given !== undefined || !isUntouched()) return undefined;
  requireLoadable();
  return plainTraits;
}

/** What makes the engine's part; it must not know the function. */
function definer(ownName: string, given: Options | StoredOptions | undefined, home: Home | undefined): (cache: Cache) => number {
  return (cache) => {
    handOver(given, DEFINITION);
    const engine = define(ownName, home);
    engines.register(cache, engine);
    return engine;
  };
}

/** What the engine holds of a function goes when the function does. */
const engines = new FinalizationRegistry(collect);

function isAsyncFunction(fn: AnyFunction): boolean {
  return Object.prototype.toString.call(fn) === "[object AsyncFunction]";
}

function pickFace(cache: Cache, options: Options | StoredOptions | undefined): AnyFunction {
  if (options?.key ?? options?.scope ?? options?.onEvent) return careful(cache);
  // A guess: with global parameters that change later the front is found all the same, only not as quickly.
  const isLimited = options?.staleAfter !== undefined || getParams().staleAfter !== undefined;
  return cache.traits & (Trait.BOUNDED | Trait.METERED) ? noting(cache, isLimited) : unnoticed(cache, isLimited);
}

function noting(cache: Cache, isLimited: boolean): AnyFunction {
  return isLimited || cache.traits & Trait.BOUNDED ? tracked(cache) : counted(cache);
}

function unnoticed(cache: Cache, isLimited: boolean): AnyFunction {
  if (!isLimited) return quick(cache);
  return cache.now === readClock ? limited(cache) : ticking(cache);
}

/** The face without limits, bounds, counters, own key and scope: a hit is one call, one look into a map, two comparisons. */
function quick(cache: Cache): AnyFunction {
  // What is null there is being calculated.
  const { singles, pairs } = cache.values;
  const slow = careful(cache);
  const missed = function (this: unknown, ...args: unknown[]): unknown {
    return cache.missed(this, args);
  };
  return function (this: unknown, ...args: unknown[]): unknown {
    const found = args.length < 2 ? singles.get(args[0]) : args.length === 2 ? pairs.get(args[0])?.get(args[1]) : undefined;
    // Forwarded and not handed over, the list of arguments is never made on a hit.
    return found ?? (found === null ? slow : missed).apply(this as never, args as never);
  };
}

/** The same, and hits are counted. */
function counted(cache: Cache): AnyFunction {
  const { singles, pairs } = cache.values;
  const slow = careful(cache);
  return function (this: unknown, ...args: unknown[]): unknown {
    const found = args.length < 2 ? singles.get(args[0]) : args.length === 2 ? pairs.get(args[0])?.get(args[1]) : undefined;
    if (found === undefined || found === null) return slow.apply(this as never, args as never);
    cache.hits++;
    return found;
  };
}

/** The face that looks at the clock. */
function limited(cache: Cache): AnyFunction {
  const { now, records } = cache;
  const { singles, pairs } = records;
  const slow = careful(cache);
  return function (this: unknown, ...args: unknown[]): unknown {
    const record = args.length < 2 ? singles.get(args[0]) : args.length === 2 ? pairs.get(args[0])?.get(args[1]) : undefined;
    return record !== undefined && isWithin(record, now()) ? record.value : slow.apply(this as never, args as never);
  };
}

/** The face that asks of a record once in each tick of the clock. */
function ticking(cache: Cache): AnyFunction {
  const { now, records } = cache;
  const { singles, pairs } = records;
  const slow = careful(cache);
  return function (this: unknown, ...args: unknown[]): unknown {
    const record = args.length < 2 ? singles.get(args[0]) : args.length === 2 ? pairs.get(args[0])?.get(args[1]) : undefined;
    if (record === undefined || !(record.freshIn === now.tick || isFreshNow(record, now))) return slow.apply(this as never, args as never);
    return record.value;
  };
}

/** The face that looks at the clock, and notes what eviction and metrics want to know. */
function tracked(cache: Cache): AnyFunction {
  const { now, records } = cache;
  const { singles, pairs } = records;
  const slow = careful(cache);
  return function (this: unknown, ...args: unknown[]): unknown {
    const record = args.length < 2 ? singles.get(args[0]) : args.length === 2 ? pairs.get(args[0])?.get(args[1]) : undefined;
    if (record === undefined || !isFresh(record, now)) return slow.apply(this as never, args as never);
    record.used = true;
    cache.hits++;
    return record.value;
  };
}

/** The face of definitions whose key takes code of the user's, or whose events go to it; and the slow way of the others. */
function careful(cache: Cache): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    return cache.call(this, args);
  };
}
