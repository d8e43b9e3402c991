// How the page is built: against the package's own exports, as they are published. Knows nothing of the page's parts.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { pageDirectory } from "../scripts/places.mjs";

/** WebAssembly text becomes a module that exports the bytes. */
function webAssemblyText() {
  return {
    name: "webassembly-text",
    transform: {
      filter: { id: /\.wat$/ },
      async handler(text) {
        const { default: binaryen } = await import("binaryen");
        const module = binaryen.parseText(text);
        const bytes = module.emitBinary();
        module.dispose();
        return { code: `export default new Uint8Array([${bytes.join()}]);`, moduleType: "js", map: null };
      },
    },
  };
}

/** The package's own name leads to what `exports` says, as it does where it is installed. */
function ownPackage() {
  return {
    name: "own-package",
    enforce: "pre",
    resolveId: (name) => (/^cachier(\/|$)/.test(name) ? fileURLToPath(import.meta.resolve(name)) : undefined),
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: join(import.meta.dirname, "public"),
  plugins: [ownPackage(), webAssemblyText()],
  build: {
    // Those that know `light-dark()`: written out for older ones it would follow the system alone, and no style.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    outDir: pageDirectory,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
