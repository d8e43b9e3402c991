// Made of rust.ts by scripts/stores.mjs; change that, not this.

// src/core/browser/store.ts
var Fresh = class {
  constructor(name, key, args, value, isBytes, storedAt, size, isNone) {
    this.name = name;
    this.key = key;
    this.args = args;
    this.value = value;
    this.isBytes = isBytes;
    this.storedAt = storedAt;
    this.size = size;
    this.isNone = isNone;
  }
  name;
  key;
  args;
  value;
  isBytes;
  storedAt;
  size;
  isNone;
};
var FORMAT = "cachier2";
function trouble(store, cause) {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  const reason = isQuota(cause) ? "the quota is exceeded, although the oldest entries of this function were evicted" : message;
  return new Error(`${store}: ${name}: ${reason}`, { cause });
}
function isQuota(error) {
  return error instanceof DOMException && /quota/i.test(error.name);
}

// src/core/browser/connection.ts
var ENTRIES = "entries";
var LARGE = "large";
var FUNCTIONS = "functions";
var STORES = [ENTRIES, LARGE, FUNCTIONS];
var BY_AGE = "byAge";
var PATIENCE_MILLIS = 3e3;
var connection;
function connect() {
  return connection ??= open();
}
function connectSoon() {
  connect().catch(() => void 0);
}
function forget() {
  connection = void 0;
}
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("a request failed"));
  });
}
async function open() {
  const { indexedDB: factory } = globalThis;
  const database = factory ? opened(factory) : Promise.reject(new Error("there is no IndexedDB here, or its use is forbidden"));
  database.catch(forget);
  const isOpen = await Promise.race([database.then(() => true), patience()]);
  if (isOpen) return giveUpWhenAsked(await database);
  database.then((late) => late.close()).then(forget, forget);
  throw new Error("the database does not open: another tab blocks it; close or reload it");
}
async function opened(factory) {
  const request = factory.open(FORMAT, 1);
  request.onupgradeneeded = () => createStores(request.result);
  return settled(request);
}
function patience() {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLIS, false));
}
function createStores(database) {
  const byName = { keyPath: ["id", "name"] };
  database.createObjectStore(ENTRIES, byName).createIndex(BY_AGE, ["id", "entry.age"]);
  database.createObjectStore(LARGE, byName);
  database.createObjectStore(FUNCTIONS, { keyPath: "id" });
}
function giveUpWhenAsked(database) {
  database.onversionchange = database.onclose = () => {
    database.close();
    forget();
  };
  return database;
}

// src/core/browser/living.ts
var Living = class {
  #references = /* @__PURE__ */ new Set();
  #gone = new FinalizationRegistry((reference) => this.#references.delete(reference));
  add(member) {
    const reference = new WeakRef(member);
    this.#references.add(reference);
    this.#gone.register(member, reference);
  }
  /** Those there are now. */
  all() {
    return [...this.#references].flatMap((reference) => reference.deref() ?? []);
  }
};

// src/core/browser/page.ts
var ASIDE = ["pagehide", "freeze"];
var BACK = ["pageshow", "resume"];
function whenAside(action) {
  listen(ASIDE, action);
}
function whenBack(action) {
  listen(BACK, action);
}
function listen(events, action) {
  for (const event of events) addEventListener(event, action, true);
}

// src/core/browser/watch.ts
var SLOTS = 4096;
var Watch = class {
  constructor(place) {
    this.place = place;
  }
  place;
  /** The generation of keys of which nothing else is known, as last heard. */
  generation = 0;
  /** What is kept of the function, as last read, until somebody else has changed anything. */
  totals;
  /** The number of the entry at which the search for one to evict has come to a stop. */
  hand = 0;
  /** How many entries were evicted from here. */
  evicted = 0;
  #versions = new Uint32Array(SLOTS);
  #listeners = new Living();
  /** Names of entries that were used since the hand passed them. */
  #used = /* @__PURE__ */ new Set();
  join(listener) {
    this.#listeners.add(listener);
  }
  /** The number of a name now, or in an earlier snapshot. */
  version(name, versions = this.#versions) {
    return versions[slotOf(name)] ?? 0;
  }
  /** All numbers as they are now. */
  snapshot() {
    return this.#versions.slice();
  }
  noteUse(name) {
    this.#used.add(name);
  }
  /** Whether an entry was used since this was last asked. */
  takeUse(name) {
    const wasUsed = this.#listeners.all().map((listener) => listener.wasUsed?.(name) === true);
    return this.#used.delete(name) || wasUsed.includes(true);
  }
  /** An entry was changed, by one of the listeners or by somebody else. */
  moved(name, by) {
    const slot = slotOf(name);
    this.#versions[slot] = (this.#versions[slot] ?? 0) + 1;
    this.#tell(name, by);
  }
  /** Everything may have changed. */
  movedAll(by) {
    this.#versions.forEach((version, slot) => this.#versions[slot] = version + 1);
    this.#tell(void 0, by);
  }
  /** Another tab has changed an entry, or any (undefined). */
  heard(name) {
    this.totals = void 0;
    if (name === void 0) this.movedAll();
    else this.moved(name);
  }
  /** Nothing is stored any more. */
  emptied(by) {
    this.#used.clear();
    this.hand = 0;
    this.movedAll(by);
  }
  #tell(name, by) {
    for (const listener of this.#listeners.all()) if (listener !== by) listener.onNews?.(name);
  }
};
var watches = /* @__PURE__ */ new Map();
function watch(place) {
  if (watches.size === 0) whenBack(catchUp);
  const known = watches.get(place) ?? new Watch(place);
  watches.set(place, known);
  return known;
}
function watchOf(place) {
  return watches.get(place);
}
function allWatches() {
  return watches.values();
}
function catchUp() {
  for (const known of watches.values()) known.heard(void 0);
}
function slotOf(name) {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash, 31) + name.charCodeAt(index) | 0;
  return (hash >>> 0) % SLOTS;
}

