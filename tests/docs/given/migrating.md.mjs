// What the page on other libraries takes for granted.

import { fetchUser } from "./users.mjs";

export function before() {
  Object.assign(globalThis, { fetchUser });
}
