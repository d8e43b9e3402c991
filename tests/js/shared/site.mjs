// What browsers are served in tests. Knows no test.

import { join } from "node:path";
import { root } from "../../../scripts/places.mjs";

export const site = {
  mounts: {
    "/pkg/": join(root, "pkg"),
    "/suite/": join(root, "tests/js/suite"),
    "/": join(root, "tests/js/pages"),
  },
};
