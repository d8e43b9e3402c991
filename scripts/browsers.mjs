// The WebAssembly suite in real browsers: every tests/wasm_*.rs, in a page and in a worker. Knows no test by name.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startDisplay } from "./display.mjs";
import { root, which } from "./places.mjs";
import { wasmEnvironment } from "./toolchain.mjs";

const browsers = {
  chromium: ["--chrome", "--chromedriver", "chromedriver"],
  firefox: ["--firefox", "--geckodriver", "geckodriver"],
  // WebKitGTK's driver speaks what safaridriver speaks.
  webkit: ["--safari", "--safaridriver", "WebKitWebDriver"],
};

const environments = {
  // WebKitGTK 2.50 goes on with wrong values, now and then, where one of its threads compiles an unoptimised module that another runs: of
  // 600 instances of SHA-256 235 gave a wrong digest once, of as many none where whoever runs it compiles it.
  webkit: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", JSC_useConcurrentJIT: "0" },
};

// A suite without `wasm_bindgen_test_configure!` runs where the runner's environment says.
const places = {
  page: { WASM_BINDGEN_USE_BROWSER: "1" },
  worker: { WASM_BINDGEN_USE_DEDICATED_WORKER: "1" },
};

/** Runs every suite everywhere, or what `only` names (browsers, places, suites); one failure does not stop the rest. */
export async function testInBrowsers(run, only = []) {
  const display = await startDisplay();
  const failures = [];
  for (const browser of wanted(browsers, only))
    for (const place of wanted(places, only))
      await testIn(run, { browser, place, only, display: display.name }).catch((failure) => failures.push(describe(failure, browser, place)));
  display.stop();
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

function wanted(all, only) {
  const named = Object.keys(all).filter((name) => only.includes(name));
  return named.length > 0 ? named : Object.keys(all);
}

function describe(failure, browser, place) {
  return `${browser}, ${place}: ${failure.message}\n${failure.output ?? ""}`;
}

function testIn(run, { browser, place, only, display }) {
  const [kind, option, driver] = browsers[browser];
  const suites = suitesFor(place, only).flatMap((name) => ["--test", name]);
  if (suites.length === 0) return Promise.resolve();
  const options = ["--headless", "--mode", "no-install", kind, option, which(driver)];
  const features = "macros,indexeddb,localstorage";
  return run("wasm-pack", ["test", ...options, ".", "--no-default-features", "--features", features, ...suites], {
    ...wasmEnvironment(),
    ...places[place],
    DISPLAY: display,
    WASM_BINDGEN_TEST_TIMEOUT: process.env.WASM_BINDGEN_TEST_TIMEOUT ?? "180",
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "60",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: join(root, "scripts", "webdriver.json"),
    ...environments[browser],
  });
}

/** tests/wasm_x.rs runs in both places, tests/wasm_x_page.rs and tests/wasm_x_worker.rs in theirs only. */
function suitesFor(place, only) {
  const others = Object.keys(places).filter((name) => name !== place);
  const suites = readdirSync(join(root, "tests"))
    .filter((name) => /^wasm_.*\.rs$/.test(name))
    .map((name) => name.slice(0, -".rs".length));
  const named = suites.filter((name) => only.includes(name));
  return (named.length > 0 ? named : suites).filter((name) => !others.some((other) => name.endsWith(`_${other}`)));
}
