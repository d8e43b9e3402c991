/** From a function and chosen options to a memoized function that can be asked everything, found again by its id. Must not know forms. */
import { memoize, type CacheEvent, type CallOptions, type Entry, type Metrics, type Options, type Provenance, type StoredOptions } from "cachier";
import type { AnyWork } from "./functions.js";

/** A memoized function, whatever its core: what takes time in one takes none in another. */
export interface Memoized extends AnyWork {
  trace(...args: unknown[]): MaybeLater<Provenance<unknown>>;
  with(options: CallOptions): { trace(...args: unknown[]): MaybeLater<Provenance<unknown>> };
  peek(...args: unknown[]): unknown;
  remove(...args: unknown[]): MaybeLater<boolean>;
  clearCache(): MaybeLater<void>;
  clearBeingCalculated(): MaybeLater<void>;
  precacheValue(args: unknown[], value: unknown): unknown;
  entries(): MaybeLater<Entry<unknown>[]>;
  metrics(): MaybeLater<Metrics | null>;
  keyOf(...args: unknown[]): string;
  idle(): Promise<void>;
}

type MaybeLater<Value> = Value | Promise<Value>;

/** What names a cache among all of this origin. */
export interface Identity {
  readonly core: "indexeddb" | "localstorage";
  readonly name: string;
  readonly version?: string | undefined;
}

interface Defined {
  readonly memoized: Memoized;
  readonly staleAfter: unknown;
}

const defined = new Map<string, Defined>();
const standIns = new Map<string, Memoized>();

/**
 * Memoizes `run`. IndexedDB takes functions that return promises, so there it is made one.
 *
 * @throws TypeError or RangeError if an option is wrong, naming it.
 */
export function defineFunction(run: AnyWork, options: Record<string, unknown>, onEvent: (event: CacheEvent) => void = () => undefined): Memoized {
  const given = options["onEvent"] === undefined ? options : { ...options, onEvent };
  const memoized = memoizedBy(run, given);
  const { core, name, version, staleAfter } = given;
  defined.set(textOf({ core, name, version } as Identity), { memoized, staleAfter });
  return memoized;
}

function memoizedBy(run: AnyWork, options: Record<string, unknown>): Memoized {
  if (options["core"] !== "indexeddb") return memoize(run, options as Options<AnyWork>);
  // eslint-disable-next-line @typescript-eslint/require-await -- What it throws at once is to reject.
  const later = async (...args: unknown[]): Promise<unknown> => run(...args);
  return memoize(later, options as unknown as StoredOptions<typeof later>);
}

function textOf({ core, name, version }: Identity): string {
  return JSON.stringify([core, name, version]);
}

/** The `staleAfter` that this page has given to a function; null where it does not define the function. */
export function staleAfterOf(identity: Identity): unknown {
  const known = defined.get(textOf(identity));
  return known === undefined ? null : known.staleAfter;
}

/** The memoized function of a cache: this page's own, or one that stands in for a function it does not define. */
export function functionOf({ core, name, version }: Identity): Memoized {
  const id = textOf({ core, name, version });
  const known = defined.get(id)?.memoized ?? standIns.get(id);
  if (known !== undefined) return known;
  const made = memoizedBy(standIn, { core, name, version, async: true });
  standIns.set(id, made);
  return made;
}

function standIn(): never {
  throw new Error("this page does not know how to calculate that");
}
