/** What is attached to a memoized function; each method is a few words to its cache. Must not know how calls are served. */
import { after } from "../core/browser/soon.js";
import { isThenable, type Cache, type Origin } from "./cache.js";
import { clearBeingCalculated, keyOf, peek, remove } from "./glue.js";
import { INSIDE, type Inside } from "./inside.js";
import { entriesOf, keptOf, metricsOf } from "./lists.js";
import { policyOf, type Policy } from "./policy.js";
import type { Record as StoredValue } from "./record.js";
import { resultOf } from "./tasks.js";
import type { AnyFunction, CallOptions } from "./types.js";

type Arguments = readonly unknown[];

/** Makes `face` look like `fn` and carry the methods. */
export function attach(face: AnyFunction, fn: AnyFunction, cache: Cache): AnyFunction {
  const methods = methodsOf(cache);
  const stored = cache.isLater ? Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, later(method)])) : methods;
  // Configurable: whoever memoizes this face anew copies what it carries.
  Object.defineProperty(face, INSIDE, { value: insideOf(cache), configurable: true });
  return Object.assign(resemble(face, fn), stored, viewMethods(face, fn, cache));
}

/** The same method, whose result and failure are a promise's. */
function later(method: (...args: never[]) => unknown): (...args: never[]) => Promise<unknown> {
  // eslint-disable-next-line @typescript-eslint/require-await -- What it throws at once is to reject.
  return async (...args) => method(...args);
}

/** Name, length and whatever else the function carries, save what each function has of its own. */
function resemble(face: AnyFunction, fn: AnyFunction): AnyFunction {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- They are named to be left out.
  const { prototype, arguments: called, caller, ...own }: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(fn);
  return Object.defineProperties(face, own);
}

/** What is told or asked of the store. */
function methodsOf(cache: Cache): Record<string, (...args: never[]) => unknown> {
  return {
    clearCache: () => cache.clear(),
    clearBeingCalculated: () => resultOf(clearBeingCalculated(cache.engine)),
    precacheValue: (args: Arguments, value: unknown) => precache(cache, args, value),
    metrics: () => metricsOf(cache),
    peek: (...args: Arguments) => after(resultOf(peek(cache.about(args))), (record) => (record as StoredValue | undefined)?.settled),
    remove: (...args: Arguments) => resultOf(remove(cache.about(args))),
    entries: () => entriesOf(cache),
  };
}

function insideOf(cache: Cache): Inside {
  return {
    get label() {
      return cache.title;
    },
    entries: () => keptOf(cache),
    keep: (args, value, storedAt) => cache.keep(args, value, storedAt),
  };
}

/** What needs no store to answer. */
function viewMethods(face: AnyFunction, fn: AnyFunction, cache: Cache): object {
  return {
    cacheDpath: () => null,
    with: (options: CallOptions) => viewOf(fn, cache, policyOf(options)),
    trace: tracer(face, cache),
    keyOf: (...args: Arguments) => canonicalKey(cache, args),
    idle: () => cache.idle(),
  };
}

function precache(cache: Cache, args: Arguments, value: unknown): unknown {
  if (!Array.isArray(args)) throw new TypeError("precacheValue takes an array of the arguments, then the value");
  if (isThenable(value)) throw new TypeError("precacheValue takes the settled value, not a promise of it");
  return cache.precache(args, value);
}

/** The same function under other rules. */
function viewOf(fn: AnyFunction, cache: Cache, policy: Policy): AnyFunction {
  const view = function (this: unknown, ...args: unknown[]): unknown {
    return cache.callWith(this, args, policy);
  };
  return Object.assign(resemble(view, fn), { trace: tracer(view, cache, policy) });
}

/** Calls, and tells where the result came from: at once, or in a promise where the result is one. */
function tracer(face: AnyFunction, cache: Cache, policy?: Policy): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const origin: Origin = { outcome: "computed", age: 0 };
    // As `face.trace(…)` the function is its own `this`, which the traced call would not have had.
    const value = cache.callWith(this === face ? undefined : this, args, policy, origin);
    if (!isThenable(value)) return { value, ...origin };
    return Promise.resolve(value).then((settled) => ({ value: settled, ...origin }));
  };
}

/** The canonical bytes in hexadecimal. */
function canonicalKey(cache: Cache, args: Arguments): string {
  cache.about(args);
  return keyOf();
}
