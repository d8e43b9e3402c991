// The declarations' examples are lines out of programs that have these already.

import * as cachier from "cachier";
import { fetchFromServer, fetchUser } from "./users.mjs";

export function before() {
  const getUser = cachier.memoize(fetchUser, { staleAfter: "1h", metrics: true });
  const add = cachier.memoize((a, b) => a + b);
  const method = { kind: "method", name: "price", static: false, private: false, addInitializer() {} };
  class Shop {}
  Shop.prototype.price = cachier.memoized()((item) => `${item} costs 3`, method);
  Object.assign(globalThis, cachier, { fetchUser, getUser, add, shop: new Shop(), fetch: fetchFromServer, afterEach: (clean) => clean() });
}
