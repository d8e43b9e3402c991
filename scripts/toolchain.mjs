// Which Rust compiler builds for WebAssembly here, and how to get one. Knows nothing of this library's code.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, aptUpdate, asRoot } from "./apt.mjs";
import { hasFile, targetDirectory, toolsDirectory, wasmTarget } from "./places.mjs";
import { capture, execute } from "./shell.mjs";

const fallbackName = "wasm";
const forcedFallback = process.env.CACHIER_WASM_TOOLCHAIN === "debian";

/** What a build for WebAssembly needs in its environment: nothing, where rustup's own toolchain has the target. */
export function wasmEnvironment() {
  return hasOwnTarget() ? {} : { RUSTUP_TOOLCHAIN: fallbackName };
}

export function canBuildWasm() {
  return hasOwnTarget() || hasTarget({ RUSTUP_TOOLCHAIN: fallbackName });
}

function hasOwnTarget() {
  return !forcedFallback && hasTarget({});
}

function hasTarget(extra) {
  const found = capture("rustc", ["--print", "target-libdir", "--target", wasmTarget], extra);
  return found.ok && hasFile(found.stdout.trim(), /^libstd-.*\.rlib$/);
}

export async function installWasmTarget(onText) {
  if (!forcedFallback && (await rustupAdds(onText))) return;
  console.log("   rustup cannot fetch the target from here: building its standard library from Debian's sources");
  await installDebianToolchain(onText);
}

async function rustupAdds(onText) {
  try {
    await execute("rustup", ["target", "add", wasmTarget], { onText, seconds: 300 });
    return hasTarget({});
  } catch {
    return false;
  }
}

async function installDebianToolchain(onText) {
  await aptUpdate(onText);
  const lld = newestLinker();
  await aptInstall(["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", lld], onText);
  await installStandardLibrary(await buildStandardLibrary(onText));
  await linkLinker(lld);
  await execute("rustup", ["toolchain", "link", fallbackName, "/usr"], { onText });
  // Cargo does not notice that the standard library beneath its artifacts was replaced.
  rmSync(join(targetDirectory, wasmTarget), { recursive: true, force: true });
}

function newestLinker() {
  const known = capture("apt-cache", ["search", "--names-only", "^lld-[0-9]+$"]).stdout;
  const versions = [...known.matchAll(/^lld-(\d+)/gm)].map((found) => Number(found[1]));
  if (versions.length === 0) throw new Error("apt knows no lld-NN package: check /etc/apt/sources.list");
  return `lld-${Math.max(...versions)}`;
}

const emptyManifest = `[package]
name = "empty"
version = "0.0.0"
edition = "2021"
[lib]
path = "lib.rs"
[profile.release]
lto = "thin"
[workspace]
`;

async function buildStandardLibrary(onText) {
  const directory = join(toolsDirectory, "wasm-std");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "Cargo.toml"), emptyManifest);
  writeFileSync(join(directory, "lib.rs"), "#![no_std]\n");
  const parts = "std,panic_abort,panic_unwind,test,proc_macro";
  await execute("/usr/bin/cargo", ["build", "--release", "--target", wasmTarget, `-Zbuild-std=${parts}`], {
    directory,
    onText,
    // Without bitcode in the libraries, `lto = true` fails: "Can't find section .llvmbc".
    extra: {
      RUSTC: "/usr/bin/rustc",
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: "-Cembed-bitcode=yes",
      CARGO_TARGET_DIR: join(directory, "target"),
    },
  });
  return join(directory, "target", wasmTarget, "release", "deps");
}

async function installStandardLibrary(built) {
  const folder = `/usr/lib/rustlib/${wasmTarget}/lib`;
  const libraries = readdirSync(built).filter((name) => name.endsWith(".rlib") && !name.startsWith("libempty-"));
  await asRoot("rm", ["-rf", folder]);
  await asRoot("mkdir", ["-p", folder]);
  await asRoot("cp", [...libraries.map((name) => join(built, name)), folder]);
}

async function linkLinker(lld) {
  const host = capture("/usr/bin/rustc", ["-vV"]).stdout.match(/^host: (.+)$/m)[1];
  const folder = `/usr/lib/rustlib/${host}/bin`;
  await asRoot("mkdir", ["-p", folder]);
  await asRoot("ln", ["-sf", `/usr/lib/llvm-${lld.slice("lld-".length)}/bin/lld`, `${folder}/rust-lld`]);
}
