// `npm start`: set-up, build, quick start, then the page. With --once it ends after the quick start.

import { build } from "./build.mjs";
import { buildPage } from "./page.mjs";
import { serve } from "./serve.mjs";
import { buildTools, setUp } from "./setup.mjs";
import { inherit } from "./shell.mjs";

const once = process.argv.includes("--once");

try {
  await setUp(buildTools);
  console.log("\nBuilding the package into pkg/ (1 to 2 min the first time)");
  await build();
  console.log("\nThe quick start: examples/quickstart.mjs\n");
  await inherit("node", ["examples/quickstart.mjs"]);
  if (!once) await showPage();
} catch (failure) {
  console.error(`\n${failure.message}`);
  process.exitCode = 1;
}

async function showPage() {
  await buildPage();
  const wanted = Number(process.env.PORT ?? 8080);
  const { url } = await serve({ port: wanted });
  console.log(`\nThe playground is at ${url} (Ctrl-C ends it)`);
  if (!url.includes(`:${wanted}/`)) console.log(`Port ${wanted} is taken; choose another with PORT=…`);
}