// src/core/browser/bounded.ts
var Bounded = class {
  terms;
  watch;
  constructor(place, options) {
    this.terms = options;
    this.watch = watch(place);
    this.watch.join(options);
  }
  /** How many entries were evicted from here. */
  get evicted() {
    return this.watch.evicted;
  }
  /** A number that moves whenever an entry of this name may have changed. */
  version(name) {
    return this.watch.version(name);
  }
  get isBounded() {
    return this.terms.maxEntries !== Infinity || this.terms.maxBytes !== Infinity;
  }
  /** Whether an entry of this size could be kept, were it the only one. */
  canHold(size) {
    return this.hasRoom(0, 0, size);
  }
  /** Whether an entry of this size fits beside what there is. */
  hasRoom(entries, bytes, size) {
    return entries < this.terms.maxEntries && bytes + size <= this.terms.maxBytes;
  }
  noteUse(name) {
    if (this.isBounded) this.watch.noteUse(name);
  }
};

// src/core/browser/channel.ts
var untold = /* @__PURE__ */ new Map();
var channel;
var isListening = false;
var isAlone = true;
function tellOthers(place, name) {
  if (!isAlone && untold.size === 0) queueMicrotask(tell);
  untold.set(place, (untold.get(place) ?? /* @__PURE__ */ new Set()).add(isAlone ? void 0 : name));
}
function tell() {
  isAlone = false;
  for (const [place, names] of untold) channel?.postMessage([place, ...names]);
  untold.clear();
}
function hear([place = "", ...names]) {
  tell();
  for (const name of names) watchOf(place)?.heard(name);
}
function listening(onNews) {
  const ear = new BroadcastChannel(FORMAT);
  ear.onmessage = ({ data }) => {
    onNews(data);
    if (data.length === 0) ear.postMessage([""]);
  };
  ear.postMessage([]);
  return ear;
}
function listen2() {
  if (isListening || typeof BroadcastChannel !== "function") return;
  isListening = true;
  whenAside(hangUp);
  whenBack(open2);
  open2();
}
function open2() {
  channel ??= listening(hear);
}
function hangUp() {
  tell();
  channel?.close();
  channel = void 0;
}

// src/core/browser/locks.ts
var here = /* @__PURE__ */ new Set();
var held = /* @__PURE__ */ new Set();
var releasing = /* @__PURE__ */ new Map();
var isListening2 = false;
function takeHere(name) {
  if (here.has(name)) return void 0;
  here.add(name);
  let isHeld = true;
  return {
    isLost: false,
    release: () => {
      if (isHeld) here.delete(name);
      isHeld = false;
    }
  };
}
async function takeEverywhere(name) {
  const { locks } = navigator;
  if (locks === void 0) return takeHere(name);
  await releasing.get(name);
  return new Promise((resolve) => {
    const over = locks.request(name, { ifAvailable: true }, (granted) => {
      if (granted !== null) return new Promise((release) => resolve(new WebLock(name, release, over)));
      resolve(void 0);
      return void 0;
    });
    over.catch(() => resolve(takeHere(name)));
  });
}
var WebLock = class {
  isLost = false;
  #name;
  #release;
  #over;
  constructor(name, release, over) {
    this.#name = name;
    this.#release = release;
    this.#over = over;
    held.add(this);
    if (!isListening2) whenAside(loseAll);
    isListening2 = true;
  }
  release() {
    if (!held.delete(this)) return;
    const over = this.#over.catch(() => void 0).then(() => releasing.get(this.#name) === over && releasing.delete(this.#name));
    releasing.set(this.#name, over);
    this.#release();
  }
  lose() {
    this.isLost = true;
    this.release();
  }
};
function loseAll() {
  for (const lock of held) lock.lose();
}

// src/core/browser/soon.ts
function take(steps) {
  const goOn = (step) => {
    while (step.done !== true) {
      const { value } = step;
      if (value instanceof Promise)
        return value.then(
          (settled2) => goOn(steps.next(settled2)),
          (error) => goOn(steps.throw(error))
        );
      step = steps.next(value);
    }
    return step.value;
  };
  return goOn(steps.next());
}

// src/core/browser/claims.ts
var StoreClaim = class {
  constructor(name, ticket, lock, seen) {
    this.name = name;
    this.ticket = ticket;
    this.lock = lock;
    this.seen = seen;
  }
  name;
  ticket;
  lock;
  seen;
  release() {
    this.seen = void 0;
    this.lock.release();
  }
};
function claim(name, place, among, asked, ask) {
  return take(claiming(name, place, among, asked, ask));
}
function* claiming(name, place, among, asked, ask) {
  const lockOf = (generation, attempt) => {
    const lockName = `${FORMAT}:${place}:${String(generation)}:${String(attempt)}`;
    return among === "tab" ? takeHere(lockName) : takeEverywhere(lockName);
  };
  for (; ; ) {
    const lock = yield lockOf(asked.generation, asked.attempt);
    if (lock === void 0) return void 0;
    let isTaken = false;
    try {
      const { ticket, behind, generation = 0, seen } = yield ask(asked);
      if (ticket !== void 0) {
        isTaken = true;
        return new StoreClaim(name, ticket, lock, seen);
      }
      if (behind !== void 0) {
        const later = yield lockOf(asked.generation, behind);
        if (later === void 0) return void 0;
        later.release();
        asked = { ...asked, over: behind };
      } else asked = { ...asked, generation };
    } finally {
      if (!isTaken) lock.release();
    }
  }
}

// src/core/browser/ledger.ts
var last = 0;
function advance(totals) {
  return totals.serial = last = Math.max(last + 1, totals.serial + 1, Math.floor((Date.now() + Math.random()) * 1e3));
}
function isPast(number) {
  return number < Date.now() * 1e3;
}
function free(totals) {
  totals.freed = advance(totals);
}
var Ledger = class {
  constructor(totals, mark, head) {
    this.totals = totals;
    this.head = head;
    this.mark = mark;
  }
  totals;
  head;
  mark;
  get generation() {
    return Math.max(this.totals.freed, this.mark?.generation ?? 0, this.head?.generation ?? 0);
  }
  /** Whether whoever has this ticket may store, also in place of what was evicted meanwhile. */
  admits({ number, generation }) {
    return generation === this.generation && [0, number].includes(this.#number);
  }
  /** The claim of whoever holds the lock; a later attempt leaves a mark that overtakes the earlier ones. */
  claim({ generation, attempt, over }) {
    if (generation !== this.generation) return { generation: this.generation };
    const later = this.mark?.generation === generation ? this.mark.attempt : 0;
    if (later > Math.max(attempt, over)) return { behind: later };
    const number = attempt === 0 ? this.#number : this.#overtake(generation, attempt);
    return { ticket: { number, generation } };
  }
  /** Overtakes every claim of the key, for an entry that is removed. */
  overtake() {
    const number = advance(this.totals);
    this.mark = { number, generation: number, attempt: 0 };
  }
  /** That of the key's last change, 0 if there was none. */
  get #number() {
    return Math.max(this.mark?.number ?? 0, this.head?.order ?? 0);
  }
  #overtake(generation, attempt) {
    const number = advance(this.totals);
    this.mark = { number, generation, attempt };
    return number;
  }
};

