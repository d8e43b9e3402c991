// From www/ to the built page, with Vite, against the package in pkg/. Serves nothing.

import { join } from "node:path";
import { root } from "./places.mjs";

/** Builds the page into the folder that is served. */
export async function buildPage() {
  const { build } = await import("vite");
  await build({ configFile: join(root, "www/vite.config.js"), logLevel: "warn" });
}

if (import.meta.filename === process.argv[1]) await buildPage();
