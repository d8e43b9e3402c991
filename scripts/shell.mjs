// Running other programs: plainly, watched, or in silence until they fail. Knows no program by name.

import { spawn, spawnSync } from "node:child_process";
import { environment, root } from "./places.mjs";

export class CommandFailed extends Error {
  constructor(line, code, output) {
    super(`\`${line}\` ended with ${code}`);
    this.output = output;
  }
}

export function capture(command, args = [], extra = {}) {
  const done = spawnSync(command, args, { cwd: root, env: environment(extra), encoding: "utf8" });
  return { ok: done.status === 0, output: `${done.stdout ?? ""}${done.stderr ?? ""}`, stdout: done.stdout ?? "" };
}

/** Runs a program to its end and returns what it printed; `onText` sees it as it comes. */
export function execute(command, args = [], { extra = {}, directory = root, onText = () => {}, seconds } = {}) {
  const line = [command, ...args].join(" ");
  return new Promise((resolve, reject) => {
    const child = startGroup(command, args, { cwd: directory, env: environment(extra), stdio: ["ignore", "pipe", "pipe"] });
    const limit = seconds && setTimeout(() => killGroup(child), seconds * 1000);
    let output = "";
    const take = (chunk) => {
      output += chunk;
      onText(chunk.toString());
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (cause) => reject(new CommandFailed(line, cause.message, output)));
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      if (code === 0) resolve(output);
      else reject(new CommandFailed(line, code ?? (limit ? `${signal} (its limit is ${seconds} s)` : signal), output));
    });
  });
}

const groups = new Set();

/** A program in a process group of its own, so that what it started ends with it. */
export function startGroup(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  groups.add(child);
  child.on("close", () => groups.delete(child));
  return child;
}

export function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

process.on("exit", () => groups.forEach(killGroup));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(130));

/** Runs a program that talks to the terminal itself. */
export function inherit(command, args = [], extra = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: environment(extra), stdio: "inherit" });
    child.on("error", (cause) => reject(new CommandFailed(command, cause.message, "")));
    child.on("close", (code, signal) =>
      code === 0 ? resolve() : reject(new CommandFailed([command, ...args].join(" "), code ?? signal, "")),
    );
  });
}

export function secondsSince(start) {
  return Math.round((Date.now() - start) / 1000);
}

/** Says now and then that `name` is alive and what it last printed. */
export function heartbeat(name, every = 10) {
  const start = Date.now();
  let last = "";
  const timer = setInterval(() => console.log(`   … ${name}, ${secondsSince(start)} s: ${last}`), every * 1000);
  return {
    onText: (text) => (last = lastLine(text) || last),
    stop: () => clearInterval(timer),
    seconds: () => secondsSince(start),
  };
}

function lastLine(text) {
  return text.trim().split(/[\r\n]/).at(-1).trim().slice(0, 100);
}
