// All rows of one environment, measured and judged in the order of the table. Knows neither pages nor processes.

import { judge } from "./goals.mjs";
import { rows as memoryRows } from "./rows.mjs";

const bytes = {
  id: "bytes",
  title: "bytes of an entry, 100,000 numbers",
  unit: "B",
  goals: [{ ratio: 2, than: ["floor"] }],
  names: ["floor", "cachier", "lru-cache", "quick-lru", "tiny-lru", "flru", "memoize", "nano-memoize"],
};

const start = {
  id: "start",
  title: "import until the first memoized call returns",
  goals: [{ most: { figure: 10e6, text: "10 ms" } }],
  names: ["cachier", "memoize", "memoizee", "lru-cache", "quick-lru"],
};

/** Rows as judged; `only` names those that are wanted, none all. */
export async function measureAll({ id: environment, place, only, onRow }) {
  const judged = [];
  for (const row of rowsOf(place).filter(({ id }) => only.length === 0 || only.includes(id))) {
    const result = judge(row, environment, await row.measure());
    onRow(result);
    judged.push(result);
  }
  return judged;
}

function rowsOf(place) {
  return [
    ...memoryRows.map((row) => ({ ...row, measure: () => place.measure(row.id) })),
    ...(place.bytes ? [{ ...bytes, measure: () => place.bytes(bytes.names) }] : []),
    { ...start, measure: () => place.starts(start.names) },
    ...(place.storeRows ?? []).map((row) => ({ ...row, measure: () => place.measure(row.id) })),
    ...(place.opening ? [{ ...place.opening, measure: () => place.openings(place.opening.names) }] : []),
  ];
}
