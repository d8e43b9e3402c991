/** Between the engine, which asks by name, and a function's part of a store beyond the page; must not know policy, keys or calls. */
import { after, type Soon } from "../core/browser/soon.js";
import { Fresh, type Claim, type Found, type Part, type Preloaded, type Stored } from "../core/browser/store.js";
import { connectSoon, openIndexedDb, openLocalStorage } from "../core/browser/stores.js";
import { warn } from "./errors.js";
import { isFresh, Record } from "./record.js";
import { estimateSize } from "./size.js";
import { textOf, valueOf } from "./text.js";

/** So many ask at once by themselves before it is known what is read together. */
const MOST_ALONE = 8;

/** So many requests are quicker than to read all that is small, where that is not packed. */
const MOST_EARLY = 128;

/** Where there is no front little is to be held. */
const MOST_NOTES = 1_000;

/** As the engine numbers the stores. */
const INDEXED_DB = 0;

/** A copy of what a store holds. The engine reads it by name. */
export class StoredRecord extends Record {
  size = 0;
  isNone = false;
  name = "";
  /** What is written into the store, or the error that says why there is nothing. */
  draft: unknown;
  /** As its store has it. */
  head: string | undefined;
  copiesHere: Map<string, StoredRecord> | undefined;

  override dropped(): void {
    super.dropped();
    if (this.copiesHere?.get(this.name) === this) this.copiesHere.delete(this.name);
  }
}

/** Why a value is not stored. */
class Unfit {
  constructor(readonly error: unknown) {}
}

/** Where the entries of one memoized function lie. The engine opens it, then asks it as a part, by name. */
export class Home {
  #part!: Part;
  /** Whether there is a store, which cannot be read at once. */
  takesTime = false;
  #isText = false;
  #mostPreloaded = 0;
  /** Until some of what is preloaded is there, and then until all is. */
  #preloading: Promise<unknown> | undefined;
  /** How many have asked before it was there, and how many of those go on by themselves. */
  #early = 0;
  #mostEarly = MOST_ALONE;
  /** What was preloaded; of what was asked for since, the names. */
  readonly #preloaded = new Map<string, Stored | undefined>();
  /** Whether nothing else was stored then. */
  #hasAll = false;
  #versionThen: Preloaded["versionOf"] = () => NaN;
  /** What was read by whoever asks now. */
  #handed: { readonly name: string; readonly found: Soon<StoredRecord | undefined> } | undefined;
  readonly #copies = new Map<string, StoredRecord>();
  readonly #notes: Record[] = [];
  readonly #isAsync: boolean;

  constructor(isAsync: boolean, core: string) {
    this.#isAsync = isAsync;
    // While the engine defines the function.
    if (core === "indexeddb" && isBrowser()) connectSoon();
  }