// src/core/browser/joined.ts
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

// src/core/browser/packed.ts
var PACKED = "";
var Unpacked = class {
  constructor(name, value, packed, index) {
    this.name = name;
    this.value = value;
    this.isBytes = packed.isBytes[index] === 1;
    this.storedAt = packed.storedAt[index] ?? NaN;
    this.size = packed.sizes[index] ?? 0;
    this.isNone = packed.isNone[index] === 1;
    this.#packed = packed;
    this.#index = index;
  }
  name;
  value;
  isBytes;
  storedAt;
  size;
  isNone;
  #packed;
  #index;
  get key() {
    const { keys, keyEnds } = this.#packed;
    const key = keys.subarray(keyEnds[this.#index - 1] ?? 0, keyEnds[this.#index]);
    return key.length > 0 ? key : void 0;
  }
};
function isPacked(row) {
  return row?.name === PACKED;
}
function pack(order, isAll, stored) {
  const keys = stored.map(({ key }) => key ?? new Uint8Array());
  let end = 0;
  return {
    age: -Infinity,
    order,
    isAll,
    names: stored.map(({ name }) => name),
    keys: joined(keys),
    keyEnds: Uint32Array.from(keys, ({ length }) => end += length),
    values: stored.map(({ value }) => value),
    isBytes: Uint8Array.from(stored, ({ isBytes }) => Number(isBytes)),
    storedAt: Float64Array.from(stored, ({ storedAt }) => storedAt),
    sizes: Uint32Array.from(stored, ({ size }) => size),
    isNone: Uint8Array.from(stored, ({ isNone }) => Number(isNone))
  };
}
function unpack(packed) {
  return packed.names.map((name, index) => new Unpacked(name, packed.values[index], packed, index));
}

// src/core/browser/turn.ts
var Turn = class {
  #transaction;
  #mode;
  /** Whoever reads does not wait for it. */
  #over;
  /** Until the first reply, which is of a later turn, or its end. */
  #isOpen = true;
  #jobs = 0;
  /** Those who write, one after the other: what each reads before it writes stays true until then. */
  #writers;
  constructor(database, mode) {
    const transaction = database.transaction(STORES, mode, { durability: "relaxed" });
    this.#transaction = transaction;
    this.#mode = mode;
    if (mode === "readonly") return;
    this.#over = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("a transaction was given up"));
    });
    this.#over.catch(() => void 0);
  }
  admits(mode) {
    return this.#isOpen && (this.#mode === "readwrite" || mode === "readonly");
  }
  store(name) {
    return this.#transaction.objectStore(name);
  }
  /** What lies under a path. It rejects also where the transaction is over, and nothing can be asked of it. */
  async read(store, path) {
    return await this.#reply(this.store(store).get(path));
  }
  /** What lies in a range, in the order of the store or of one of its indexes. */
  async readAll(source, range, most) {
    return await this.#reply(source.getAll(range, most));
  }
  /** Visits what lies in a range from its end on, until one is enough. */
  async visitBackwards(source, range, isEnough) {
    const request = source.openCursor(range, "prev");
    for (; ; ) {
      const cursor = await this.#reply(request);
      if (cursor === null || isEnough(cursor.value)) return;
      cursor.continue();
    }
  }
  async #reply(request) {
    try {
      return await settled(request);
    } finally {
      this.#isOpen = false;
    }
  }
  /** Does a job in it; the last one commits, for nothing is to come; one that fails takes all with it. */
  async share(mode, work) {
    this.#jobs++;
    try {
      const done = await (mode === "readonly" ? work() : this.#write(work));
      this.#jobs--;
      if (this.#mode === "readonly") return done;
      if (this.#jobs === 0) this.#commit();
      await this.#over;
      return done;
    } catch (error) {
      this.#abort();
      throw error;
    }
  }
  #write(work) {
    const writing = this.#writers === void 0 ? work() : this.#writers.then(work);
    this.#writers = writing.catch(() => void 0);
    return writing;
  }
  #commit() {
    this.#isOpen = false;
    if (tellsWhyItFails()) this.#transaction.commit();
  }
  #abort() {
    this.#isOpen = false;
    try {
      this.#transaction.abort();
    } catch {
    }
  }
};
var latest;
function enter(database, mode) {
  if (latest?.admits(mode) === true) return latest;
  return latest = new Turn(database, mode);
}
function tellsWhyItFails() {
  return "userAgentData" in navigator;
}

