// Bytes that one entry takes, of one contender, in a Node process of its own (with --expose-gc): prints JSON. Knows no goals.

import { caches, floors, ours, peers } from "./contenders.mjs";

/** Entries that are stored. */
const DISTINCT = 100_000;

/** Growing a WebAssembly memory is seen by the process only. */
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  instances.push(instance);
  return instance;
};

function wasmBytes() {
  const memories = instances.flatMap(({ exports }) => Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

function bytesInUse() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed + wasmBytes();
}

const contenders = [floors.one, ours(), ...caches("one", DISTINCT + 1), peers.memoize, peers.nanoMemoize];

const { make } = contenders.find(({ name }) => name === process.argv[2]);
// The module, and what it holds of its own.
make((key) => key)(-1);
const before = bytesInUse();
const f = make((key) => key + 1);
for (let key = 0; key < DISTINCT; key++) f(key * 3);
const bytes = (bytesInUse() - before) / DISTINCT;
// Until here it is held.
f(0);
process.stdout.write(JSON.stringify(bytes));
