// Rounds and medians; knows nothing of what is measured.

const BATCH_MILLISECONDS = 8;
const WARM_UPS = 4;

/** The middle one. */
export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Median nanoseconds of one call for each contender. All take their turn in every round, so that whatever slows the machine slows
 * all of them. `run(count)` makes so many calls, and may return a promise.
 */
export async function compare(contenders, { rounds = 15 } = {}) {
  const entrants = [];
  for (const { name, run } of contenders) entrants.push({ name, run, count: await calibrate(run), times: [] });
  for (let round = 0; round < rounds; round++) for (const entrant of rotated(entrants, round)) await runBatch(entrant);
  return Object.fromEntries(entrants.map(({ name, times }) => [name, median(times)]));
}

/** The same for work that is one piece: `run()` does it all and returns how many calls it made. */
export async function compareWhole(contenders, { rounds = 7 } = {}) {
  const entrants = contenders.map((contender) => ({ ...contender, times: [] }));
  for (let round = -1; round < rounds; round++) for (const entrant of rotated(entrants, round + 1)) await runWhole(entrant, round >= 0);
  return Object.fromEntries(entrants.map(({ name, times }) => [name, median(times)]));
}

/** Everyone is first, and everyone is last. */
function rotated(list, round) {
  const start = round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** How many calls fill a batch, once the optimizer has seen them. */
async function calibrate(run) {
  let count = 64;
  while ((await millisecondsOf(() => run(count))) < BATCH_MILLISECONDS / 2) count *= 2;
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await run(count);
  const milliseconds = Math.max(await millisecondsOf(() => run(count)), 0.05);
  return Math.max(1, Math.round((count * BATCH_MILLISECONDS) / milliseconds));
}

async function runBatch({ run, count, times }) {
  times.push(((await millisecondsOf(() => run(count))) * 1e6) / count);
}

async function runWhole({ prepare, run, times }, counts) {
  const prepared = await prepare?.();
  const start = performance.now();
  const calls = await run(prepared);
  const milliseconds = performance.now() - start;
  if (counts) times.push((milliseconds * 1e6) / calls);
}

/** A promise is awaited only if there is one: it would cost the others a turn of the event loop. */
async function millisecondsOf(work) {
  const start = performance.now();
  const pending = work();
  if (pending instanceof Promise) await pending;
  return performance.now() - start;
}
