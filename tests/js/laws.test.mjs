// The laws, in Node.

import { describe, test } from "node:test";
import * as library from "cachier";
import { groupsOfLaws, runLaw } from "./suite/run.mjs";

for (const { title, laws } of groupsOfLaws("node"))
  describe(title, () => {
    for (const law of laws) test(law.sentence, () => runLaw(library, law));
  });
