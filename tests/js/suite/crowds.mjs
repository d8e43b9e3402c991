// Many calls at once, while what is stored is being read for all of them.

import { alike, equal } from "./check.mjs";

export async function ofManyThatAskAtOnceEachIsServedForTheArgumentsThatItHad({ memoize }) {
  const name = `many ${Math.random()}`;
  const runs = [];
  const again = () => memoize(async (list) => (runs.push([...list]), [...list]), { name });
  const lists = Array.from({ length: 300 }, (_, n) => [n]);
  await Promise.all(lists.slice(2).map((list) => again().precacheValue([list], list)));
  const f = again();
  const calls = lists.toReversed().map((list) => f(list));
  lists[0].push("changed");
  lists[2].push("changed");
  const values = (await Promise.all(calls)).toReversed();
  alike(values.slice(0, 4), [[0, "changed"], [1], [2], [3]]);
  alike([runs.length, await f.peek([0]), await f.peek([0, "changed"]), await f.peek([1])], [2, undefined, undefined, [1]]);
}

export async function crossedCallsEndWhileManyAsk({ library, define }) {
  let crossings = 0;
  const { f } = define((_, n) => (n === 0 && ++crossings < 3 ? g() : n));
  const g = library.memoize(async () => f(0));
  const many = Array.from({ length: 200 }, (_, n) => f(n + 1));
  equal(await g(), 0);
  equal((await Promise.all(many)).length, 200);
}