// src/core/browser/indexeddb.ts
var LARGE_BYTES = 64 * 1024;
var SOME = 64;
var PACK_AFTER_MILLIS = 1e3;
var MOST_RETRIES = 2;
function openIndexedDb(id, options) {
  listen2();
  return new IndexedDbPart(id, options);
}
var IndexedDbPart = class extends Bounded {
  #id;
  /** The claim that was given last: whoever has it reads once more, and need not ask again. */
  #given;
  /** While others go first: until what was asked for last is answered. */
  #asked;
  constructor(id, options) {
    super(`indexeddb:${id}`, options);
    this.#id = id;
  }
  get(name) {
    const version = this.version(name);
    const given = this.#given;
    if (given?.name === name && given.seen?.version === version) {
      this.#given = void 0;
      return Promise.resolve(given.seen.found);
    }
    const answer = this.#run("readonly", async (turn) => this.#found(turn, await this.#row(turn, name), version));
    if (this.#asked !== void 0) this.#asked = answer.then(ignore, ignore);
    return answer;
  }
  async claim(name, attempt) {
    const { place, generation } = this.watch;
    const ask = (asked) => {
      const version = this.version(name);
      return this.#run(attempt === 0 ? "readonly" : "readwrite", async (turn) => {
        const { ledger, row } = await this.#ledger(turn, name);
        const answer = ledger.claim(asked);
        if (answer.ticket === void 0) return answer;
        if (attempt === 0) return { ...answer, seen: { found: await this.#found(turn, row, version), version } };
        this.#mark(turn, { ...row, name }, ledger);
        return answer;
      });
    };
    const given = await claim(name, `${place}:${name}`, "tabs", { generation, attempt, over: 0 }, ask);
    return this.#given = given;
  }
  async put({ name, ticket, lock }, fresh) {
    try {
      if (lock.isLost) return void 0;
      const found = await this.#write(fresh, async (turn) => {
        const { ledger } = await this.#ledger(turn, name);
        if (!ledger.admits(ticket) || !this.canHold(fresh.size)) return void 0;
        return this.#store(turn, ledger, fresh, ticket.generation);
      });
      if (found !== void 0) this.#tell(name);
      return found;
    } finally {
      lock.release();
    }
  }
  async set(name, fresh) {
    const found = await this.#write(fresh, async (turn) => {
      const { ledger } = this.#unasked(fresh) ?? await this.#ledger(turn, name);
      if (fresh !== void 0 && this.canHold(fresh.size)) return this.#store(turn, ledger, fresh, void 0);
      this.#delete(turn, name, ledger);
      if (ledger.head !== void 0) this.#unpack(turn);
      ledger.overtake();
      this.#mark(turn, { name }, ledger);
      this.watch.moved(name, this.terms);
      return void 0;
    });
    this.#tell(name);
    return found;
  }
  async clear() {
    await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      for (const store of [ENTRIES, LARGE]) turn.store(store).delete(this.#all());
      this.#free(turn, { ...totals, entries: NaN, hasLarge: false });
      this.watch.emptied(this.terms);
    });
    this.#tell(void 0);
  }
  releaseClaims() {
    return this.#run("readwrite", async (turn) => this.#free(turn, await this.#totals(turn)));
  }
  list() {
    return this.#run("readonly", async (turn) => {
      const rows = await this.#youngest(turn);
      return rows.map((row) => ({ ...foundOf(row), value: void 0, order: row.entry.order, version: this.version(row.name) }));
    });
  }
  async remove(listed) {
    const removed = await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      const names = [];
      for (const { name, order } of listed) {
        const head = (await this.#row(turn, name))?.entry;
        if (head === void 0 || head.order !== order) continue;
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
  async preload(mostBytes, tellSome) {
    const versions = this.watch.snapshot();
    const versionOf = (name) => this.watch.version(name, versions);
    const youngest = await this.#run("readonly", (turn) => this.#readYoungest(turn));
    if (isWhole(youngest)) return { ...merge(youngest, mostBytes), versionOf };
    setTimeout(() => void this.#pack(mostBytes).catch(ignore), PACK_AFTER_MILLIS);
    tellSome?.({ stored: smallOf(youngest.rows), isAll: false, versionOf });
    await this.#letOthersGoFirst();
    return { ...await this.#run("readonly", (turn) => this.#readSmall(turn, mostBytes)), versionOf };
  }
  /** Until whoever asks by himself now is answered: to read much at once takes a browser long. */
  async #letOthersGoFirst() {
    this.#asked = Promise.resolve();
    await this.#run("readonly", (turn) => this.#totals(turn));
    await this.#asked;
    this.#asked = void 0;
  }
  /** What is packed, and the youngest, down to the youngest of these. */
  async #readYoungest(turn) {
    const [first, second] = await turn.readAll(this.#byAge(turn), this.#ages(-Infinity, []), 2);
    if (isPacked(first)) {
      const { entry: packed } = first;
      if (second?.entry.order === packed.order) return { packed, rows: [second] };
      const rows = await turn.readAll(this.#byAge(turn), this.#ages(-Infinity, -packed.order, true), SOME);
      if (rows.length === SOME || isWhole({ packed, rows })) return { packed, rows };
    }
    return { rows: await this.#youngest(turn, Infinity, SOME) };
  }
  /** All that is small, as it was at one moment: what is packed holds what was replaced since. */
  async #readSmall(turn, mostBytes) {
    const youngest = await this.#readYoungest(turn);
    return isWhole(youngest) ? merge(youngest, mostBytes) : this.#readOn(turn, youngest, mostBytes);
  }
  /** Reads on behind the youngest. */
  async #readOn(turn, { packed, rows }, mostBytes) {
    const bytes = rows.reduce((sum, { entry }) => sum + (entry.isLarge ? 0 : entry.size), 1);
    const most = Math.ceil(rows.length * mostBytes / bytes);
    const ages = this.#ages(-(rows.at(-1)?.entry.order ?? 0), packed === void 0 ? [] : -packed.order, true);
    const others = await turn.readAll(this.#byAge(turn), ages, most);
    const all = { packed, rows: [...rows, ...others] };
    if (others.length === most) return { stored: smallOf(all.rows), isAll: false };
    return packed === void 0 || isWhole(all) ? merge(all, mostBytes) : this.#readOn(turn, { rows }, mostBytes);
  }
  /** Packs what is small, for whoever reads it next; not where that is thrown away by the next one to be stored. */
  async #pack(mostBytes) {
    const isDone = await this.#run("readwrite", async (turn) => {
      const totals = await this.#totals(turn);
      const youngest = await this.#readYoungest(turn);
      const order = youngest.rows[0]?.entry.order ?? 0;
      if (isWhole(youngest) || !isPast(order) || this.isBounded && !this.hasRoom(totals.entries, totals.bytes, 0)) return false;
      const { stored, isAll } = await this.#readOn(turn, youngest, mostBytes);
      turn.store(ENTRIES).put({ id: this.#id, name: PACKED, entry: pack(order, isAll, stored) });
      totals.serial = Math.max(totals.serial, order);
      turn.store(FUNCTIONS).put(totals);
      return true;
    });
    if (isDone) this.#tell(PACKED);
  }
  /** Something in it is gone. */
  #unpack(turn) {
    turn.store(ENTRIES).delete(this.#path(PACKED));
  }
  /** Does a job that stores something, and makes room for it where the quota is exceeded. */
  async #write(fresh, job) {
    for (let retries = MOST_RETRIES; ; retries--) {
      try {
        return await this.#run("readwrite", job);
      } catch (failure) {
        if (fresh === void 0 || retries === 0 || !isQuota(failure.cause)) throw failure;
        await this.#makeRoomOnDisk(fresh.size);
      }
    }
  }
  /** Does a job in the transaction of this turn; if that fails, alone: perhaps it was another job's failure, or the connection was closed. */
  async #run(mode, job) {
    try {
      return await this.#attempt(mode, job, enter);
    } catch (first) {
      this.watch.totals = void 0;
      return this.#attempt(mode, job, alone).catch((failure) => {
        throw trouble("IndexedDB", isQuota(first) ? first : failure);
      });
    }
  }
  async #attempt(mode, job, begin) {
    const database = await connect();
    let turn;
    try {
      turn = begin(database, mode);
    } catch (error) {
      forget();
      throw error;
    }
    return turn.share(mode, () => job(turn));
  }
  /** Stores an entry of a claim's generation, or of a new one that overtakes every claim. */
  async #store(turn, ledger, fresh, generation) {
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
  #keep(turn, totals, size, isLarge) {
    totals.entries = this.isBounded ? totals.entries + 1 : NaN;
    totals.bytes += size;
    totals.hasLarge ||= isLarge;
    turn.store(FUNCTIONS).put(totals);
  }
  #delete(turn, name, { totals, head }) {
    if (head === void 0) return;
    turn.store(ENTRIES).delete(this.#path(name));
    if (head.isLarge) turn.store(LARGE).delete(this.#path(name));
    totals.entries = Math.max(0, totals.entries - 1);
    totals.bytes = Math.max(0, totals.bytes - head.size);
  }
  async #makeRoom(turn, totals, size) {
    if (Number.isNaN(totals.entries)) await this.#count(turn, totals);
    const { entries, bytes } = totals;
    await this.#evictUntil(turn, totals, (gone, freed) => this.hasRoom(entries - gone, bytes - freed, size));
  }
  /** From now on nobody stores without counting. */
  async #count(turn, totals) {
    const rows = await this.#youngest(turn);
    totals.entries = rows.length;
    totals.bytes = rows.reduce((sum, { entry }) => sum + entry.size, 0);
    this.#tell(void 0);
  }
  /** Where the quota is exceeded: entries go until so many bytes are free. */
  async #makeRoomOnDisk(size) {
    const gone = await this.#run("readwrite", async (turn) => this.#evictUntil(turn, await this.#totals(turn), (_, freed) => freed >= size));
    for (const { name } of gone) this.#tell(name);
    if (this.isBounded) await this.#countLater();
  }
  /** Where even that finds no room the counts stay too high, which costs nothing but entries. */
  async #countLater() {
    const noted = this.#run("readwrite", async (turn) => {
      turn.store(FUNCTIONS).put({ ...await this.#totals(turn), entries: NaN });
    });
    await noted.catch(() => void 0);
  }
  /** SIEVE: the hand passes over what was used, and evicts what was not, from the oldest to the youngest, until that is enough. */
  async #evictUntil(turn, totals, isEnough) {
    const gone = [];
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
      for (const row of gone.slice(known)) this.#drop(turn, totals, row);
      hasMore = start + this.watch.hand > 0;
    }
    if (gone.length > 0) this.#unpack(turn);
    this.watch.evicted += gone.length;
    if (!hasMore) totals.entries = totals.bytes = 0;
    return gone;
  }
  #drop(turn, totals, { name, entry }) {
    this.#delete(turn, name, { totals, head: entry });
    this.watch.moved(name);
  }
  /** Visits entries behind a place in the order of changes, the oldest first, until one is enough. */
  #fromOldest(turn, after, isEnough) {
    const range = IDBKeyRange.bound(this.#path(-Infinity), this.#path(-after), true, true);
    return turn.visitBackwards(this.#byAge(turn), range, (row) => isEnough(row));
  }
  /** The youngest entries before a place in the order of changes. */
  #youngest(turn, before = Infinity, most) {
    return turn.readAll(this.#byAge(turn), this.#ages(-before, [], true), most);
  }
  #ages(from, to, isOpen = false) {
    return IDBKeyRange.bound(this.#path(from), this.#path(to), isOpen);
  }
  #byAge(turn) {
    return turn.store(ENTRIES).index(BY_AGE);
  }
  /** All that is stored about one key. */
  async #ledger(turn, name) {
    const [totals, row] = await Promise.all([this.#totals(turn), this.#row(turn, name)]);
    return { ledger: new Ledger(totals, row?.mark, row?.entry), row };
  }
  /** The same for an entry that overtakes whatever there is, where that need not be read. */
  #unasked(fresh) {
    const totals = this.watch.totals;
    if (fresh === void 0 || this.isBounded || totals?.hasLarge !== false || !Number.isNaN(totals.entries)) return void 0;
    return { ledger: new Ledger(totals, void 0, void 0) };
  }
  async #totals(turn) {
    const totals = await turn.read(FUNCTIONS, this.#id);
    return this.#know(totals ?? { id: this.#id, serial: 0, freed: 0, entries: NaN, bytes: NaN, hasLarge: false });
  }
  #know(totals) {
    this.watch.generation = totals.freed;
    this.watch.totals = totals;
    return totals;
  }
  #row(turn, name) {
    return turn.read(ENTRIES, this.#path(name));
  }
  /** Its two parts are written together; without one the entry is none. */
  async #found(turn, row, version) {
    if (row?.entry === void 0) return void 0;
    const { name, entry } = row;
    const held2 = entry.isLarge ? await turn.read(LARGE, this.#path(name)) : entry;
    if (held2 === void 0) return void 0;
    this.noteUse(name);
    return { ...foundOf(row), value: held2.value, version };
  }
  #mark(turn, row, { mark, totals }) {
    turn.store(ENTRIES).put({ ...row, id: this.#id, mark });
    turn.store(FUNCTIONS).put(totals);
  }
  #free(turn, totals) {
    free(totals);
    turn.store(FUNCTIONS).put(this.#know(totals));
  }
  #tell(name) {
    tellOthers(this.watch.place, name);
  }
  /** A path of this function. */
  #path(second) {
    return [this.#id, second];
  }
  /** Arrays come after all texts and numbers. */
  #all() {
    return IDBKeyRange.bound(this.#path(""), this.#path([]));
  }
};
function alone(database, mode) {
  return new Turn(database, mode);
}
function ignore() {
}
function isWhole({ packed, rows }) {
  return packed === void 0 ? rows.length < SOME : rows.at(-1)?.entry.order === packed.order;
}
function merge({ packed, rows }, mostBytes) {
  const stored = smallOf(rows);
  let isAll = packed?.isAll !== false && stored.length === rows.length;
  if (packed === void 0) return { stored, isAll };
  const replaced = new Set(rows.map(({ name }) => name));
  let bytes = stored.reduce((sum, { size }) => sum + size, 0);
  for (const each of unpack(packed)) {
    if (replaced.has(each.name)) continue;
    if ((bytes += each.size) <= mostBytes) stored.push(each);
    else isAll = false;
  }
  return { stored, isAll };
}
function smallOf(rows) {
  return rows.filter(({ entry }) => !entry.isLarge).map(foundOf);
}
function foundOf({ name, entry }) {
  const { key, value, isBytes, storedAt, size, isNone } = entry;
  return { name, key, value, isBytes, storedAt, size, isNone };
}

