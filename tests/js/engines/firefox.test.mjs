// Firefox.

import { testEngine } from "../shared/engine.mjs";

testEngine("firefox", { port: 9_060, quota: { bytes: 10_000_000, set: () => undefined } });
