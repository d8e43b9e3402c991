/** One function's part of localStorage, all of it done at once but for claims among all tabs; must not know what its values mean. */
import { Bounded } from "./bounded.js";
import { listen as listenToOthers, tellOthers } from "./channel.js";
import { claim, type StoreClaim } from "./claims.js";
import { bytesOf } from "./hexadecimal.js";
import { entryText, Names, readEntry, readMark, readTotals, totalsText, valueBehind, type Item } from "./items.js";
import { advance, free, Ledger, type Answer, type Asked, type Totals } from "./ledger.js";
import type { Soon } from "./soon.js";
import { isQuota, trouble, type Fresh, type Found, type Part, type PartOptions, type Preloaded } from "./store.js";
import { allWatches, type Watch } from "./watch.js";

const STORE = "localstorage:";

/** An entry and its name. */
interface Named extends Item {
  readonly name: string;
}

/** Opens what is kept under a function's id. */
export function openLocalStorage(storage: Storage, id: string, options: PartOptions): Part {
  listen();
  return new LocalStoragePart(storage, id, options);
}

class LocalStoragePart extends Bounded implements Part {
  readonly #storage: Storage;
  readonly #names: Names;

  constructor(storage: Storage, id: string, options: PartOptions) {
    super(STORE + id, options);
    this.#storage = storage;
    this.#names = new Names(id);
  }