// src/core/browser/hexadecimal.ts
function digitsOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

// src/core/browser/items.ts
var OWN = "!";
var LAST_NAME = ',"value":'.length;
var Names = class {
  prefix;
  /**
   * Behind the prefix stands one of `[`, `#` and `!`. A colon before one of them within an id gets a backslash between, and one
   * more where there are some, so that no function's names begin as another's do.
   */
  constructor(id) {
    this.prefix = `cachier:${id.replace(/:(?=\\*[[#!])/g, ":\\")}:`;
  }
  entry(name) {
    return this.prefix + name;
  }
  mark(name) {
    return this.prefix + OWN + name;
  }
  get own() {
    return this.prefix + OWN;
  }
  /** The name of an entry that lies under this one; undefined for what is none of this function's entries. */
  entryOf(item) {
    const name = this.#behind(item);
    return name !== void 0 && /^[[#]/.test(name) ? name : void 0;
  }
  isMark(item) {
    const name = this.#behind(item);
    return name !== void 0 && name.length > 1 && name.startsWith(OWN);
  }
  #behind(item) {
    return item.startsWith(this.prefix) ? item.slice(this.prefix.length) : void 0;
  }
};
function entryText({ storedAt, size, isNone, key, args, value, isBytes }, order, generation) {
  const known = JSON.stringify({ storedAt, size, none: Number(isNone), order, generation, key: key === void 0 ? void 0 : digitsOf(key), arguments: args });
  return `${known.slice(0, -1)},${isBytes ? `"bytes":"${value}"` : `"value":${value}`}}`;
}
function readEntry(text) {
  const [head = "", kind] = /^.*?,"(value|bytes)":/s.exec(text) ?? [];
  const value = valueBehind(head, text);
  if (value === void 0) return void 0;
  try {
    const known = JSON.parse(`${head.slice(0, -LAST_NAME)}}`);
    const isBytes = kind === "bytes";
    return Object.assign(known, { isNone: known.none !== 0, isBytes, head, value: isBytes ? value.slice(1, -1) : value });
  } catch {
    return void 0;
  }
}
function valueBehind(head, text) {
  return text.slice(0, head.length) === head && text.endsWith("}") ? text.slice(head.length, -1) : void 0;
}
function readTotals(text) {
  const { serial = 0, freed = 0 } = parsed(text) ?? {};
  return { serial, freed, entries: 0, bytes: 0 };
}
function totalsText({ serial, freed }) {
  return JSON.stringify({ serial, freed });
}
function readMark(text) {
  return parsed(text);
}
function parsed(text) {
  try {
    return JSON.parse(text ?? "null") ?? void 0;
  } catch {
    return void 0;
  }
}

// src/core/browser/localstorage.ts
var STORE = "localstorage:";
function openLocalStorage(storage, id, options) {
  listen3();
  return new LocalStoragePart(storage, id, options);
}
var LocalStoragePart = class extends Bounded {
  #storage;
  #names;
  constructor(storage, id, options) {
    super(STORE + id, options);
    this.#storage = storage;
    this.#names = new Names(id);
  }
  get(name) {
    return this.#guarded(() => {
      const item = this.#read(name);
      if (item === void 0) return void 0;
      this.noteUse(name);
      return this.#found(name, item);
    });
  }
  again(name, head) {
    const item = this.#names.entry(name);
    return () => {
      const value = valueBehind(head, this.#storage.getItem(item) ?? "");
      if (value !== void 0) this.noteUse(name);
      return value;
    };
  }
  claim(name, attempt) {
    const ask = (asked) => this.#guarded(() => {
      const ledger = this.#ledger(name);
      const answer = ledger.claim(asked);
      if (answer.ticket !== void 0 && asked.attempt > 0) this.#mark(name, ledger);
      return answer;
    });
    return claim(name, this.#names.entry(name), this.terms.among, { generation: this.watch.generation, attempt, over: 0 }, ask);
  }
  put({ name, ticket, lock }, fresh) {
    try {
      if (lock.isLost) return void 0;
      return this.#guarded(() => {
        const ledger = this.#ledger(name);
        if (!ledger.admits(ticket) || !this.canHold(fresh.size)) return void 0;
        return this.#store(ledger, fresh, ticket.generation);
      });
    } finally {
      lock.release();
    }
  }
  set(name, fresh) {
    return this.#guarded(() => {
      const ledger = this.#ledger(name);
      if (fresh !== void 0 && this.canHold(fresh.size)) return this.#store(ledger, fresh, void 0);
      this.#storage.removeItem(this.#names.entry(name));
      ledger.overtake();
      this.#mark(name, ledger);
      this.#moved(name, this.terms);
      return void 0;
    });
  }
  clear() {
    this.#guarded(() => {
      for (const item of this.#items()) if (this.#names.entryOf(item) !== void 0) this.#storage.removeItem(item);
      this.#free();
      this.watch.emptied(this.terms);
      tellOthers(this.watch.place, void 0);
    });
  }
  releaseClaims() {
    this.#guarded(() => this.#free());
  }
  list() {
    return this.#guarded(() => this.#entries().map((entry) => this.#listed(entry)));
  }
  remove(listed) {
    return this.#guarded(() => {
      const still = listed.filter(({ name, order }) => this.#read(name)?.order === order);
      for (const { name } of still) this.#remove(name);
      return still.length;
    });
  }
  /** Reading one by one is as quick. */
  preload() {
    return { stored: [], isAll: false, versionOf: () => NaN };
  }
  #guarded(work) {
    try {
      return work();
    } catch (error) {
      throw trouble("localStorage", error);
    }
  }
  #read(name) {
    const text = this.#storage.getItem(this.#names.entry(name));
    return text === null ? void 0 : readEntry(text);
  }
  #listed(entry) {
    const { name, key, order } = entry;
    return { ...this.#found(name, entry), key: key === void 0 ? void 0 : bytesOf(key), order };
  }
  #found(name, { value, isBytes, storedAt, size, isNone, head }) {
    return { name, key: void 0, value, isBytes, storedAt, size, isNone, head, version: this.version(name) };
  }
  /** Stores an entry of a claim's generation, or of a new one that overtakes every claim. */
  #store({ totals, mark }, fresh, generation) {
    const { name } = fresh;
    if (this.isBounded) this.#makeRoom(fresh);
    const order = advance(totals);
    this.#write(this.#names.entry(name), entryText(fresh, order, generation ?? order), name);
    if (mark !== void 0) this.#storage.removeItem(this.#names.mark(name));
    this.#moved(name, this.terms);
    return this.#found(name, fresh);
  }
  /** Where the quota is exceeded, entries make room for a second try. */
  #write(item, text, name) {
    try {
      this.#storage.setItem(item, text);
    } catch (error) {
      if (!isQuota(error)) throw error;
      this.#evictCharacters(item.length + text.length, name);
      this.#storage.setItem(item, text);
    }
  }
  #evictCharacters(wanted, except) {
    this.#evictUntil(this.#others(except), (_gone, _bytes, characters) => characters >= wanted);
  }
  #makeRoom({ name, size }) {
    const others = this.#others(name);
    const all = others.reduce((sum, entry) => sum + entry.size, 0);
    this.#evictUntil(others, (gone, bytes) => this.hasRoom(others.length - gone, all - bytes, size));
  }
  /** SIEVE: the hand passes over what was used, and evicts what was not, from the oldest to the youngest, until that is enough. */
  #evictUntil(entries, isEnough) {
    const ahead = entries.filter(({ order }) => order > this.watch.hand);
    const gone = /* @__PURE__ */ new Set();
    let [bytes, characters] = [0, 0];
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
  #others(name) {
    return this.#entries().filter((entry) => entry.name !== name);
  }
  #evict(name) {
    this.#remove(name);
    this.watch.evicted++;
  }
  #remove(name) {
    this.#storage.removeItem(this.#names.entry(name));
    this.#moved(name);
  }
  #moved(name, by) {
    this.watch.moved(name, by);
    tellOthers(this.watch.place, name);
  }
  /** Every entry, from the oldest to the youngest; what is damaged is none. */
  #entries() {
    const named = this.#items().flatMap((item) => {
      const name = this.#names.entryOf(item);
      const entry = name === void 0 ? void 0 : this.#read(name);
      return name === void 0 || entry === void 0 ? [] : [{ ...entry, name }];
    });
    return named.sort((one, other) => one.order - other.order);
  }
  #items() {
    return Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? "");
  }
  #ledger(name) {
    const totals = readTotals(this.#storage.getItem(this.#names.own));
    this.watch.generation = totals.freed;
    return new Ledger(totals, readMark(this.#storage.getItem(this.#names.mark(name))), this.#read(name));
  }
  #mark(name, { mark, totals }) {
    this.#write(this.#names.mark(name), JSON.stringify(mark));
    this.#writeTotals(totals);
  }
  #free() {
    for (const item of this.#items()) if (this.#names.isMark(item)) this.#storage.removeItem(item);
    const totals = readTotals(this.#storage.getItem(this.#names.own));
    free(totals);
    this.watch.generation = totals.freed;
    this.#writeTotals(totals);
  }
  #writeTotals(totals) {
    this.#write(this.#names.own, totalsText(totals));
  }
};
var isListening3 = false;
function listen3() {
  if (isListening3) return;
  isListening3 = true;
  listen2();
  addEventListener("storage", ({ key }) => {
    for (const known of allWatches()) if (known.place.startsWith(STORE)) hear2(known, key);
  });
}
function hear2(known, item) {
  const name = item === null ? void 0 : new Names(known.place.slice(STORE.length)).entryOf(item);
  if (item === null || name !== void 0) known.heard(name);
}

// src/core/browser/rust.ts
function openDatabase(id, maxEntries, maxBytes, onNews, wasUsed) {
  connectSoon();
  return openIndexedDb(id, { maxEntries, maxBytes, among: "tabs", onNews, wasUsed });
}
function openItems(storage, among, id, maxEntries, maxBytes, onNews, wasUsed) {
  return openLocalStorage(storage, id, { maxEntries, maxBytes, among, onNews, wasUsed });
}
export {
  Fresh,
  openDatabase,
  openItems
};
