/**
 * The public types of `cachier`, written by hand and shipped as index.d.ts; know nothing of the implementation.
 *
 * @module cachier
 */

/** Any function. */
export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** Any function that returns promises. */
export type AsyncFunction = (this: never, ...args: never[]) => PromiseLike<unknown>;

/** Milliseconds, or a text such as `"1h 30m"`, `"3d"`, `"500ms"`. */
export type Duration = number | string;

/** Bytes, or a text such as `"10MB"`, `"64KiB"`. */
export type Size = number | string;

/** A part of the identity of each call: the current user, tenant, locale. */
export type Scope = string | (() => string | undefined);

/** Where the result of a call came from. */
export type Outcome = "hit" | "stale hit" | "computed" | "waited" | "bypassed";

/** What a memoized function gives once its promise, if it returns one, is settled. */
export type Settled<F extends AnyFunction> = Awaited<ReturnType<F>>;

/**
 * The options of one memoized function. An unknown name, a wrong type or an unreadable duration is an error at once.
 *
 * @example
 * ```ts
 * const getUser = memoize(fetchUser, { staleAfter: "1h", nextTime: true, maxEntries: 1_000 });
 * ```
 */
export interface Options<F extends AnyFunction = AnyFunction> {
  /**
   * Where entries live. Default: `"memory"`. The others are the browser's, outlive the page, are shared by its tabs, and need a
   * `name`: `"localstorage"`, which workers do not have, and for functions that return promises `"indexeddb"`: {@link StoredOptions}.
   */
  core?: "memory" | "localstorage";
  /** The age at which a value is stale; 0: every call calculates. Default: never. */
  staleAfter?: Duration;
  /** Serve a stale value now and refresh it in the background; a duration bounds how stale. Default: false. */
  nextTime?: boolean | Duration;
  /** If a recalculation fails, serve the old value, up to this age. Default: false. */
  staleIfError?: boolean | Duration;
  /** Whether a stored `undefined` or `null` may be served. Default: false. */
  allowNone?: boolean;
  /** How long a caller waits for another's calculation before one of the waiters takes over. Default: as long as it runs. */
  waitForCalcTimeout?: Duration;
  /** Whether stale entries are removed in the background. Default: false. */
  cleanupStale?: boolean;
  /** The time between two such removals. Default: 1 day. */
  cleanupInterval?: Duration;
  /** A value estimated to be larger is returned, not stored. Default: none. */
  entrySizeLimit?: Size;
  /** Evict beyond so many entries. Default: none. */
  maxEntries?: number;
  /** Evict beyond so many estimated bytes. Default: none. */
  maxBytes?: Size;
  /** What identifies a call, in place of all its arguments. */
  key?: (this: ThisParameterType<F>, ...args: Parameters<F>) => unknown;
  /** A part of the identity of each call, evaluated at each call. */
  scope?: Scope;
  /** The name in reports, instead of the function's own. */
  name?: string;
  /** A part of the identity that changes with the function. */
  version?: string;
  /** Whether calls are counted. Default: false. */
  metrics?: boolean;
  /** How much of a store beyond the page is also held in memory; `false`: nothing. Default: 64 MiB. */
  front?: boolean | Size;
  /** How much of IndexedDB is read into that memory beside the first call, which does not wait for it; `false`: nothing. Default: 4 MiB. */
  preload?: boolean | Size;
  /** Whether every call reads the store, so that it sees at once what other tabs have stored. Default: false. */
  coherent?: boolean;
  /** Whether the arguments are kept beside a stored entry, for inspection. Default: true. */
  storeArgs?: boolean;
  /** What trouble with a store costs: `"serve"`, a report; `"fail"`, the call. Default: `"serve"`. */
  onError?: "serve" | "fail";
  /** Told of each call, refresh and failure. */
  onEvent?: (event: CacheEvent) => void;
  /** Reads the clock at most once in so many milliseconds: a value may be served as much longer. Default: 0. */
  clockResolution?: number;
  /** Says that the function returns promises where it is no `async function`. */
  async?: boolean;
}

/** The options of a function whose entries live in IndexedDB: it returns promises, and has a name that minifiers leave alone. */
export interface StoredOptions<F extends AsyncFunction = AsyncFunction> extends Omit<Options<F>, "core"> {
  /** In IndexedDB, shared by all tabs and workers of the origin. */
  core: "indexeddb";
  /** What entries are found under after a reload. */
  name: string;
}

/** What can be set for all memoized functions. A definition's own options come first. */
export type GlobalParams = Omit<Options, "core" | "key" | "scope" | "name" | "version" | "onEvent" | "clockResolution" | "async">;

