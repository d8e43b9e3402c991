// What shares an entry and what does not.

import { alike, equal } from "./check.mjs";

export async function equalArgumentsAreCalculatedOnce({ counter }) {
  const { f, runs } = counter();
  equal(await f(1, 2), 1);
  equal(await f(1, 2), 1);
  equal(runs(), 1);
}

export async function otherArgumentsAreOtherEntries({ counter }) {
  const { f } = counter();
  alike([await f(1, 2), await f(2, 1), await f(1, 2), await f(1), await f(), await f(1, 2, 3)], [1, 2, 1, 3, 4, 5]);
  equal((await f.entries()).length, 5);
}

/** Names and versions, each pair another function. */
function identities() {
  const names = ["foo", "foo_bar", "foo/bar", "foo/../foo", "/foo", "..", ".", "/", " ", "foo\0", "foo\0bar"];
  const odd = ["FOO", "föö", "🦀", "🦀🦀", "\ud800", "x".repeat(300), "x".repeat(301), "foo@1", "foo@", "con"];
  const versions = ["1", "2", "@1", "1@1", "/", "\0", "🦀"];
  return [...[...names, ...odd].map((name) => ({ name })), ...versions.map((version) => ({ name: "foo", version }))];
}

async function shareNothing({ counter }, all) {
  const functions = all.map((options) => counter(options).f);
  for (const [index, f] of functions.entries()) equal((await f.trace(1, 2)).outcome, "computed", JSON.stringify(all[index]));
  for (const f of functions) equal((await f.trace(1, 2)).outcome, "hit");
}

export async function functionsOfOtherNamesShareNothing(scene) {
  await shareNothing(scene, identities());
}

export async function anotherVersionSharesNothing(scene) {
  await shareNothing(scene, [{ name: "f" }, { name: "f", version: "1" }, { name: "f", version: "2" }]);
}
