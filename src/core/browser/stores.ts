/** Both stores of a browser; knows no more than where they are. */
export { connectSoon } from "./connection.js";
export { openIndexedDb } from "./indexeddb.js";
export { openLocalStorage } from "./localstorage.js";
export { Fresh } from "./store.js";