/** The options of one call; they come before those of the definition. */
export interface CallOptions {
  /** Call the function; touch nothing stored. */
  skipCache?: boolean;
  /** Call the function and store its result. */
  overwriteCache?: boolean;
  /** Explain this call, step by step, on the console. */
  verbose?: boolean;
  /** The stricter of this and `staleAfter` holds; negative: nothing is fresh. */
  maxAge?: Duration;
  /** In place of the definition's. */
  staleAfter?: Duration;
  /** In place of the definition's. */
  nextTime?: boolean | Duration;
  /** In place of the definition's. */
  allowNone?: boolean;
}

/** What `onEvent` is told. */
export interface CacheEvent {
  /** The outcome of a call, or the end of a background refresh, or a run of the function that threw. */
  readonly type: Outcome | "refreshed" | "failed";
  /** The name of the memoized function. */
  readonly name: string;
  /** The arguments of the call. */
  readonly args: readonly unknown[];
  /** What was thrown, if `type` is `"failed"`. */
  readonly error?: unknown;
}

/** A result and where it came from. */
export interface Provenance<Value> {
  /** What the call returned. */
  readonly value: Value;
  /** Where it came from. */
  readonly outcome: Outcome;
  /** Milliseconds since the value was stored; 0 if it was calculated for this call. */
  readonly age: number;
}

/** A stored value. */
export interface Entry<Value> {
  /** The arguments, in CBOR diagnostic notation. */
  readonly key: string;
  /** What the function returned. */
  readonly value: Value;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  /** Estimated bytes; 0 where no byte limit and no metrics ask for them. */
  readonly size: number;
  /** Whether it is older than `staleAfter` allows. */
  readonly stale: boolean;
}

/** What was counted since the definition; the first five add up to the calls. */
export interface Metrics {
  /** Calls served from a fresh entry. */
  readonly hits: number;
  /** Calls served from a stale entry. */
  readonly staleHits: number;
  /** Calls for which the function ran. */
  readonly computed: number;
  /** Calls that another call's run served. */
  readonly waited: number;
  /** Calls that went past the cache. */
  readonly bypassed: number;
  /** Runs that replaced a value: stale, overwritten or refreshed. */
  readonly recalculations: number;
  /** Waits that went on longer than `waitForCalcTimeout`. */
  readonly timeouts: number;
  /** Values too large to store. */
  readonly rejections: number;
  /** Reads and writes of the store that failed. */
  readonly storageErrors: number;
  /** Background refreshes that succeeded. */
  readonly refreshes: number;
  /** Background refreshes that failed. */
  readonly refreshFailures: number;
  /** Entries evicted to stay within bounds. */
  readonly evictions: number;
  /** Entries there are now. */
  readonly entries: number;
  /** Their estimated bytes. */
  readonly bytes: number;
  /** Milliseconds spent in the function, over all runs. */
  readonly calculationMillis: number;
}

/** Calls a function and tells where the result came from; in a promise where the function returns one. */
export type Trace<F extends AnyFunction> = (
  ...args: Parameters<F>
) => ReturnType<F> extends PromiseLike<unknown> ? Promise<Provenance<Settled<F>>> : Provenance<ReturnType<F>>;

/** What `with` gives: the same function under other rules. */
export type View<F extends AnyFunction> = F & {
  /** Like {@link Methods.trace}, under the rules of this view. */
  trace: Trace<F>;
};

/** What methods give: at once or, where the store is IndexedDB, in a promise. */
export type Given<Later extends boolean, Value> = Later extends true ? Promise<Value> : Value;

