// What the benchmark's page offers to the one who drives it: rows and first calls by name. Measures nothing itself.

import { rows } from "./rows.mjs";
import { coldOpenings, rows as storeRows } from "./stores.mjs";
import { starters } from "./starters.mjs";

globalThis.measure = (wanted) => [...rows, ...storeRows].find(({ id }) => id === wanted).run();

/** Milliseconds until the first call has returned. */
globalThis.begin = async (wanted) => {
  const { load, call } = starters.find(({ name }) => name === wanted);
  const start = performance.now();
  call(await load());
  return performance.now() - start;
};

globalThis.openCold = (wanted) => coldOpenings[wanted]();
