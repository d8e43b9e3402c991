/** One function's part of IndexedDB: what is asked of it, each within one transaction; must not know what its values mean. */
import { Bounded } from "./bounded.js";
import { listen, tellOthers } from "./channel.js";
import { claim, type StoreClaim } from "./claims.js";
import { BY_ORDER, connect, ENTRIES, forget, FUNCTIONS, LARGE, MARKS } from "./connection.js";
import { advance, free, Ledger, type Answer, type Asked, type Head, type Mark, type Totals } from "./ledger.js";
import { isQuota, trouble, type Fresh, type Found, type Part, type PartOptions } from "./store.js";
import { enter, Turn } from "./turn.js";

/** Values of this size and more lie apart, so that the small ones can be read together. */
const LARGE_BYTES = 64 * 1024;

/** So many entries are looked at together where one is likely to be enough. */
const FEW = 8;

/** How often room is made for an entry: what a browser counts as free lags behind. */
const MOST_RETRIES = 2;

/** An entry as it lies in the database. */
export interface Row extends Head {
  readonly id: string;
  readonly name: string;
  readonly key?: Uint8Array;
  readonly arguments?: string;
  readonly value?: unknown;
  readonly isBytes: boolean;
  readonly isLarge: boolean;
  readonly isNone: boolean;
  readonly storedAt: number;
}

type Job<Result> = (turn: Turn) => Promise<Result>;

/** Opens what is kept under a function's id; nothing is asked of the database yet. */
export function openIndexedDb(id: string, options: PartOptions): Part {
  listen();
  return new IndexedDbPart(id, options);
}

class IndexedDbPart extends Bounded implements Part {
  readonly #id: string;

  constructor(id: string, options: PartOptions) {
    super(`indexeddb:${id}`, options);
    this.#id = id;
  }

  async get(name: string): Promise<Found | undefined> {
    const version = this.version(name);
    return this.#run("readonly", async (turn) => {
      const row = await turn.read<Row>(ENTRIES, this.#path(name));
      if (row === undefined) return undefined;
      // Its two parts are written together; without one the entry is none.
      const held = row.isLarge ? await turn.read<Row>(LARGE, this.#path(name)) : row;
      if (held === undefined) return undefined;
      this.noteUse(name);
      return { ...foundOf(row), value: held.value, version };
    });
  }

