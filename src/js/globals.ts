/** The global functions of the package: an engine is started where the parameters must be checked. */
import { load } from "./loader.js";
import { copyOf } from "./options.js";
import { allowCaching, getParams, setParams } from "./registry.js";
import type { GlobalParams } from "./types.js";

export { clearAll } from "./registry.js";

/** See types.d.ts. */
export function setGlobalParams(params: GlobalParams): void {
  load();
  setParams(copyOf(params));
}

/** See types.d.ts. */
export function getGlobalParams(): GlobalParams {
  load();
  return getParams();
}

/** See types.d.ts. */
export function enableCaching(): void {
  allowCaching(true);
}

/** See types.d.ts. */
export function disableCaching(): void {
  allowCaching(false);
}
