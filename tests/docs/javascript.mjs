// Runs one JavaScript or TypeScript example: in Node, in a page, in a service worker. What it is about is the document's business.

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root, targetDirectory } from "../../scripts/places.mjs";
import { execute } from "../../scripts/shell.mjs";
import { open } from "../js/support/chromium.mjs";
import { withChecks } from "./promises.mjs";

export const folder = join(targetDirectory, "doc-examples", "js");
const packages = {
  "cachier": "pkg/index.js",
  "cachier/slim": "pkg/slim.js",
  "cachier/snapshot": "pkg/snapshot.js",
  "cachier/inspect": "pkg/inspect.js",
  "cachier/cachier.wasm?url": "pkg/cachier.wasm",
};

/** In a process of its own. */
export async function runInNode(example) {
  const file = `${nameOf(example)}.mjs`;
  await bundle(file, whole(example), example, { platform: "node", external: ["node:*"] });
  await execute("node", [join(folder, file)], { seconds: 60 });
}

/** In a page of its own. */
export async function runInPage(example, { browser, url }) {
  const name = nameOf(example);
  await bundle(`${name}.js`, `globalThis.ending = (async () => {${whole(example)}})();`, example, { platform: "browser" });
  await inPage(name, { browser, url });
}

/** As a service worker, which has no set-up; the page that it serves checks it. */
export async function runInServiceWorker(example, { browser, url }) {
  const name = nameOf(example);
  await bundle(`${name}-worker.js`, `import "example";`, example, { platform: "browser" });
  const page = `globalThis.ending = (async () => {
    await navigator.serviceWorker.register("/${name}-worker.js", { type: "module" });
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
    ${checks(example)}
  })();`;
  await bundle(`${name}.js`, page, example, { platform: "browser" });
  await inPage(name, { browser, url });
}

async function inPage(name, { browser, url }) {
  writeFileSync(join(folder, `${name}.html`), `<!doctype html><main id="app"></main><script type="module" src="/${name}.js"></script>`);
  const { page, troubles } = await open(browser, `${url}${name}.html`);
  await page.evaluate(() => globalThis.ending);
  await page.close();
  if (troubles.length > 0) throw new Error(troubles.join("\n"));
}

function nameOf({ file, line }) {
  return `${basename(file).replace(/\W/g, "-")}-${line}`;
}

/** The document's hidden set-up, the example, and the hidden checks of its heading. */
function whole(example) {
  return `const given = await import("given"); await given.before?.(); await import("example"); ${checks(example)}`;
}

function checks({ heading }) {
  return `await (await import("given")).after?.[${JSON.stringify(heading)}]?.();`;
}

async function bundle(file, entry, example, options) {
  mkdirSync(folder, { recursive: true });
  await build({
    stdin: { contents: entry, resolveDir: root, sourcefile: `${example.file}.entry.mjs` },
    outfile: join(folder, file),
    bundle: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    loader: { ".wasm": "file" },
    publicPath: "/",
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [sources(example, options.platform)],
    ...options,
  });
}

/** The example itself, its document's set-up, and the package as built: Node takes it as it is, a page has it bundled. */
function sources(example, platform) {
  const loader = example.language === "js" ? "jsx" : "tsx";
  const code = `import { promised } from ${JSON.stringify(join(import.meta.dirname, "promised.mjs"))};\n${withChecks(example.code)}`;
  return {
    name: "sources",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^example$/ }, () => ({ path: `${example.file}:${example.line}`, namespace: "example" }));
      onLoad({ filter: /.*/, namespace: "example" }, () => ({ contents: code, loader, resolveDir: root }));
      onResolve({ filter: /^given$/ }, () => ({ path: join(import.meta.dirname, "given", `${basename(example.file)}.mjs`) }));
      onResolve({ filter: /^cachier(\/.*)?$/ }, ({ path }) => resolved(join(root, packages[path]), platform));
    },
  };
}

function resolved(path, platform) {
  return platform === "node" ? { path: pathToFileURL(path).href, external: true } : { path };
}
