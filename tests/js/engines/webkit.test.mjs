// WebKit, as Debian has it.

import { testEngine } from "../shared/engine.mjs";

testEngine("webkit", { port: 9_040 });