  claim(name: string, attempt: number): Promise<StoreClaim | undefined> {
    const { place, generation } = this.watch;
    const ask = (asked: Asked): Promise<Answer> =>
      this.#run(attempt === 0 ? "readonly" : "readwrite", async (turn) => {
        const ledger = await this.#ledger(turn, name);
        const answer = ledger.claim(asked);
        if ("ticket" in answer && asked.attempt > 0) this.#mark(turn, name, ledger);
        return answer;
      });
    return Promise.resolve(claim(name, `${place}:${name}`, "tabs", { generation, attempt, over: 0 }, ask));
  }

  async put({ name, ticket, lock }: StoreClaim, fresh: Fresh): Promise<Found | undefined> {
    try {
      if (lock.isLost) return undefined;
      const found = await this.#write(fresh, async (turn) => {
        const ledger = await this.#ledger(turn, name);
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
      const ledger = await this.#ledger(turn, name);
      if (fresh !== undefined && this.canHold(fresh.size)) return this.#store(turn, ledger, fresh, undefined);
      this.#delete(turn, name, ledger.totals, ledger.head);
      ledger.overtake();
      this.#mark(turn, name, ledger);
      this.watch.moved(name, this.options);
      return undefined;
    });
    this.#tell(name);
    return found;
  }

  async clear(): Promise<void> {
    await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      for (const store of [ENTRIES, LARGE, MARKS]) turn.store(store).delete(this.#all());
      this.#free(turn, { ...totals, entries: 0, bytes: 0 });
      this.watch.emptied(this.options);
    });
    this.#tell(undefined);
  }

  releaseClaims(): Promise<void> {
    return this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      turn.store(MARKS).delete(this.#all());
      this.#free(turn, totals);
    });
  }

  list(): Promise<Found[]> {
    return this.#run("readonly", async (turn) => {
      const rows = await turn.readAll<Row>(turn.store(ENTRIES), this.#all());
      return rows.map((row) => ({ ...foundOf(row), order: row.order, value: undefined, version: this.version(row.name) }));
    });
  }

  async remove(listed: readonly Found[]): Promise<number> {
    const removed = await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      const names: string[] = [];
      for (const { name, order } of listed) {
        const row = await turn.read<Row>(ENTRIES, this.#path(name));
        if (row === undefined || row.order !== order) continue;
        this.#delete(turn, name, totals, row);
        this.watch.moved(name);
        names.push(name);
      }
      turn.store(FUNCTIONS).put(totals);
      return names;
    });
    this.#tellOf(removed);
    return removed.length;
  }

  preload(mostBytes: number): Promise<Found[]> {
    const versions = this.watch.snapshot();
    return this.#run("readonly", async (turn) => {
      const { serial, entries, bytes } = await this.#totals(turn);
      // The youngest, if they are of the usual size.
      const most = bytes > mostBytes ? Math.floor((entries * mostBytes) / bytes) : serial;
      const range = IDBKeyRange.bound([this.#id, serial - most], this.#path([]), true);
      const rows = await turn.readAll<Row>(turn.store(ENTRIES).index(BY_ORDER), range);
      const small = rows.filter(({ isLarge }) => !isLarge);
      return small.map((row) => ({ ...foundOf(row), value: row.value, version: this.watch.version(row.name, versions) }));
    });
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
  async #store(turn: Turn, { totals, mark, head }: Ledger, fresh: Fresh, generation: number | undefined): Promise<Found> {
    const { name, key, args, value, isBytes, storedAt, size, isNone } = fresh;
    this.#delete(turn, name, totals, head);
    await this.#makeRoom(turn, totals, size);
    const order = advance(totals);
    totals.entries++;
    totals.bytes += size;
    const isLarge = size >= LARGE_BYTES;
    const place = { id: this.#id, name };
    const known = { ...place, order, generation: generation ?? order, storedAt, size, isNone, isBytes, isLarge, key, arguments: args };
    turn.store(ENTRIES).put(isLarge ? known : { ...known, value });
    if (isLarge) turn.store(LARGE).put({ ...place, value });
    if (mark !== undefined) turn.store(MARKS).delete(this.#path(name));
    turn.store(FUNCTIONS).put(totals);
    this.watch.moved(name, this.options);
    return { name, key, value, isBytes, storedAt, size, isNone, version: this.version(name) };
  }

  #delete(turn: Turn, name: string, totals: Totals, head: Head | undefined): void {
    if (head === undefined) return;
    turn.store(ENTRIES).delete(this.#path(name));
    turn.store(LARGE).delete(this.#path(name));
    totals.entries = Math.max(0, totals.entries - 1);
    totals.bytes = Math.max(0, totals.bytes - head.size);
  }

  /** SIEVE: the hand passes over what was used, and evicts what was not, from the oldest to the youngest. */
  async #makeRoom(turn: Turn, totals: Totals, size: number): Promise<void> {
    const seen = this.watch;
    while (totals.entries > 0 && !this.hasRoom(totals.entries, totals.bytes, size)) {
      const ahead = await this.#oldest(turn, seen.hand);
      if (ahead.length === 0) {
        // Nothing is left, whatever was counted: somebody has deleted entries by hand.
        if (seen.hand === 0) totals.entries = totals.bytes = 0;
        seen.hand = 0;
      }
      for (const row of ahead) {
        if (this.hasRoom(totals.entries, totals.bytes, size)) break;
        seen.hand = row.order;
        if (!seen.takeUse(row.name)) this.#evict(turn, totals, row);
      }
    }
  }

  /** Where the quota is exceeded: the oldest go, used or not, until so many bytes are free. */
  async #makeRoomOnDisk(size: number): Promise<void> {
    const names: string[] = [];
    // Deletes alone: where the quota is exceeded a transaction that writes may be refused whatever it deletes.
    const [before, now] = await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      const before = { ...totals };
      for (const row of await this.#oldestOf(turn, size)) {
        this.#evict(turn, totals, row);
        names.push(row.name);
      }
      return [before, totals];
    });
    this.#tellOf(names);
    await this.#count(now.entries - before.entries, now.bytes - before.bytes);
  }

  /** The oldest entries that come to so many bytes, at least one. */
  async #oldestOf(turn: Turn, size: number): Promise<Row[]> {
    const chosen: Row[] = [];
    for (let [freed, last] = [0, 0]; freed < Math.max(size, 1); ) {
      const [oldest] = await this.#oldest(turn, last, 1);
      if (oldest === undefined) break;
      chosen.push(oldest);
      freed += oldest.size;
      last = oldest.order;
    }
    return chosen;
  }

  /** Corrects what is counted. Where even that finds no room the counts stay too high, which costs nothing but entries. */
  async #count(entries: number, bytes: number): Promise<void> {
    const counted = this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      turn.store(FUNCTIONS).put({ ...totals, entries: totals.entries + entries, bytes: totals.bytes + bytes });
    });
    await counted.catch(() => undefined);
  }

  #evict(turn: Turn, totals: Totals, row: Row): void {
    this.#delete(turn, row.name, totals, row);
    this.watch.moved(row.name);
    this.watch.evicted++;
  }

  /** The oldest entries behind a place in the order of changes. */
  #oldest(turn: Turn, after: number, most = FEW): Promise<Row[]> {
    const range = IDBKeyRange.bound(this.#path(after), this.#path([]), true);
    return turn.readAll<Row>(turn.store(ENTRIES).index(BY_ORDER), range, most);
  }

  /** All that is stored about one key. */
  async #ledger(turn: Turn, name: string): Promise<Ledger> {
    const path = this.#path(name);
    const [totals, mark, head] = await Promise.all([this.#totals(turn), turn.read<Mark>(MARKS, path), turn.read<Row>(ENTRIES, path)]);
    this.watch.generation = totals.freed;
    return new Ledger(totals, mark, head);
  }

  async #totals(turn: Turn): Promise<Totals & { id: string }> {
    const totals = await turn.read<Totals & { id: string }>(FUNCTIONS, this.#id);
    return totals ?? { id: this.#id, serial: 0, freed: 0, entries: 0, bytes: 0 };
  }

  #mark(turn: Turn, name: string, { mark, totals }: Ledger): void {
    turn.store(MARKS).put({ id: this.#id, name, ...mark });
    turn.store(FUNCTIONS).put(totals);
  }

  #free(turn: Turn, totals: Totals): void {
    free(totals);
    this.watch.generation = totals.freed;
    turn.store(FUNCTIONS).put(totals);
  }

  #tell(name: string | undefined): void {
    tellOthers(this.watch.place, name);
  }

  #tellOf(names: readonly string[]): void {
    if (names.length > 0) this.#tell(names.length === 1 ? names[0] : undefined);
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

function foundOf({ name, key, isBytes, storedAt, size, isNone }: Row): Omit<Found, "value" | "version"> {
  return { name, key, isBytes, storedAt, size, isNone };
}
