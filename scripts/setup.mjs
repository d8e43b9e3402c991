// What the commands need on this machine: a table of steps, and the code that takes those not taken yet. Builds nothing of ours.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { aptInstall } from "./apt.mjs";
import { cargoTools, root, toolFolder, wasmTarget, which } from "./places.mjs";
import { capture, execute, heartbeat } from "./shell.mjs";
import { canBuildWasm, installWasmTarget } from "./toolchain.mjs";

// Lanes run side by side, the steps of one lane in order; "first" ends before the others begin.
const steps = [
  {
    name: "Rust",
    lane: "first",
    why: "compiles everything",
    byHand: "install rustup as https://rustup.rs says",
    isPresent: () => which("cargo"),
    install: () => Promise.reject(new Error("there is no cargo on PATH, and how to install it is your choice")),
  },
  {
    name: "C compiler",
    lane: "first",
    why: "Rust links with it (about 1 min)",
    byHand: "apt-get install build-essential",
    isPresent: () => which("cc"),
    install: (onText) => aptInstall(["build-essential"], onText),
  },
  {
    name: "WebAssembly target",
    lane: "first",
    why: "compiles the engine for JavaScript (seconds; 3 min where it must be built)",
    byHand: `rustup target add ${wasmTarget}`,
    isPresent: canBuildWasm,
    install: installWasmTarget,
  },
  {
    name: "rustfmt and clippy",
    lane: "first",
    why: "check the format and the code (seconds)",
    byHand: "rustup component add rustfmt clippy",
    isPresent: () => capture("cargo", ["fmt", "--version"]).ok && capture("cargo", ["clippy", "--version"]).ok,
    install: (onText) => execute("rustup", ["component", "add", "rustfmt", "clippy"], { onText }),
  },
  {
    name: "npm packages",
    lane: "npm",
    why: "wasm-opt, TypeScript and the tests' helpers (up to 1 min)",
    byHand: "npm install",
    isPresent: hasNpmPackages,
    install: (onText) => execute("npm", ["ci"], { onText, extra: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" } }),
  },
  cargoStep("wasm-bindgen-cli", "writes the JavaScript glue (3 min)"),
  cargoStep("wasm-pack", "runs the WebAssembly tests (2 min)"),
  cargoStep("geckodriver", "drives Firefox (3 min)"),
  cargoStep("cargo-deny", "checks dependencies and licences (5 min)"),
  cargoStep("cargo-fuzz", "fuzzes what reads foreign bytes (1 min)"),
  {
    name: "browsers",
    lane: "apt",
    why: "Chromium, Firefox and WebKit with their drivers (1 to 3 min)",
    byHand: `apt-get install ${Object.values(browserPackages()).join(" ")}`,
    isPresent: () => missingBrowserPackages().length === 0,
    install: (onText) => aptInstall(missingBrowserPackages(), onText),
  },
  {
    name: "python3-cbor2",
    lane: "apt",
    why: "an independent encoder to check keys against (seconds)",
    byHand: "apt-get install python3-cbor2",
    isPresent: () => capture("/usr/bin/python3", ["-c", "import cbor2"]).ok,
    install: (onText) => aptInstall(["python3-cbor2"], onText),
  },
];

function browserPackages() {
  return {
    chromium: "chromium",
    chromedriver: "chromium-driver",
    "firefox-esr": "firefox-esr",
    WebKitWebDriver: "webkit2gtk-driver",
    Xvfb: "xvfb",
  };
}

function missingBrowserPackages() {
  return Object.entries(browserPackages()).filter(([binary]) => !which(binary)).map(([, name]) => name);
}

function hasNpmPackages() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const present = packagesIn(installed);
  return Object.entries(packagesIn(join(root, "package-lock.json"))).every(
    ([path, wanted]) => path === "" || wanted.optional || wanted.link || present[path]?.version === wanted.version,
  );
}

function packagesIn(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

function cargoStep(crate, why) {
  const tool = () => cargoTools().find((candidate) => candidate.crate === crate);
  return {
    name: crate,
    lane: "cargo",
    why,
    byHand: `cargo install ${crate} --version ${tool().version}`,
    isPresent: () => hasTool(tool()),
    install: (onText) => installTool(tool(), onText),
  };
}

function hasTool({ binary, version, exact }) {
  if (!which(binary)) return false;
  const found = capture(which(binary), ["--version"]).output.match(/\d+\.\d+\.\d+/)?.[0];
  return found === version || (!exact && found !== undefined && isAtLeast(found, version));
}

function isAtLeast(found, wanted) {
  return found.localeCompare(wanted, "en", { numeric: true }) >= 0;
}

async function installTool(tool, onText) {
  const args = ["install", tool.crate, "--version", `=${tool.version}`, "--root", toolFolder(tool)];
  try {
    await execute("cargo", [...args, "--locked"], { onText });
  } catch (failure) {
    // A mirror that lags behind may lack a version the tool's author locked.
    if (!/failed to select a version|not found in registry/.test(failure.output)) throw failure;
    console.log(`   ${tool.crate}: not all its locked versions can be had here, taking compatible ones`);
    await execute("cargo", args, { onText });
  }
}

/** What the build and the quick start need. */
export const buildTools = ["Rust", "C compiler", "WebAssembly target", "npm packages", "wasm-bindgen-cli"];

/** Takes those of the named steps that are not taken yet. */
export async function setUp(names) {
  const missing = steps.filter((step) => names.includes(step.name) && !step.isPresent());
  if (missing.length === 0) return console.log("Set-up: everything is here.");
  console.log(`Set-up, only what is missing: ${missing.map((step) => step.name).join(", ")}`);
  await runLane(missing, "first");
  const lanes = await Promise.allSettled(["npm", "apt", "cargo"].map((lane) => runLane(missing, lane)));
  const failures = lanes.filter((lane) => lane.status === "rejected");
  if (failures.length > 0) throw new Error(failures.map((lane) => lane.reason.message).join("\n"));
}

async function runLane(missing, lane) {
  for (const step of missing.filter((candidate) => candidate.lane === lane)) await take(step);
}

async function take(step) {
  console.log(`-> ${step.name}: ${step.why}`);
  const beat = heartbeat(step.name);
  try {
    await step.install(beat.onText);
  } catch (failure) {
    throw new Error(explain(step, failure));
  } finally {
    beat.stop();
  }
  if (!step.isPresent()) throw new Error(explain(step, new Error("it ended well, yet it is still missing")));
  console.log(`   ${step.name} is ready (${beat.seconds()} s)`);
}

function explain(step, failure) {
  const tail = (failure.output ?? "").trim().split("\n").slice(-20).join("\n");
  return `Set-up failed at "${step.name}": ${failure.message}\n${tail}\nBy hand: ${step.byHand}\nthen run this again.`;
}

if (import.meta.filename === process.argv[1]) {
  try {
    const asked = process.argv.slice(2);
    await setUp(asked.length > 0 ? asked : steps.map((step) => step.name));
  } catch (failure) {
    console.error(failure.message);
    process.exitCode = 1;
  }
}
