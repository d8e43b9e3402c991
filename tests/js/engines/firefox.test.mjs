// Firefox.

import { testEngine } from "../shared/engine.mjs";

testEngine("firefox", { port: 9_060 });
