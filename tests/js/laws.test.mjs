// The laws, in Node.

import { describe, test } from "node:test";
import * as library from "cachier";
import { allLaws, runLaw } from "./suite/run.mjs";

const groups = Map.groupBy?.(allLaws(), titleOf) ?? grouped(allLaws());

for (const [title, laws] of groups)
  describe(title, () => {
    for (const law of laws) test(law.sentence, () => runLaw(library, law));
  });

function titleOf({ core, kind }) {
  return `${core}, ${kind}`;
}

function grouped(laws) {
  const found = new Map();
  for (const law of laws) found.set(titleOf(law), [...(found.get(titleOf(law)) ?? []), law]);
  return found;
}
