/** What this tab knows to have changed: numbers that own changes and the news of other tabs move; must not know what changed. */
import { Living } from "./living.js";
import { whenBack } from "./page.js";
import type { Totals } from "./ledger.js";
import type { PartOptions } from "./store.js";

/** How many numbers the names of a function share. */
const SLOTS = 4_096;

/** What a tab remembers of one function: shared by everybody in it who opens that function. */
export class Watch {
  /** The generation of keys of which nothing else is known, as last heard. */
  generation = 0;
  /** What is kept of the function, as last read, until somebody else has changed anything. */
  totals: Totals | undefined;
  /** The number of the entry at which the search for one to evict has come to a stop. */
  hand = 0;
  /** How many entries were evicted from here. */
  evicted = 0;
  readonly #versions = new Uint32Array(SLOTS);
  readonly #listeners = new Living<PartOptions>();
  /** Names of entries that were used since the hand passed them. */
  readonly #used = new Set<string>();

  constructor(
    /** The store and the function's id, which name it among all of the origin. */
    readonly place: string,
  ) {}

  join(listener: PartOptions): void {
    this.#listeners.add(listener);
  }

  /** The number of a name now, or in an earlier snapshot. */
  version(name: string, versions = this.#versions): number {
    return versions[slotOf(name)] ?? 0;
  }

  /** All numbers as they are now. */
  snapshot(): Uint32Array<ArrayBuffer> {
    return this.#versions.slice();
  }

  noteUse(name: string): void {
    this.#used.add(name);
  }

  /** Whether an entry was used since this was last asked. */
  takeUse(name: string): boolean {
    const wasUsed = this.#listeners.all().map((listener) => listener.wasUsed?.(name) === true);
    return this.#used.delete(name) || wasUsed.includes(true);
  }

  /** An entry was changed, by one of the listeners or by somebody else. */
  moved(name: string, by?: PartOptions): void {
    const slot = slotOf(name);
    this.#versions[slot] = (this.#versions[slot] ?? 0) + 1;
    this.#tell(name, by);
  }

  /** Everything may have changed. */
  movedAll(by?: PartOptions): void {
    this.#versions.forEach((version, slot) => (this.#versions[slot] = version + 1));
    this.#tell(undefined, by);
  }

  /** Another tab has changed an entry, or any (undefined). */
  heard(name: string | undefined): void {
    this.totals = undefined;
    if (name === undefined) this.movedAll();
    else this.moved(name);
  }

  /** Nothing is stored any more. */
  emptied(by: PartOptions): void {
    this.#used.clear();
    this.hand = 0;
    this.movedAll(by);
  }

  #tell(name: string | undefined, by: PartOptions | undefined): void {
    for (const listener of this.#listeners.all()) if (listener !== by) listener.onNews?.(name);
  }
}

const watches = new Map<string, Watch>();

/** What this tab remembers of a function of a store. */
export function watch(place: string): Watch {
  if (watches.size === 0) whenBack(catchUp);
  const known = watches.get(place) ?? new Watch(place);
  watches.set(place, known);
  return known;
}

/** What this tab remembers of a place, if anything. */
export function watchOf(place: string): Watch | undefined {
  return watches.get(place);
}

/** Everything this tab remembers. */
export function allWatches(): Iterable<Watch> {
  return watches.values();
}

/** After the page was put aside, nothing is known of what happened meanwhile. */
function catchUp(): void {
  for (const known of watches.values()) known.heard(undefined);
}

function slotOf(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
  return (hash >>> 0) % SLOTS;
}
