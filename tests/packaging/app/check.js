// What every consumer must be able to do, the moment the package is imported.

import { memoize } from "cachier";
import { listCaches } from "cachier/inspect";

export async function check() {
  let runs = 0;
  const square = memoize((n) => ({ run: ++runs, square: n * n }));
  if (square(12) !== square(12) || square(12).square !== 144) return "a sync function is not memoized";
  const later = memoize(async (n) => ({ run: ++runs, n }), { staleAfter: "1h" });
  const [one, other] = await Promise.all([later({ id: 1 }), later({ id: 1 })]);
  if (one !== other || runs !== 2) return "an async function is not memoized";
  if ((await listCaches()).length > 0) return "there are caches before there is any";
  return "works";
}
