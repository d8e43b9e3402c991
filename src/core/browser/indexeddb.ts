/** One function's part of IndexedDB: what is asked of it, each within one transaction; must not know what its values mean. */
import { Bounded } from "./bounded.js";
import { listen, tellOthers } from "./channel.js";
import { claim, type StoreClaim, type Told } from "./claims.js";
import { BY_AGE, connect, ENTRIES, forget, FUNCTIONS, LARGE } from "./connection.js";
import { advance, free, isPast, Ledger, type Asked, type Head, type Mark, type Totals } from "./ledger.js";
import { isPacked, pack, PACKED, unpack, type Packed, type PackedRow } from "./packed.js";
import { isQuota, trouble, type Fresh, type Found, type Part, type PartOptions, type Preloaded, type Stored } from "./store.js";
import { enter, Turn } from "./turn.js";

/** Values of this size and more lie apart, so that the small ones can be read together. */
const LARGE_BYTES = 64 * 1024;

/** So many of the youngest are read at first: all there are, or what shows how large the others are likely to be. */
const SOME = 64;

/** Until then a page has better to do than to spare the next one time. */
const PACK_AFTER_MILLIS = 1_000;

/** How often room is made for an entry: what a browser counts as free lags behind. */
const MOST_RETRIES = 2;

/** What is known of one name. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly entry?: Entry;
  readonly mark?: Mark | undefined;
}

interface Entry extends Head {
  /** The order, negated. */
  readonly age: number;
  readonly key?: Uint8Array | undefined;
  readonly arguments?: string | undefined;
  readonly value?: unknown;
  readonly isBytes: boolean;
  readonly isLarge: boolean;
  readonly isNone: boolean;
  readonly storedAt: number;
}

/** A row that has an entry, as all in the order of their age. */
export type Entered = Row & { readonly entry: Entry };

/** Entries and bytes are counted while everybody who stores has bounds, else they are NaN. */
interface Kept extends Totals {
  readonly id: string;
  /** Whether there may be values that lie apart. */
  hasLarge: boolean;
}

/** What is packed, if anything is, and entries in the order of their age: none is left out between them. */
interface Youngest {
  readonly packed?: Packed | undefined;
  readonly rows: readonly Entered[];
}

/** Small entries, and whether there are no others. */
interface Small {
  readonly stored: Stored[];
  readonly isAll: boolean;
}

type KeptLedger = Ledger<Kept, Entry>;
type Job<Result> = (turn: Turn) => Promise<Result>;

/** Opens what is kept under a function's id. */
export function openIndexedDb(id: string, options: PartOptions): Part {
  listen();
  return new IndexedDbPart(id, options);
}

class IndexedDbPart extends Bounded implements Part {
  readonly #id: string;
  /** The claim that was given last: whoever has it reads once more, and need not ask again. */
  #given: StoreClaim | undefined;
  /** While others go first: until what was asked for last is answered. */
  #asked: Promise<void> | undefined;

  constructor(id: string, options: PartOptions) {
    super(`indexeddb:${id}`, options);
    this.#id = id;
  }

  get(name: string): Promise<Found | undefined> {
    const version = this.version(name);
    const given = this.#given;
    if (given?.name === name && given.seen?.version === version) {
      this.#given = undefined;
      return Promise.resolve(given.seen.found);
    }
    const answer = this.#run("readonly", async (turn) => this.#found(turn, await this.#row(turn, name), version));
    if (this.#asked !== undefined) this.#asked = answer.then(ignore, ignore);
    return answer;
  }

  async claim(name: string, attempt: number): Promise<StoreClaim | undefined> {
    const { place, generation } = this.watch;
    const ask = (asked: Asked): Promise<Told> => {
      const version = this.version(name);
      return this.#run(attempt === 0 ? "readonly" : "readwrite", async (turn) => {
        const { ledger, row } = await this.#ledger(turn, name);
        const answer = ledger.claim(asked);
        if (answer.ticket === undefined) return answer;
        if (attempt === 0) return { ...answer, seen: { found: await this.#found(turn, row, version), version } };
        this.#mark(turn, { ...row, name }, ledger);
        return answer;
      });
    };
    const given = await claim(name, `${place}:${name}`, "tabs", { generation, attempt, over: 0 }, ask);
    return (this.#given = given);
  }

  async put({ name, ticket, lock }: StoreClaim, fresh: Fresh): Promise<Found | undefined> {
    try {
      if (lock.isLost) return undefined;
      const found = await this.#write(fresh, async (turn) => {
        const { ledger } = await this.#ledger(turn, name);
        if (!ledger.admits(ticket) || !this.canHold(fresh.size)) return undefined;
        return this.#store(turn, ledger, fresh, ticket.generation);
      });
      if (found !== undefined) this.#tell(name);
      return found;
    } finally {
      lock.release();
    }
  }