  /** Opens a store for a function; undefined where there is none, and results are kept in memory. */
  open(store: number, id: string, maxEntries: number, maxBytes: number, preload: number): this | undefined {
    const among = store === INDEXED_DB || this.#isAsync ? "tabs" : "tab";
    const options = { maxEntries, maxBytes, among, onNews: this.#hear, wasUsed: this.#wasUsed } as const;
    const part = store === INDEXED_DB ? indexedDbPart(id, options) : localStoragePart(id, options);
    if (part === undefined) return undefined;
    this.#part = part;
    this.takesTime = store === INDEXED_DB;
    this.#isText = !this.takesTime;
    this.#mostPreloaded = this.#isText ? 0 : preload;
    return this;
  }

  /** A record for the engine, made ready to be stored: no WebAssembly is on the stack while getters of the user's run. */
  record(value: unknown, settled: unknown): StoredRecord {
    const record = new StoredRecord(value, settled);
    try {
      record.draft = this.#isText ? textOf(settled, value !== settled) : structuredClone(settled);
    } catch (error) {
      record.draft = new Unfit(this.#isText ? error : unclonable(error));
    }
    return record;
  }

  /** Bytes: of the text, two for each character; of a clone the estimate. */
  sizeOf(record: Record): number {
    const draft = record instanceof StoredRecord ? record.draft : undefined;
    if (draft instanceof Unfit) return 0;
    return this.#isText ? 2 * (draft as string).length : estimateSize(draft);
  }

  get evicted(): number {
    return this.#part.evicted;
  }

  /** What is there already, or a request of its own; of many that ask while what is small is being read, none asks by itself. */
  get(name: string): Soon<StoredRecord | undefined> {
    const handed = this.#handed;
    this.#handed = undefined;
    if (handed?.name === name) return handed.found;
    const known = this.#known(name);
    if (known !== undefined) return known === null ? undefined : this.#copyOf(known);
    if (this.#mostPreloaded > 0) this.#preload();
    if (this.#preloading === undefined) return this.#ask(name);
    this.#early++;
    return Promise.resolve().then(() => this.#crowd?.then(() => this.get(name)) ?? this.#ask(name));
  }

  /** Has who is asked now find what was just read under a name. */
  handOver<Answer>(name: string, found: Soon<StoredRecord | undefined>, ask: () => Answer): Answer {
    this.#handed = { name, found };
    try {
      return ask();
    } finally {
      this.#handed = undefined;
    }
  }

  /** There while more have asked than are to ask by themselves. */
  get #crowd(): Promise<unknown> | undefined {
    return this.#early > this.#mostEarly ? this.#preloading : undefined;
  }

  #ask(name: string): Soon<StoredRecord | undefined> {
    return after(this.#part.get(name), (found) => found && this.#copyOf(found));
  }

  /** In place of a record that nobody may hold: has it read anew, where a glance at the store tells whether it is still the same. */
  noteOf(record: Record): Record | undefined {
    if (!(record instanceof StoredRecord)) return undefined;
    const { name, head, validFrom, validUntil } = record;
    const again = head === undefined ? undefined : this.#part.again?.(name, head);
    if (again === undefined) return undefined;
    const judged = { validFrom, validUntil };
    const note = new Record(undefined, undefined);
    note.served = (now) => {
      try {
        const text = isFresh(judged, now) ? again() : undefined;
        return text === undefined ? undefined : valueOf(text);
      } catch {
        // The engine says so.
        return undefined;
      }
    };
    if (this.#notes.push(note) > MOST_NOTES) this.#notes.shift()?.unlink();
    return note;
  }

  /** What nobody need be asked; null for nothing. */
  #known(name: string): Found | null | undefined {
    const stored = this.#preloaded.get(name);
    if (stored === undefined && (!this.#hasAll || this.#preloaded.has(name))) return undefined;
    if (stored !== undefined) this.#preloaded.set(name, undefined);
    const version = this.#part.version(name);
    if (version !== this.#versionThen(name)) return undefined;
    return stored === undefined ? null : { ...stored, version };
  }

  /** Its request goes behind those of whoever asks in this turn. */
  #preload(): void {
    const most = this.#mostPreloaded;
    this.#mostPreloaded = 0;
    let goOn!: () => void;
    this.#preloading = new Promise<void>((resolve) => (goOn = resolve));
    const all = Promise.resolve()
      .then()
      .then(() => {
        this.#early = MOST_ALONE;
        return this.#part.preload(most, (some) => {
          this.#take(some);
          [this.#early, this.#mostEarly, this.#preloading] = [0, MOST_EARLY, all];
          goOn();
        });
      })
      .then((found) => this.#take(found))
      // Whoever reads next is told of the trouble.
      .catch(() => undefined)
      .then(() => {
        this.#preloading = undefined;
        goOn();
      });
  }

  /** What is followed already was asked for meanwhile. */
  #take({ stored, isAll, versionOf }: Preloaded): void {
    for (const each of stored) {
      const { name } = each;
      if (!this.#preloaded.has(name)) this.#preloaded.set(name, this.#copies.has(name) ? undefined : each);
    }
    this.#hasAll = isAll;
    this.#versionThen = versionOf;
  }

  claim(name: string, attempt: number): unknown {
    return this.#part.claim(name, attempt);
  }

  /** Stores a record, or removes what there is: by a claim, or by nobody's. */
  store(
    claim: Claim | undefined,
    name: string,
    key: Uint8Array,
    args: string,
    record: StoredRecord | undefined,
    storedAt: number,
    size: number,
    isNone: boolean,
  ): unknown {
    if (record === undefined) return this.#part.set(name, undefined);
    const { draft } = record;
    if (draft instanceof Unfit) throw draft.error;
    record.draft = undefined;
    const isKept = key.length > 0;
    // The engine's bytes are its own.
    const fresh = new Fresh(name, isKept ? key.slice() : undefined, isKept ? args : undefined, draft, false, storedAt, size, isNone);
    const stored = claim === undefined ? this.#part.set(name, fresh) : this.#part.put(claim, fresh);
    return after(stored, (found) => (found === undefined ? undefined : this.#follow(record, found)));
  }

  clear(): unknown {
    this.#preloaded.clear();
    return this.#part.clear();
  }

  releaseClaims(): unknown {
    return this.#part.releaseClaims();
  }

  list(): unknown {
    return after(this.#part.list(), (listed) => listed.map((found) => ({ ...found, key: found.key ?? new TextEncoder().encode(found.name) })));
  }

  remove(listed: Found[]): unknown {
    return this.#part.remove(listed);
  }

  #copyOf(found: Found): StoredRecord | undefined {
    // Rust's, in a form that JavaScript's values do not have.
    if (found.isBytes) return undefined;
    try {
      const record = this.#isText ? ofText(found.value as string) : new StoredRecord(Promise.resolve(found.value), found.value);
      return this.#follow(record, found);
    } catch (error) {
      warn(found.name, `a stored value does not read back; it is calculated anew (${String(error)})`);
      return undefined;
    }
  }

  /** From now on the record is a copy of what was found, for as long as that is what is stored. */
  #follow(record: StoredRecord, { name, storedAt, size, isNone, head, version }: Found): StoredRecord {
    [record.name, record.storedAt, record.size, record.isNone, record.head, record.copiesHere] = [name, storedAt, size, isNone, head, this.#copies];
    if (this.#part.version(name) === version) this.#copies.set(name, record);
    else record.dropped();
    return record;
  }

  /** Somebody else has changed an entry, or any. */
  readonly #hear = (name: string | undefined): void => {
    const changed = name === undefined ? [...this.#copies.values()] : [this.#copies.get(name)];
    for (const record of changed) record?.dropped();
  };

  readonly #wasUsed = (name: string): boolean => this.#copies.get(name)?.wasServed() ?? false;
}

function ofText(text: string): StoredRecord {
  const { value, settled } = valueOf(text);
  return new StoredRecord(value, settled);
}

type PartOptions = Parameters<typeof openIndexedDb>[1];

/** Where this program is no page and no worker of one, as when a server renders it, there is neither store. */
function isBrowser(): boolean {
  return typeof document === "object" || isWorker();
}

function isWorker(): boolean {
  const { WorkerGlobalScope: Scope } = globalThis as { WorkerGlobalScope?: new () => unknown };
  return Scope !== undefined && globalThis instanceof Scope;
}

function indexedDbPart(id: string, options: PartOptions): Part | undefined {
  if (isBrowser()) return openIndexedDb(id, options);
  reportAbsence(id, "IndexedDB");
  return undefined;
}

function localStoragePart(id: string, options: PartOptions): Part | undefined {
  if (isWorker()) throw new RangeError('core: there is no localStorage in a worker; give "indexeddb"');
  const storage = storageOfPage();
  if (storage !== undefined) return openLocalStorage(storage, id, options);
  reportAbsence(id, "localStorage");
  return undefined;
}

/** The getter throws where storage is forbidden. */
export function storageOfPage(): Storage | undefined {
  try {
    return isBrowser() ? localStorage : undefined;
  } catch {
    return undefined;
  }
}

const reported = new Set<string>();

function reportAbsence(id: string, store: string): void {
  if (reported.has(store)) return;
  reported.add(store);
  warn(id, `there is no ${store} here, or its use is forbidden; results are kept in memory`);
}

function unclonable(error: unknown): TypeError {
  return new TypeError(`the value is returned and not stored: IndexedDB cannot hold it (${String(error)})`);
}
