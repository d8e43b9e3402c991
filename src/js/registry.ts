/** What holds for all memoized functions: the global parameters and `clearAll`, over every copy of the library on the page. */
import { Living } from "../core/browser/living.js";
import type { Cache } from "./cache.js";
import { warn } from "./errors.js";
import { allowCaching as allow, setGlobalParams } from "./glue.js";
import { load } from "./loader.js";
import { GLOBAL, handOver } from "./options.js";
import type { GlobalParams } from "./types.js";

/** What one copy of the library does when any copy is told to. */
interface Copy {
  clearAll(): Promise<void>;
  configure(given: GlobalParams): void;
  allowCaching(isAllowed: boolean): void;
}

/** Shared by all copies; a change of its shape takes another symbol. */
interface Registry {
  readonly copies: Set<Copy>;
  params: GlobalParams;
  isCachingAllowed: boolean;
}

const REGISTRY = Symbol.for("cachier.registry.1");

const caches = new Living<Cache>();

/**
 * Counts `cache` among those that global changes reach, for as long as somebody holds it; a name that was given is its function's
 * own: a decorated method has a cache for each object.
 */
export function enlist(cache: Cache, isNamed: boolean): void {
  if (isNamed && caches.all().some(({ title, fn }) => title === cache.title && fn !== cache.fn))
    warn(cache.title, "two functions bear this name and version; give one of them another name");
  registry().copies.add(copy);
  caches.add(cache);
}

const copy: Copy = {
  clearAll: async () => {
    await Promise.all(caches.all().map((cache) => cache.clear()));
  },
  configure: (given) => change(() => configure(given)),
  allowCaching: (isAllowed) => change(() => allow(isAllowed)),
};

/** What came about under the old parameters is told under them. */
function change(work: () => void): void {
  load();
  const all = caches.all();
  for (const cache of all) cache.inform();
  work();
  for (const cache of all) cache.policyChanged();
}

/** The engine follows what was said before it ran, and this copy is one of those on the page. */
export function join(): void {
  const shared = registry();
  configure(shared.params);
  allow(shared.isCachingAllowed);
  shared.copies.add(copy);
}

/** Whether nobody has set or forbidden anything. */
export function isUntouched(): boolean {
  const { params, isCachingAllowed } = registry();
  return isCachingAllowed && Object.keys(params).length === 0;
}

/** Clears every memoized function; what is held here at once, what is stored until the promise is kept. */
export async function clearAll(): Promise<void> {
  await Promise.all([...registry().copies].map((each) => each.clearAll()));
}

/** Sets parameters for all memoized functions; this copy, which checks them, comes first. */
export function setParams(given: GlobalParams): void {
  const shared = registry();
  copy.configure(given);
  for (const [name, value] of Object.entries<unknown>({ ...given })) if (value !== undefined) Object.assign(shared.params, { [name]: value });
  for (const each of shared.copies) if (each !== copy) each.configure(given);
}

/** The parameters in force. */
export function getParams(): GlobalParams {
  return { ...registry().params };
}

/** Allows or forbids to serve and store, everywhere. */
export function allowCaching(isAllowed: boolean): void {
  const shared = registry();
  shared.isCachingAllowed = isAllowed;
  for (const each of shared.copies) each.allowCaching(isAllowed);
}

function configure(given: GlobalParams): void {
  handOver(given, GLOBAL);
  setGlobalParams();
}

function registry(): Registry {
  const shared = globalThis as { [REGISTRY]?: Registry };
  return (shared[REGISTRY] ??= { copies: new Set(), params: {}, isCachingAllowed: true });
}
