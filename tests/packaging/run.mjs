// Packs the package as npm would, installs it, and lets every consumer build and run it. Who they are stands in consumers.mjs.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, toolsDirectory } from "../../scripts/places.mjs";
import { serve } from "../../scripts/serve.mjs";
import { execute, killGroup, startGroup } from "../../scripts/shell.mjs";
import { launch, open } from "../js/support/chromium.mjs";
import { consumers } from "./consumers.mjs";

const here = import.meta.dirname;
const quietly = ["--no-audit", "--no-fund", "--loglevel", "error"];
const folder = mkdtempSync(join(tmpdir(), "cachier-packaging-"));
let browser;

try {
  const tools = await installTools();
  await installPackage();
  browser = await launch();
  const failures = [];
  for (const consumer of wanted()) if (!(await passes(consumer, tools))) failures.push(consumer.name);
  if (failures.length > 0) throw new Error(`the package does not work with ${failures.join("; ")}`);
} catch (failure) {
  console.error([failure.output, failure.message].filter(Boolean).join("\n"));
  process.exitCode = 1;
} finally {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}

/** All, or those whose names hold a word of the command line. */
function wanted() {
  const words = process.argv.slice(2);
  return consumers.filter(({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase())));
}

/** The bundlers, once for all clones that lock the same ones. */
async function installTools() {
  const locked = createHash("sha256").update(readFileSync(join(here, "package-lock.json"))).digest("hex").slice(0, 12);
  const tools = join(toolsDirectory, `bundlers-${locked}`);
  if (existsSync(tools)) return tools;
  console.log("  installing the bundlers, once (up to 1 min)");
  mkdirSync(toolsDirectory, { recursive: true });
  const unfinished = mkdtempSync(`${tools}-`);
  try {
    for (const name of ["package.json", "package-lock.json"]) cpSync(join(here, name), join(unfinished, name));
    await execute("npm", ["ci", ...quietly], { directory: unfinished });
    renameSync(unfinished, tools);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return tools;
}

/** Into a folder above all consumers, whose projects find it there. */
async function installPackage() {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await execute("npm", ["pack", "--pack-destination", folder, ...quietly]);
  const [archive] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  await execute("npm", ["install", `./${archive}`, ...quietly], { directory: folder });
}

async function passes(consumer, tools) {
  const start = performance.now();
  const outcome = await tryOut(consumer, makeProject(consumer, tools), tools).catch((failure) => `${failure.message}\n${failure.output ?? ""}`);
  const hasPassed = outcome === "works";
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`  ${consumer.name.padEnd(20)}${hasPassed ? "works" : "FAILED"}  ${seconds.padStart(5)} s${hasPassed ? "" : `  ${outcome}`}`);
  return hasPassed;
}

function makeProject({ name, edit = (text) => text }, tools) {
  const project = join(folder, name.toLowerCase().replace(/\W+/g, "-"));
  for (const directory of [project, join(project, "dist")]) mkdirSync(directory, { recursive: true });
  for (const file of readdirSync(join(here, "app"))) writeFileSync(join(project, file), edit(readFileSync(join(here, "app", file), "utf8")));
  cpSync(join(project, "index.html"), join(project, "dist/index.html"));
  linkPlugins(project, tools);
  return project;
}

/** Rollup looks for its plug-ins in the project. */
function linkPlugins(project, tools) {
  mkdirSync(join(project, "node_modules"));
  symlinkSync(join(tools, "node_modules/@rollup"), join(project, "node_modules/@rollup"));
}

async function tryOut({ build, runs, serves, opens, at }, project, tools) {
  const bin = (name) => join(tools, "node_modules", name);
  if (build) await execute(bin(build[0]), build.slice(1), { directory: project, seconds: 60 });
  if (runs) return (await execute("node", ["--no-warnings", runs], { directory: project, seconds: 20 })).trim();
  if (serves) return lookAtServer([bin(serves[0]), ...serves.slice(1)], project);
  const { server, url } = await serve({ port: 9_150, mounts: { "/": join(project, opens) } });
  return look(`${url}${at ?? ""}`).finally(() => server.close());
}

/** A server that is started says where it listens. */
async function lookAtServer(command, project) {
  const child = startGroup("node", command, { cwd: project, env: { ...environment(), NO_COLOR: "1" }, stdio: ["ignore", "pipe", "inherit"] });
  try {
    return await look(await addressOf(child));
  } finally {
    killGroup(child);
  }
}

function addressOf(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
      const found = said.match(/http:\/\/localhost:\d+\//);
      if (found) resolve(found[0]);
    });
    child.on("close", () => reject(new Error(`the server ended: ${said}`)));
  });
}

/** What the page says of itself and of its worker. */
async function look(url) {
  const { page, troubles } = await open(browser, url);
  try {
    await page.waitForFunction(() => "outcome" in globalThis, undefined, { timeout: 20_000 });
    const outcomes = Object.entries(await page.evaluate(() => globalThis.outcome));
    const amiss = outcomes.filter(([, outcome]) => outcome !== "works").map(([place, outcome]) => `${place}: ${outcome}`);
    return amiss.length > 0 ? amiss.join("; ") : "works";
  } catch (failure) {
    throw new Error([failure.message, ...troubles].join("\n"), { cause: failure });
  } finally {
    await page.close();
  }
}
