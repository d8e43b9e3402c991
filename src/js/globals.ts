/** The global functions of the package; must not know whom they reach. */
import { copyOf } from "./options.js";
import { allowCaching, getParams, setParams } from "./registry.js";
import type { GlobalParams } from "./types.js";

export { clearAll } from "./registry.js";

/** See types.d.ts. */
export function setGlobalParams(params: GlobalParams): void {
  setParams(copyOf(params));
}

/** See types.d.ts. */
export function getGlobalParams(): GlobalParams {
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