  async set(name: string, fresh: Fresh | undefined): Promise<Found | undefined> {
    const found = await this.#write(fresh, async (turn) => {
      const { ledger } = this.#unasked(fresh) ?? (await this.#ledger(turn, name));
      if (fresh !== undefined && this.canHold(fresh.size)) return this.#store(turn, ledger, fresh, undefined);
      this.#delete(turn, name, ledger);
      if (ledger.head !== undefined) this.#unpack(turn);
      ledger.overtake();
      this.#mark(turn, { name }, ledger);
      this.watch.moved(name, this.terms);
      return undefined;
    });
    this.#tell(name);
    return found;
  }

  async clear(): Promise<void> {
    await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      for (const store of [ENTRIES, LARGE]) turn.store(store).delete(this.#all());
      this.#free(turn, { ...totals, entries: NaN, hasLarge: false });
      this.watch.emptied(this.terms);
    });
    this.#tell(undefined);
  }

  releaseClaims(): Promise<void> {
    return this.#run("readwrite", async (turn) => this.#free(turn, await this.#totals(turn)));
  }

  list(): Promise<Found[]> {
    return this.#run("readonly", async (turn) => {
      const rows = await this.#youngest(turn);
      return rows.map((row) => ({ ...foundOf(row), value: undefined, order: row.entry.order, version: this.version(row.name) }));
    });
  }

  async remove(listed: readonly Found[]): Promise<number> {
    const removed = await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      const names: string[] = [];
      for (const { name, order } of listed) {
        const head = (await this.#row(turn, name))?.entry;
        if (head === undefined || head.order !== order) continue;
        this.#drop(turn, totals, { name, entry: head });
        names.push(name);
      }
      if (names.length > 0) this.#unpack(turn);
      if (!Number.isNaN(totals.entries)) turn.store(FUNCTIONS).put(totals);
      return names;
    });
    for (const name of removed) this.#tell(name);
    return removed.length;
  }

  async preload(mostBytes: number, tellSome?: (some: Preloaded) => void): Promise<Preloaded> {
    const versions = this.watch.snapshot();
    const versionOf = (name: string): number => this.watch.version(name, versions);
    const youngest = await this.#run("readonly", (turn) => this.#readYoungest(turn));
    if (isWhole(youngest)) return { ...merge(youngest, mostBytes), versionOf };
    setTimeout(() => void this.#pack(mostBytes).catch(ignore), PACK_AFTER_MILLIS);
    tellSome?.({ stored: smallOf(youngest.rows), isAll: false, versionOf });
    await this.#letOthersGoFirst();
    return { ...(await this.#run("readonly", (turn) => this.#readSmall(turn, mostBytes))), versionOf };
  }

  /** Until whoever asks by himself now is answered: to read much at once takes a browser long. */
  async #letOthersGoFirst(): Promise<void> {
    this.#asked = Promise.resolve();
    await this.#run("readonly", (turn) => this.#totals(turn));
    await this.#asked;
    this.#asked = undefined;
  }

  /** What is packed, and the youngest, down to the youngest of these. */
  async #readYoungest(turn: Turn): Promise<Youngest> {
    const [first, second] = await turn.readAll<Entered | PackedRow>(this.#byAge(turn), this.#ages(-Infinity, []), 2);
    if (isPacked(first)) {
      const { entry: packed } = first;
      if (second?.entry.order === packed.order) return { packed, rows: [second as Entered] };
      const rows = await turn.readAll<Entered>(this.#byAge(turn), this.#ages(-Infinity, -packed.order, true), SOME);
      // Otherwise somebody has deleted it by hand, and perhaps others.
      if (rows.length === SOME || isWhole({ packed, rows })) return { packed, rows };
    }
    return { rows: await this.#youngest(turn, Infinity, SOME) };
  }

  /** All that is small, as it was at one moment: what is packed holds what was replaced since. */
  async #readSmall(turn: Turn, mostBytes: number): Promise<Small> {
    const youngest = await this.#readYoungest(turn);
    return isWhole(youngest) ? merge(youngest, mostBytes) : this.#readOn(turn, youngest, mostBytes);
  }

  /** Reads on behind the youngest. */
  async #readOn(turn: Turn, { packed, rows }: Youngest, mostBytes: number): Promise<Small> {
    const bytes = rows.reduce((sum, { entry }) => sum + (entry.isLarge ? 0 : entry.size), 1);
    const most = Math.ceil((rows.length * mostBytes) / bytes);
    const ages = this.#ages(-(rows.at(-1)?.entry.order ?? 0), packed === undefined ? [] : -packed.order, true);
    const others = await turn.readAll<Entered>(this.#byAge(turn), ages, most);
    const all = { packed, rows: [...rows, ...others] };
    if (others.length === most) return { stored: smallOf(all.rows), isAll: false };
    return packed === undefined || isWhole(all) ? merge(all, mostBytes) : this.#readOn(turn, { rows }, mostBytes);
  }

  /** Packs what is small, for whoever reads it next; not where that is thrown away by the next one to be stored. */
  async #pack(mostBytes: number): Promise<void> {
    const isDone = await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      const youngest = await this.#readYoungest(turn);
      const order = youngest.rows[0]?.entry.order ?? 0;
      if (isWhole(youngest) || !isPast(order) || (this.isBounded && !this.hasRoom(totals.entries, totals.bytes, 0))) return false;
      const { stored, isAll } = await this.#readOn(turn, youngest, mostBytes);
      turn.store(ENTRIES).put({ id: this.#id, name: PACKED, entry: pack(order, isAll, stored) } satisfies PackedRow);
      // Whatever is stored from now on is to have a higher number.
      totals.serial = Math.max(totals.serial, order);
      turn.store(FUNCTIONS).put(totals);
      return true;
    });
    if (isDone) this.#tell(PACKED);
  }

  /** Something in it is gone. */
  #unpack(turn: Turn): void {
    turn.store(ENTRIES).delete(this.#path(PACKED));
  }

  /** Does a job that stores something, and makes room for it where the quota is exceeded. */
  async #write<Result>(fresh: Fresh | undefined, job: Job<Result>): Promise<Result> {
    for (let retries = MOST_RETRIES; ; retries--) {
      try {
        return await this.#run("readwrite", job);
      } catch (failure) {
        if (fresh === undefined || retries === 0 || !isQuota((failure as Error).cause)) throw failure;
        await this.#makeRoomOnDisk(fresh.size);
      }
    }
  }

  /** Does a job in the transaction of this turn; if that fails, alone: perhaps it was another job's failure, or the connection was closed. */
  async #run<Result>(mode: IDBTransactionMode, job: Job<Result>): Promise<Result> {
    try {
      return await this.#attempt(mode, job, enter);
    } catch (first) {
      this.watch.totals = undefined;
      return this.#attempt(mode, job, alone).catch((failure: unknown) => {
        // After that Firefox lets a transaction delete, and calls the state of the database invalid where it would write.
        throw trouble("IndexedDB", isQuota(first) ? first : failure);
      });
    }
  }

  async #attempt<Result>(mode: IDBTransactionMode, job: Job<Result>, begin: typeof enter): Promise<Result> {
    const database = await connect();
    let turn: Turn;
    try {
      turn = begin(database, mode);
    } catch (error) {
      // The connection is closed.
      forget();
      throw error;
    }
    return turn.share(mode, () => job(turn));
  }

  /** Stores an entry of a claim's generation, or of a new one that overtakes every claim. */
  async #store(turn: Turn, ledger: KeptLedger, fresh: Fresh, generation: number | undefined): Promise<Found> {
    const { totals } = ledger;
    const { name, key, args, value, isBytes, storedAt, size, isNone } = fresh;
    const isLarge = size >= LARGE_BYTES;
    const isKnown = !this.isBounded && Number.isNaN(totals.entries) && totals.serial > 0 && totals.hasLarge >= isLarge;
    this.#delete(turn, name, ledger);
    if (this.isBounded) await this.#makeRoom(turn, totals, size);
    const order = advance(totals);
    const place = { id: this.#id, name };
    const entry = { order, age: -order, generation: generation ?? order, storedAt, size, isNone, isBytes, isLarge, key, arguments: args };
    turn.store(ENTRIES).put({ ...place, entry: isLarge ? entry : { ...entry, value } });
    if (isLarge) turn.store(LARGE).put({ ...place, value });
    if (!isKnown) this.#keep(turn, totals, size, isLarge);
    this.watch.moved(name, this.terms);
    return { ...foundOf({ name, entry: { ...entry, value } }), version: this.version(name) };
  }

  /** Counts an entry, or no longer counts any. */
  #keep(turn: Turn, totals: Kept, size: number, isLarge: boolean): void {
    totals.entries = this.isBounded ? totals.entries + 1 : NaN;
    totals.bytes += size;
    totals.hasLarge ||= isLarge;
    turn.store(FUNCTIONS).put(totals);
  }

  #delete(turn: Turn, name: string, { totals, head }: { totals: Kept; head: Entry | undefined }): void {
    if (head === undefined) return;
    turn.store(ENTRIES).delete(this.#path(name));
    if (head.isLarge) turn.store(LARGE).delete(this.#path(name));
    totals.entries = Math.max(0, totals.entries - 1);
    totals.bytes = Math.max(0, totals.bytes - head.size);
  }

  async #makeRoom(turn: Turn, totals: Kept, size: number): Promise<void> {
    if (Number.isNaN(totals.entries)) await this.#count(turn, totals);
    const { entries, bytes } = totals;
    await this.#evictUntil(turn, totals, (gone, freed) => this.hasRoom(entries - gone, bytes - freed, size));
  }

  /** From now on nobody stores without counting. */
  async #count(turn: Turn, totals: Kept): Promise<void> {
    const rows = await this.#youngest(turn);
    totals.entries = rows.length;
    totals.bytes = rows.reduce((sum, { entry }) => sum + entry.size, 0);
    this.#tell(undefined);
  }

  /** Where the quota is exceeded: entries go until so many bytes are free. */
  async #makeRoomOnDisk(size: number): Promise<void> {
    // Deletes alone: where the quota is exceeded a transaction that writes may be refused whatever it deletes.
    const gone = await this.#run("readwrite", async (turn) => this.#evictUntil(turn, await this.#totals(turn), (_, freed) => freed >= size));
    for (const { name } of gone) this.#tell(name);
    if (this.isBounded) await this.#countLater();
  }

  /** Where even that finds no room the counts stay too high, which costs nothing but entries. */
  async #countLater(): Promise<void> {
    const noted = this.#run("readwrite", async (turn) => {
      turn.store(FUNCTIONS).put({ ...(await this.#totals(turn)), entries: NaN });
    });
    await noted.catch(() => undefined);
  }

  /** SIEVE: the hand passes over what was used, and evicts what was not, from the oldest to the youngest, until that is enough. */
  async #evictUntil(turn: Turn, totals: Kept, isEnough: (gone: number, freed: number) => boolean): Promise<Entered[]> {
    const gone: Entered[] = [];
    let [freed, hasMore] = [0, true];
    while (hasMore && !isEnough(gone.length, freed)) {
      const [start, known] = [this.watch.hand, gone.length];
      this.watch.hand = 0;
      await this.#fromOldest(turn, start, (row) => {
        if (isEnough(gone.length, freed)) return true;
        this.watch.hand = row.entry.order;
        if (this.watch.takeUse(row.name)) return false;
        gone.push(row);
        freed += row.entry.size;
        return false;
      });
      // Once all are known: of what is deleted while a cursor is there, WebKit's cursors pass over the neighbour.
      for (const row of gone.slice(known)) this.#drop(turn, totals, row);
      hasMore = start + this.watch.hand > 0;
    }
    if (gone.length > 0) this.#unpack(turn);
    this.watch.evicted += gone.length;
    // Nothing is left, whatever was counted: somebody has deleted entries by hand.
    if (!hasMore) totals.entries = totals.bytes = 0;
    return gone;
  }

  #drop(turn: Turn, totals: Kept, { name, entry }: Pick<Entered, "name" | "entry">): void {
    this.#delete(turn, name, { totals, head: entry });
    this.watch.moved(name);
  }

  /** Visits entries behind a place in the order of changes, the oldest first, until one is enough. */
  #fromOldest(turn: Turn, after: number, isEnough: (row: Entered) => boolean): Promise<void> {
    const range = IDBKeyRange.bound(this.#path(-Infinity), this.#path(-after), true, true);
    return turn.visitBackwards(this.#byAge(turn), range, (row) => isEnough(row as Entered));
  }

  /** The youngest entries before a place in the order of changes. */
  #youngest(turn: Turn, before = Infinity, most?: number): Promise<Entered[]> {
    return turn.readAll<Entered>(this.#byAge(turn), this.#ages(-before, [], true), most);
  }

  #ages(from: number, to: number | [], isOpen = false): IDBKeyRange {
    return IDBKeyRange.bound(this.#path(from), this.#path(to), isOpen);
  }

  #byAge(turn: Turn): IDBIndex {
    return turn.store(ENTRIES).index(BY_AGE);
  }

  /** All that is stored about one key. */
  async #ledger(turn: Turn, name: string): Promise<{ ledger: KeptLedger; row: Row | undefined }> {
    const [totals, row] = await Promise.all([this.#totals(turn), this.#row(turn, name)]);
    return { ledger: new Ledger(totals, row?.mark, row?.entry), row };
  }

  /** The same for an entry that overtakes whatever there is, where that need not be read. */
  #unasked(fresh: Fresh | undefined): { ledger: KeptLedger } | undefined {
    const totals = this.watch.totals as Kept | undefined;
    if (fresh === undefined || this.isBounded || totals?.hasLarge !== false || !Number.isNaN(totals.entries)) return undefined;
    return { ledger: new Ledger<Kept, Entry>(totals, undefined, undefined) };
  }

  async #totals(turn: Turn): Promise<Kept> {
    const totals = await turn.read<Kept>(FUNCTIONS, this.#id);
    return this.#know(totals ?? { id: this.#id, serial: 0, freed: 0, entries: NaN, bytes: NaN, hasLarge: false });
  }

  #know(totals: Kept): Kept {
    this.watch.generation = totals.freed;
    this.watch.totals = totals;
    return totals;
  }

  #row(turn: Turn, name: string): Promise<Row | undefined> {
    return turn.read<Row>(ENTRIES, this.#path(name));
  }

  /** Its two parts are written together; without one the entry is none. */
  async #found(turn: Turn, row: Row | undefined, version: number): Promise<Found | undefined> {
    if (row?.entry === undefined) return undefined;
    const { name, entry } = row;
    const held = entry.isLarge ? await turn.read<Pick<Entry, "value">>(LARGE, this.#path(name)) : entry;
    if (held === undefined) return undefined;
    this.noteUse(name);
    return { ...foundOf(row as Entered), value: held.value, version };
  }

  #mark(turn: Turn, row: Omit<Row, "id">, { mark, totals }: KeptLedger): void {
    turn.store(ENTRIES).put({ ...row, id: this.#id, mark });
    turn.store(FUNCTIONS).put(totals);
  }

  #free(turn: Turn, totals: Kept): void {
    free(totals);
    turn.store(FUNCTIONS).put(this.#know(totals));
  }

  #tell(name: string | undefined): void {
    tellOthers(this.watch.place, name);
  }

  /** A path of this function. */
  #path(second: unknown): [string, IDBValidKey] {
    return [this.#id, second as IDBValidKey];
  }

  /** Arrays come after all texts and numbers. */
  #all(): IDBKeyRange {
    return IDBKeyRange.bound(this.#path(""), this.#path([]));
  }
}

