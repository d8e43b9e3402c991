// `npm run bench:js [node|chromium] [row…]`: measures, shows the table, and writes benches/results when all rows ran.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/places.mjs";

const here = import.meta.dirname;
const results = join(root, "benches/results");
const words = process.argv.slice(2);

makeReady();
const { chromium, node } = await import("./environments.mjs");
const { markdown, shown, terminalTable } = await import("./report.mjs");
const { measureAll } = await import("./table.mjs");
const { plot } = await import("./plot.mjs");

const places = { node, chromium };
const wanted = Object.keys(places).filter((id) => words.includes(id) || !words.some((word) => word in places));
const only = words.filter((word) => !(word in places));
const environments = [];
for (const id of wanted) environments.push(await measureIn(id));
if (only.length === 0 && wanted.length === Object.keys(places).length) write(environments);

/** The peers are installed apart from the library's own tools, and the library is built once. */
function makeReady() {
  const inherit = { stdio: "inherit" };
  if (!existsSync(join(here, "node_modules"))) execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel", "error"], { ...inherit, cwd: here });
  if (!existsSync(join(root, "pkg/index.js"))) execFileSync("npm", ["run", "build"], { ...inherit, cwd: root });
}

async function measureIn(id) {
  const place = await places[id]();
  try {
    const rows = await measureAll({ id, place, only, onRow: ({ title, ours, unit }) => console.error(`  ${place.name}: ${title}: ${shown(ours, unit)}`) });
    const environment = { id, name: place.name, rows };
    console.log(terminalTable(environment));
    return environment;
  } finally {
    await place.close();
  }
}

function write(all) {
  mkdirSync(results, { recursive: true });
  const when = new Date().toISOString().slice(0, 10);
  const processor = `${cpus()[0].model.trim()}, ${cpus().length} cores`;
  writeFileSync(join(results, "js.md"), markdown(all, { when, processor }));
  for (const environment of all) writeFileSync(join(results, `js-${environment.id}.svg`), plot(environment));
}
