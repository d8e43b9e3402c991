// Where things are: the repository, the tools, the environment of every child. Runs and installs nothing.

import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node 20.19 or newer is needed, this is ${process.versions.node}: install it from your system or nodejs.org`);
  process.exit(1);
}

export const root = resolve(import.meta.dirname, "..");
export const targetDirectory = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
export const wasmTarget = "wasm32-unknown-unknown";
/** Where www/ is built. */
export const pageDirectory = join(targetDirectory, "www");

/** Outlives `target/` and is shared by all clones: these tools take minutes to compile. */
export const toolsDirectory =
  process.env.CACHIER_TOOLS ??
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cachier-tools");

/** One folder per tool and version, so clones that lock different versions do not overwrite each other. */
export function toolFolder({ crate, version }) {
  return join(toolsDirectory, `${crate}-${version}`);
}

export function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const found = lock.match(new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`));
  if (!found) throw new Error(`Cargo.lock names no ${crate}: run \`cargo generate-lockfile\``);
  return found[1];
}

export function cargoTools() {
  return [
    { crate: "wasm-bindgen-cli", binary: "wasm-bindgen", version: lockedVersion("wasm-bindgen"), exact: true },
    { crate: "wasm-pack", binary: "wasm-pack", version: "0.15.1" },
    { crate: "geckodriver", binary: "geckodriver", version: "0.37.1" },
    { crate: "cargo-deny", binary: "cargo-deny", version: "0.20.2" },
    { crate: "cargo-fuzz", binary: "cargo-fuzz", version: "0.13.2" },
  ];
}

export function searchPath() {
  const folders = cargoTools().map((tool) => join(toolFolder(tool), "bin"));
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  return [...folders, join(root, "node_modules", ".bin"), join(cargoHome, "bin"), process.env.PATH].join(delimiter);
}

export function environment(extra = {}) {
  return { ...process.env, PATH: searchPath(), ...extra };
}

export function which(binary) {
  const candidates = searchPath().split(delimiter).map((folder) => join(folder, binary));
  return candidates.find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function hasFile(folder, pattern) {
  return existsSync(folder) && readdirSync(folder).some((name) => pattern.test(name));
}