/** What is attached to a memoized function. `Later`: the store is IndexedDB, whose answers take time. */
export interface Methods<F extends AnyFunction, Later extends boolean = false> {
  /**
   * Forgets every value of this function; what is being calculated is returned to its callers and not stored.
   *
   * @example
   * ```ts
   * getUser.clearCache();
   * ```
   */
  clearCache(): Given<Later, void>;
  /**
   * Frees every claim to a calculation and wakes whoever waits for one. Nobody has to call it.
   *
   * @example
   * ```ts
   * getUser.clearBeingCalculated();
   * ```
   */
  clearBeingCalculated(): Given<Later, void>;
  /**
   * The directory of the cache: there is none in JavaScript.
   *
   * @example
   * ```ts
   * getUser.cacheDpath(); // null
   * ```
   */
  cacheDpath(): null;
  /**
   * Stores `value` as the result of a call with `args`, without calling, and returns it.
   *
   * @example
   * ```ts
   * add.precacheValue([2, 2], 5);
   * add(2, 2); // 5
   * ```
   */
  precacheValue<Value extends Settled<F>>(args: Parameters<F>, value: Value): Given<Later, Value>;
  /**
   * The same function under other rules, on the same cache. Make it once and keep it where it is called often.
   *
   * @example
   * ```ts
   * const user = await getUser.with({ maxAge: "5m" })(42);
   * ```
   */
  with(options: CallOptions): View<F>;
  /**
   * Calls, and tells where the result came from and how old it is.
   *
   * @example
   * ```ts
   * const { value, outcome, age } = await getUser.trace(42);
   * ```
   */
  trace: Trace<F>;
  /**
   * What was counted, or null where the option `metrics` is off.
   *
   * @example
   * ```ts
   * const { hits, computed } = getUser.metrics() ?? { hits: 0, computed: 0 };
   * ```
   */
  metrics(): Given<Later, Metrics | null>;
  /**
   * The stored value for these arguments, fresh or stale, without calling.
   *
   * @example
   * ```ts
   * const known = getUser.peek(42);
   * ```
   */
  peek(...args: Parameters<F>): Given<Later, Settled<F> | undefined>;
  /**
   * Forgets the value for these arguments; tells whether there was one.
   *
   * @example
   * ```ts
   * getUser.remove(42);
   * ```
   */
  remove(...args: Parameters<F>): Given<Later, boolean>;
  /**
   * The canonical key of these arguments, in hexadecimal: the same in Rust and JavaScript, today and tomorrow.
   *
   * @example
   * ```ts
   * getUser.keyOf(42); // "81182a"
   * ```
   */
  keyOf(...args: Parameters<F>): string;
  /**
   * Everything that is stored.
   *
   * @example
   * ```ts
   * for (const { key, storedAt } of getUser.entries()) console.log(key, new Date(storedAt));
   * ```
   */
  entries(): Given<Later, Entry<Settled<F>>[]>;
  /**
   * Settled when no background refresh and no clean-up is under way.
   *
   * @example
   * ```ts
   * await getUser.idle();
   * ```
   */
  idle(): Promise<void>;
}

/**
 * Memoizes a function. What it returns decides: of a promise the settled value is stored and concurrent callers share it;
 * anything else is stored and returned as it is, the same object at every hit. What throws or rejects is not stored.
 *
 * The arguments are the key: primitives, plain objects, arrays, dates, maps, sets, typed arrays; other arguments need the
 * option `key`. `this` is passed on and is no part of the key.
 *
 * @throws TypeError or RangeError if an option is wrong, naming it.
 * @example
 * ```ts
 * import { memoize } from "cachier";
 *
 * const getUser = memoize(async (id: number) => (await fetch(`/users/${id}`)).json(), { staleAfter: "1h" });
 * await getUser(42); // fetches
 * await getUser(42); // does not
 * ```
 */
export declare function memoize<F extends AsyncFunction>(fn: F, options: StoredOptions<F>): F & Methods<F, true>;
export declare function memoize<F extends AnyFunction>(fn: F, options?: Options<F>): F & Methods<F>;

/**
 * Memoizes a method: a standard (TC39) decorator. Each object has a cache of its own, which goes when the object does.
 *
 * @example
 * ```ts
 * class Shop {
 *   @memoized({ staleAfter: "1m" })
 *   async price(item: string): Promise<number> { return this.ask(item); }
 * }
 * ```
 */
export declare function memoized<F extends AnyFunction>(
  options?: Options<F>,
): <Method extends F>(method: Method, context: ClassMethodDecoratorContext) => Method;

/**
 * The memoized function behind a decorated method of one object, with its methods.
 *
 * @throws TypeError if the method is not decorated with {@link memoized}.
 * @example
 * ```ts
 * cacheOf(shop, shop.price).clearCache();
 * ```
 */
export declare function cacheOf<F extends AnyFunction>(owner: object, method: F): F & Methods<F>;

/**
 * Sets options for all memoized functions, of every copy of the library on the page. They hold for definitions that
 * are there and those to come, except what bounds and counts: that is taken at the definition.
 *
 * @example
 * ```ts
 * setGlobalParams({ staleAfter: "1d" });
 * ```
 */
export declare function setGlobalParams(params: GlobalParams): void;

/**
 * What was set for all memoized functions.
 *
 * @example
 * ```ts
 * const { staleAfter } = getGlobalParams();
 * ```
 */
export declare function getGlobalParams(): GlobalParams;

/**
 * Serve and store again, after {@link disableCaching}.
 *
 * @example
 * ```ts
 * enableCaching();
 * ```
 */
export declare function enableCaching(): void;

/**
 * From now on every call runs its function and nothing is stored; what is stored stays.
 *
 * @example
 * ```ts
 * disableCaching();
 * ```
 */
export declare function disableCaching(): void;

/**
 * Clears every memoized function, of every copy of the library on the page: what is in memory at once, what is stored until the
 * promise is kept.
 *
 * @example
 * ```ts
 * afterEach(() => clearAll());
 * ```
 */
export declare function clearAll(): Promise<void>;
