// Firefox.

import { testEngine } from "../shared/engine.mjs";

// As small as Firefox takes it, and too small for all that the laws store, for it also counts what was deleted lately.
const options = { prefs: { "dom.quotaManager.temporaryStorage.fixedLimit": 10_240 } };
testEngine("firefox", { port: 9_060, quota: { bytes: 10_000_000, set: () => undefined, options } });
