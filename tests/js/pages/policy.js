import { memoize } from "/pkg/index.js";

/** What memoizing here ends with. */
globalThis.attempt = () => {
  try {
    return memoize(() => "memoized")();
  } catch (error) {
    return String(error);
  }
};
