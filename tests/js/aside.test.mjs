// Pages of Chromium in the back/forward cache, and frozen ones. By WebDriver: Playwright keeps pages from either.

import { describe } from "node:test";
import { freezing, goingAway, testPutAside } from "./shared/aside.mjs";
import { stageTabs } from "./shared/engine.mjs";

const openTab = stageTabs("chromium", { port: 9_080 });

for (const core of ["indexeddb", "localstorage"])
  for (const [name, putAside] of Object.entries({ "the back/forward cache": goingAway, "a frozen tab": freezing }))
    describe(`${core} and ${name}`, () => testPutAside(core, putAside, openTab));
