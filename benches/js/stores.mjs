// The rows of the table that live in the browser's stores, with raw code and peers beside; runs in a page only.

import { deleteDB, openDB } from "idb";
import { createStore, get as keyvalGet, getMany, set as keyvalSet, setMany } from "idb-keyval";
import { memoize } from "../../pkg/index.js";
import { compare, compareWhole } from "./measure.mjs";

const ENTRIES = 1_000;
const TOGETHER = 100;
const SEVERAL = 50;
const STORE = "values";

const keys = Array.from({ length: ENTRIES }, (_, index) => index);
const valueOf = (key) => ({ key, text: "x".repeat(80) });
const sourceOf = async (key) => valueOf(key);
const isWrong = (value, key) => value?.key !== key;

/** A promise of what a request or transaction comes to. */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = request.oncomplete = () => resolve(request.result);
    request.onerror = request.onabort = () => reject(request.error);
  });
}

function openRaw(name) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return settled(opening);
}

/** IndexedDB as its manual says, one transaction for each request. */
const raw = {
  name: "raw",
  open: () => openRaw("bench-raw"),
  get: (database, key) => settled(database.transaction(STORE).objectStore(STORE).get(key)),
  getAll: (database) => settled(database.transaction(STORE).objectStore(STORE).getAll(IDBKeyRange.bound(0, ENTRIES))),
  put: (database, key) => {
    const transaction = database.transaction(STORE, "readwrite");
    transaction.objectStore(STORE).put(valueOf(key), key);
    return settled(transaction);
  },
};

const keyval = {
  name: "idb-keyval",
  open: async () => createStore("bench-keyval", STORE),
  get: (store, key) => keyvalGet(key, store),
  getAll: (store) => getMany(keys, store),
  put: (store, key) => keyvalSet(key, valueOf(key), store),
  fill: (store) => setMany(keys.map((key) => [key, valueOf(key)]), store),
};

const idb = {
  name: "idb",
  open: () => openDB("bench-idb", 1, { upgrade: (database) => void database.createObjectStore(STORE) }),
  get: (database, key) => database.get(STORE, key),
  getAll: (database) => database.getAll(STORE, IDBKeyRange.bound(0, ENTRIES)),
  put: (database, key) => database.put(STORE, valueOf(key), key),
};

/** Opened and filled, so that keys 0 to 999 are there. */
async function ready(library) {
  const store = await library.open();
  if (library.fill) await library.fill(store);
  else await Promise.all(keys.map((key) => library.put(store, key)));
  return { ...library, store };
}

const readyPeers = () => Promise.all([raw, keyval, idb].map(ready));

/** Ours under a name of its own; a definition made again finds what the last one stored and has an empty front. */
function ours(name, options = {}) {
  return memoize(sourceOf, { core: "indexeddb", name: `bench-${name}`, ...options });
}

async function filled(name, options) {
  const f = ours(name, options);
  await Promise.all(keys.map((key) => f(key)));
  await f.idle();
  return f;
}

async function checked(promise, key) {
  if (isWrong(await promise, key)) throw new Error(`key ${key} has another value`);
}

/** One after another. */
function inTurn(name, get) {
  let next = 0;
  const run = async () => {
    for (let count = 0; count < SEVERAL; count++) {
      const key = (next += 37) % ENTRIES;
      await checked(get(key), key);
    }
    return SEVERAL;
  };
  return { name, run };
}

/** All at once; `prepare` is not timed. */
function together(name, get, { count = TOGETHER, prepare } = {}) {
  const run = async (prepared) => {
    await Promise.all(keys.slice(0, count).map((key) => checked(get(key, prepared), key)));
    return 1;
  };
  return { name, prepare, run };
}

/** Each key once: a put of what was not there. */
function putting(name, put, atOnce = 1) {
  let next = ENTRIES;
  const run = async () => {
    for (let count = 0; count < (atOnce === 1 ? SEVERAL : 1); count++)
      await Promise.all(Array.from({ length: atOnce }, () => put(next++)));
    return atOnce === 1 ? SEVERAL : 1;
  };
  return { name, run };
}

async function frontHit() {
  const [f, { store }] = [await filled("front"), await ready(keyval)];
  const loop = (get) => async (count) => {
    for (let index = 0; index < count; index++) await checked(get(index & 15), index & 15);
  };
  return compare([
    { name: "cachier", run: loop(f) },
    { name: "idb-keyval", run: loop((key) => keyval.get(store, key)) },
  ]);
}

async function coldGet() {
  await filled("cold", { front: false });
  const f = ours("cold", { front: false });
  const peers = await readyPeers();
  return compareWhole([inTurn("cachier", f), ...peers.map(({ name, store, get }) => inTurn(name, (key) => get(store, key)))], { rounds: 15 });
}

/** As it is when a page is loaded once more: what is small is packed a second after it was read one by one. */
async function packed(name) {
  await ours(name)(0);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
}

async function coldGetsTogether() {
  await filled("together");
  await packed("together");
  const peers = await readyPeers();
  const anew = (preload) => () => ours("together", { preload });
  const callIt = (key, f) => f(key);
  return compareWhole(
    [
      together("cachier", callIt, { prepare: anew(true) }),
      together("cachier without preload", callIt, { prepare: anew(false) }),
      ...peers.map(({ name, store, get }) => together(name, (key) => get(store, key))),
    ],
    { rounds: 15 },
  );
}