  get(name: string): Found | undefined {
    return this.#guarded(() => {
      const item = this.#read(name);
      if (item === undefined) return undefined;
      this.noteUse(name);
      return this.#found(name, item);
    });
  }

  again(name: string, head: string): () => string | undefined {
    // Made once: the browser looks up a text that it has seen before without copying it.
    const item = this.#names.entry(name);
    return () => {
      const value = valueBehind(head, this.#storage.getItem(item) ?? "");
      if (value !== undefined) this.noteUse(name);
      return value;
    };
  }

  claim(name: string, attempt: number): Soon<StoreClaim | undefined> {
    const ask = (asked: Asked): Answer =>
      this.#guarded(() => {
        const ledger = this.#ledger(name);
        const answer = ledger.claim(asked);
        if (answer.ticket !== undefined && asked.attempt > 0) this.#mark(name, ledger);
        return answer;
      });
    return claim(name, this.#names.entry(name), this.terms.among, { generation: this.watch.generation, attempt, over: 0 }, ask);
  }

  put({ name, ticket, lock }: StoreClaim, fresh: Fresh): Found | undefined {
    try {
      if (lock.isLost) return undefined;
      return this.#guarded(() => {
        const ledger = this.#ledger(name);
        if (!ledger.admits(ticket) || !this.canHold(fresh.size)) return undefined;
        return this.#store(ledger, fresh, ticket.generation);
      });
    } finally {
      lock.release();
    }
  }

  set(name: string, fresh: Fresh | undefined): Found | undefined {
    return this.#guarded(() => {
      const ledger = this.#ledger(name);
      if (fresh !== undefined && this.canHold(fresh.size)) return this.#store(ledger, fresh, undefined);
      this.#storage.removeItem(this.#names.entry(name));
      ledger.overtake();
      this.#mark(name, ledger);
      this.#moved(name, this.terms);
      return undefined;
    });
  }

  clear(): void {
    this.#guarded(() => {
      for (const item of this.#items()) if (this.#names.entryOf(item) !== undefined) this.#storage.removeItem(item);
      this.#free();
      this.watch.emptied(this.terms);
      tellOthers(this.watch.place, undefined);
    });
  }

  releaseClaims(): void {
    this.#guarded(() => this.#free());
  }

  list(): Found[] {
    return this.#guarded(() => this.#entries().map((entry) => this.#listed(entry)));
  }

  remove(listed: readonly Found[]): number {
    return this.#guarded(() => {
      const still = listed.filter(({ name, order }) => this.#read(name)?.order === order);
      for (const { name } of still) this.#remove(name);
      return still.length;
    });
  }

  /** Reading one by one is as quick. */
  preload(): Preloaded {
    return { stored: [], isAll: false, versionOf: () => NaN };
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw trouble("localStorage", error);
    }
  }

  #read(name: string): Item | undefined {
    const text = this.#storage.getItem(this.#names.entry(name));
    return text === null ? undefined : readEntry(text);
  }

  #listed(entry: Named): Found {
    const { name, key, order } = entry;
    return { ...this.#found(name, entry), key: key === undefined ? undefined : bytesOf(key), order };
  }

  #found(name: string, { value, isBytes, storedAt, size, isNone, head }: Omit<Found, "name" | "key" | "version">): Found {
    return { name, key: undefined, value, isBytes, storedAt, size, isNone, head, version: this.version(name) };
  }

  /** Stores an entry of a claim's generation, or of a new one that overtakes every claim. */
  #store({ totals, mark }: Ledger, fresh: Fresh, generation: number | undefined): Found {
    const { name } = fresh;
    if (this.isBounded) this.#makeRoom(fresh);
    const order = advance(totals);
    this.#write(this.#names.entry(name), entryText(fresh, order, generation ?? order), name);
    if (mark !== undefined) this.#storage.removeItem(this.#names.mark(name));
    this.#moved(name, this.terms);
    return this.#found(name, fresh);
  }

  /** Where the quota is exceeded, entries make room for a second try. */
  #write(item: string, text: string, name?: string): void {
    try {
      this.#storage.setItem(item, text);
    } catch (error) {
      if (!isQuota(error)) throw error;
      this.#evictCharacters(item.length + text.length, name);
      this.#storage.setItem(item, text);
    }
  }

  #evictCharacters(wanted: number, except: string | undefined): void {
    this.#evictUntil(this.#others(except), (_gone, _bytes, characters) => characters >= wanted);
  }

  #makeRoom({ name, size }: Fresh): void {
    const others = this.#others(name);
    const all = others.reduce((sum, entry) => sum + entry.size, 0);
    this.#evictUntil(others, (gone, bytes) => this.hasRoom(others.length - gone, all - bytes, size));
  }

  /** SIEVE: the hand passes over what was used, and evicts what was not, from the oldest to the youngest, until that is enough. */
  #evictUntil(entries: Named[], isEnough: (gone: number, bytes: number, characters: number) => boolean): void {
    const ahead = entries.filter(({ order }) => order > this.watch.hand);
    const gone = new Set<Named>();
    let [bytes, characters] = [0, 0];
    // Twice around: once it was everywhere, what was used is not any more.
    for (const entry of [...ahead, ...entries, ...entries]) {
      if (isEnough(gone.size, bytes, characters)) return;
      this.watch.hand = entry.order;
      if (gone.has(entry) || this.watch.takeUse(entry.name)) continue;
      gone.add(entry);
      this.#evict(entry.name);
      bytes += entry.size;
      characters += this.#names.entry(entry.name).length + entry.value.length;
    }
  }

  #others(name: string | undefined): Named[] {
    return this.#entries().filter((entry) => entry.name !== name);
  }

  #evict(name: string): void {
    this.#remove(name);
    this.watch.evicted++;
  }

  #remove(name: string): void {
    this.#storage.removeItem(this.#names.entry(name));
    this.#moved(name);
  }

  #moved(name: string, by?: PartOptions): void {
    this.watch.moved(name, by);
    tellOthers(this.watch.place, name);
  }

  /** Every entry, from the oldest to the youngest; what is damaged is none. */
  #entries(): Named[] {
    const named = this.#items().flatMap((item) => {
      const name = this.#names.entryOf(item);
      const entry = name === undefined ? undefined : this.#read(name);
      return name === undefined || entry === undefined ? [] : [{ ...entry, name }];
    });
    return named.sort((one, other) => one.order - other.order);
  }

  #items(): string[] {
    return Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? "");
  }

  #ledger(name: string): Ledger<Totals, Item> {
    const totals = readTotals(this.#storage.getItem(this.#names.own));
    this.watch.generation = totals.freed;
    return new Ledger(totals, readMark(this.#storage.getItem(this.#names.mark(name))), this.#read(name));
  }

  #mark(name: string, { mark, totals }: Ledger): void {
    this.#write(this.#names.mark(name), JSON.stringify(mark));
    this.#writeTotals(totals);
  }

  #free(): void {
    for (const item of this.#items()) if (this.#names.isMark(item)) this.#storage.removeItem(item);
    const totals = readTotals(this.#storage.getItem(this.#names.own));
    free(totals);
    this.watch.generation = totals.freed;
    this.#writeTotals(totals);
  }

  #writeTotals(totals: Totals): void {
    this.#write(this.#names.own, totalsText(totals));
  }
}

let isListening = false;

/** A storage event names the item that another tab has changed, or none if that tab has removed all; other copies in this tab tell of it. */
function listen(): void {
  if (isListening) return;
  isListening = true;
  listenToOthers();
  addEventListener("storage", ({ key }) => {
    for (const known of allWatches()) if (known.place.startsWith(STORE)) hear(known, key);
  });
}

function hear(known: Watch, item: string | null): void {
  const name = item === null ? undefined : new Names(known.place.slice(STORE.length)).entryOf(item);
  if (item === null || name !== undefined) known.heard(name);
}
