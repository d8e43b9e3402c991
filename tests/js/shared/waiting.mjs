// Waiting for what a browser does in its own time. Knows no browser.

import assert from "node:assert/strict";

const POLL_MILLIS = 10;
const PATIENCE_MILLIS = 20_000;

export function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Asks until the answer is true. */
export async function until(ask, what) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`it was waited in vain until ${what}`);
    await pause(POLL_MILLIS);
  }
}

/** Waits until a tab has heard: what it gives is then `expected`. */
export async function heard(ask, expected) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const given = await ask();
    if (given === expected) return;
    await pause(2 * POLL_MILLIS);
  }
  assert.equal(await ask(), expected);
}
