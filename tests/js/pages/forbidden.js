// Calls a function twice where nothing may be stored, and tells the page around it what came of that.

import "./tab.js";

globalThis.define("f", { core: location.hash.slice(1) });
const values = [await globalThis.call("f", 1), await globalThis.call("f", 2)];
parent.postMessage({ values, warnings: globalThis.warnings.length }, "*");