async function thousandEntries() {
  await filled("thousand");
  await packed("thousand");
  const peers = await readyPeers();
  const reads = ({ name, store, getAll }) => ({ name, run: async () => ((await getAll(store)).length === ENTRIES ? 1 : Promise.reject(new Error(name))) });
  const preloading = together("cachier", (key, f) => f(key), { count: ENTRIES, prepare: () => ours("thousand") });
  return compareWhole([preloading, ...peers.map(reads)], { rounds: 15 });
}

async function putAlone() {
  const f = ours("put");
  const peers = await readyPeers();
  return compareWhole(
    [putting("cachier", (key) => f.precacheValue([key], valueOf(key))), ...peers.map(({ name, store, put }) => putting(name, (key) => put(store, key)))],
    { rounds: 15 },
  );
}

async function putsTogether() {
  const f = ours("puts");
  const peers = await readyPeers();
  const ourPut = putting("cachier", (key) => f.precacheValue([key], valueOf(key)), TOGETHER);
  return compareWhole([ourPut, ...peers.map(({ name, store, put }) => putting(name, (key) => put(store, key), TOGETHER))], { rounds: 15 });
}

async function wholeMiss() {
  const f = ours("miss");
  const { store } = await ready(raw);
  const locked = (key) => navigator.locks.request(`bench-${key}`, async () => raw.put(store, (await sourceOf(key)).key));
  const missed = async (key) => {
    await f(key);
    await f.idle();
  };
  return compareWhole([putting("lock + raw put", locked), putting("cachier", missed)], { rounds: 15 });
}

async function localStorageCold() {
  localStorage.clear();
  for (const key of keys.slice(0, SEVERAL)) localStorage.setItem(`raw-${key}`, JSON.stringify(valueOf(key)));
  const f = memoize(valueOf, { core: "localstorage", name: "bench-local", front: false });
  const storage = localStorage;
  const loop = (get) => (count) => {
    for (let index = 0; index < count; index++) if (isWrong(get(index % SEVERAL), index % SEVERAL)) throw new Error("another value");
  };
  return compare([
    { name: "raw", run: loop((key) => JSON.parse(storage.getItem(`raw-${key}`))) },
    { name: "cachier", run: loop(f) },
  ]);
}

async function localStorageFront() {
  localStorage.clear();
  const loop = (get) => (count) => {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += get(index & 15);
    globalThis.consumed = sum;
  };
  const double = (key) => key * 2;
  return compare([
    { name: "cachier in memory", run: loop(memoize(double)) },
    { name: "cachier", run: loop(memoize(double, { core: "localstorage", name: "bench-local-front" })) },
  ]);
}

/** The first get of a page, in nanoseconds; the page is new, what it reads is not. */
export const coldOpenings = {
  prepare: async () => {
    for (const name of ["bench-raw", "bench-keyval", "bench-idb"]) await deleteDB(name);
    await Promise.all([...(await readyPeers()), filled("opening")]);
  },
  raw: () => timed(async () => checked(raw.get(await raw.open(), 5), 5)),
  "idb-keyval": () => timed(async () => checked(keyval.get(await keyval.open(), 5), 5)),
  idb: () => timed(async () => checked(idb.get(await idb.open(), 5), 5)),
  cachier: async () => {
    // The module is up: how long that takes is a row of its own.
    memoize((number) => number).peek(1);
    return timed(() => checked(ours("opening")(5), 5));
  },
};

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) * 1e6;
}

const atMost = (ratio, ...than) => ({ ratio, than });

/** As in rows.mjs; `base` is what the ratio is of where there is no floor. */
export const rows = [
  { id: "idb-front", title: "IndexedDB: hit served by the front", base: "idb-keyval", goals: [atMost(0.001, "idb-keyval")], run: frontHit },
  { id: "idb-cold", title: "IndexedDB: get without front", base: "raw", goals: [atMost(1.1, "raw")], run: coldGet },
  {
    id: "idb-together",
    title: "IndexedDB: 100 concurrent cold gets",
    base: "raw",
    goals: [{ ratio: 0.6, than: ["raw"], of: "cachier without preload" }, atMost(0.2, "idb-keyval")],
    run: coldGetsTogether,
  },
  { id: "idb-thousand", title: "IndexedDB: 1,000 entries (raw: getAll)", base: "raw", goals: [atMost(1.15, "raw")], run: thousandEntries },
  { id: "idb-put", title: "IndexedDB: put alone", base: "raw", goals: [atMost(0.8, "raw")], run: putAlone },
  { id: "idb-puts", title: "IndexedDB: 100 concurrent puts", base: "raw", goals: [atMost(0.2, "idb-keyval")], run: putsTogether },
  { id: "idb-miss", title: "IndexedDB: a whole miss", base: "lock + raw put", goals: [atMost(1.1, "lock + raw put")], run: wholeMiss },
  { id: "local-cold", title: "localStorage: hit without front (raw: getItem + JSON.parse)", base: "raw", goals: [atMost(2, "raw")], run: localStorageCold },
  {
    id: "local-front",
    title: "localStorage: hit served by the front",
    base: "cachier in memory",
    goals: [atMost(1.2, "cachier in memory")],
    run: localStorageFront,
  },
];

/** Driven from outside, a new page for each sample. */
export const opening = {
  id: "idb-open",
  title: "IndexedDB: cold open and first get",
  base: "raw",
  goals: [atMost(1.2, "raw")],
  names: ["raw", "cachier", "idb-keyval", "idb"],
};
