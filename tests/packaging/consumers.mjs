// Who consumes the package: how each builds, without configuration, and where what it built is run.

/**
 * `build` is a bundler's bin in the tools' folder and its arguments; `opens` a folder to serve and open in a browser,
 * `runs` a file for Node. What is copied from app/ first goes through `edit`.
 */
export const consumers = [
  { name: "Node, import", runs: "node.mjs" },
  { name: "Node, require", runs: "node.cjs" },
  { name: "Node, slim", runs: "slim-node.mjs" },
  { name: "script and worker", opens: "..", at: "script-and-worker/", edit: withPlainPaths },
  { name: "Vite", build: ["vite/bin/vite.js", "build"], opens: "dist" },
  { name: "Vite, slim", build: ["vite/bin/vite.js", "build"], opens: "dist", edit: withSlimMain },
  { name: "Vite, dev server", serves: ["vite/bin/vite.js", "--port", "9180"] },
  { name: "webpack", build: ["webpack-cli/bin/cli.js", "./main.js", "--mode", "production", "-o", "dist"], opens: "dist" },
  { name: "esbuild", build: ["esbuild/bin/esbuild", "main.js", "worker.js", "--bundle", "--format=esm", "--outdir=dist"], opens: "dist" },
  { name: "esbuild, for Node", build: ["esbuild/bin/esbuild", "node.mjs", "--bundle", "--platform=node", "--format=esm", "--outfile=out.mjs"], runs: "out.mjs" },
  {
    name: "rollup",
    build: ["rollup/dist/bin/rollup", "-i", "main.js", "-i", "worker.js", "-d", "dist", "-f", "es", "-p", "@rollup/plugin-node-resolve"],
    opens: "dist",
  },
];

/** Without a bundler nobody looks into node_modules. */
function withPlainPaths(text) {
  return text.replace('"cachier"', '"/node_modules/cachier/pkg/index.js"').replace('"cachier/inspect"', '"/node_modules/cachier/pkg/inspect.js"');
}

function withSlimMain(text) {
  return text.replace("./main.js", "./slim.js");
}
