// A static file server for localhost: the built page at /, or other folders, and any of their files late. Knows nothing of what it serves.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pageDirectory } from "./places.mjs";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** The folders served, longest address first. */
export const defaultMounts = { "/": pageDirectory };

const LONGEST_DELAY_MILLIS = 30_000;

/** Listens on `port` or the next free one above it; resolves to the server and its address. */
export async function serve({ port = 8080, mounts = defaultMounts } = {}) {
  const server = createServer((request, response) => answer(request, response, mounts));
  for (let candidate = port; candidate < port + 20; candidate += 1) {
    if (await listens(server, candidate)) return { server, url: `http://localhost:${server.address().port}/` };
  }
  throw new Error(`ports ${port} to ${port + 19} are all taken: choose another with PORT=…`);
}

function listens(server, port) {
  return new Promise((resolve, reject) => {
    const refuse = (cause) => (cause.code === "EADDRINUSE" ? resolve(false) : reject(cause));
    server.once("error", refuse);
    server.listen(port, "localhost", () => {
      server.off("error", refuse);
      resolve(true);
    });
  });
}

function answer(request, response, mounts) {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname !== "/slow") return give(request, response, fileFor(pathname, mounts));
  const file = fileFor(`/${searchParams.get("file")}`, mounts);
  const delay = Math.min(Number(searchParams.get("delay")) || 0, LONGEST_DELAY_MILLIS);
  setTimeout(() => give(request, response, file), delay);
}

function give(request, response, file) {
  if (!file) return refuse(response);
  // A frame without an origin may load modules only where it is told that it may.
  const asked = { "cache-control": "no-cache", "access-control-allow-origin": "*" };
  const head = { "content-type": types[extname(file)] ?? "application/octet-stream", ...asked };
  response.writeHead(200, head);
  if (request.method === "HEAD") return response.end();
  createReadStream(file).pipe(response);
}

function refuse(response) {
  response.writeHead(404, { "content-type": types[".txt"] });
  response.end("Not found\n");
}

function fileFor(pathname, mounts) {
  const prefix = Object.keys(mounts).find((candidate) => pathname.startsWith(candidate));
  const folder = prefix && mounts[prefix];
  const wanted = folder && normalize(join(folder, decode(pathname.slice(prefix.length))));
  if (!wanted || !(wanted + sep).startsWith(folder + sep)) return undefined;
  return [wanted, join(wanted, "index.html")].find(isFile);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isFile(path) {
  return !path.includes("\0") && statSync(path, { throwIfNoEntry: false })?.isFile();
}

if (import.meta.filename === process.argv[1]) {
  const { url } = await serve({ port: Number(process.env.PORT ?? 8080) });
  console.log(`Serving the built page at ${url}`);
}
