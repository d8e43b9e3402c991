// Debian packages, as root or through sudo. Knows no package by name.

import { which } from "./places.mjs";
import { execute } from "./shell.mjs";

export async function asRoot(command, args, onText) {
  if (process.getuid() === 0) return execute(command, args, { onText });
  if (!which("sudo")) throw new Error(`this needs root; as root, run: ${[command, ...args].join(" ")}`);
  return execute("sudo", [command, ...args], { onText });
}

let queue = Promise.resolve();
let updated;

/** One call at a time: apt holds a lock, and two callers would only fail on it. */
export function aptInstall(packages, onText) {
  const next = queue.then(() => install(packages, onText));
  queue = next.catch(() => {});
  return next;
}

/** Learns, once per run, which packages there are: a bare machine knows none. */
export function aptUpdate(onText) {
  updated ??= asRoot("apt-get", ["update"], onText);
  return updated;
}

async function install(packages, onText) {
  const names = packages.join(" ");
  if (!which("apt-get")) throw new Error(`no apt-get here; install these with your system's package manager: ${names}`);
  await aptUpdate(onText);
  await asRoot("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends", ...packages], onText);
}
