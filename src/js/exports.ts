/** What both entries of the package offer. */
export { cacheOf, memoized } from "./decorator.js";
export { clearAll, disableCaching, enableCaching, getGlobalParams, setGlobalParams } from "./globals.js";
export { memoize } from "./memoize.js";