function alone(database: IDBDatabase, mode: IDBTransactionMode): Turn {
  return new Turn(database, mode);
}

function ignore(): void {
  // Nobody has asked for it.
}

/** Whether that is all there is, beside what is packed. */
function isWhole({ packed, rows }: Youngest): boolean {
  return packed === undefined ? rows.length < SOME : rows.at(-1)?.entry.order === packed.order;
}

/** What is small among the youngest, and of what is packed what was not replaced. */
function merge({ packed, rows }: Youngest, mostBytes: number): Small {
  const stored = smallOf(rows);
  let isAll = packed?.isAll !== false && stored.length === rows.length;
  if (packed === undefined) return { stored, isAll };
  const replaced = new Set(rows.map(({ name }) => name));
  let bytes = stored.reduce((sum, { size }) => sum + size, 0);
  for (const each of unpack(packed)) {
    if (replaced.has(each.name)) continue;
    if ((bytes += each.size) <= mostBytes) stored.push(each);
    else isAll = false;
  }
  return { stored, isAll };
}

function smallOf(rows: readonly Entered[]): Stored[] {
  return rows.filter(({ entry }) => !entry.isLarge).map(foundOf);
}

function foundOf({ name, entry }: Pick<Entered, "name" | "entry">): Stored {
  const { key, value, isBytes, storedAt, size, isNone } = entry;
  return { name, key, value, isBytes, storedAt, size, isNone };
}
