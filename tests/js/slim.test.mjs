// `cachier/slim`: the engine comes from where one says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "../../scripts/places.mjs";
import { serve } from "../../scripts/serve.mjs";
import { anotherSlimCopy } from "./support/copies.mjs";

const bytes = readFileSync(fileURLToPath(import.meta.resolve("cachier/cachier.wasm")));

function works({ memoize }) {
  const f = memoize((n) => ({ n }));
  assert.equal(f(1), f(1));
}

describe("where the engine comes from", () => {
  let served;
  before(async () => (served = await serve({ port: 8_900, mounts: { "/pkg/": join(root, "pkg") } })));
  after(() => served.server.close());

  const sources = {
    "bytes": () => bytes,
    "a buffer": () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    "a compiled module": () => new WebAssembly.Module(bytes),
    "a promise of bytes": () => Promise.resolve(bytes),
    "a text that is a place": () => `${served.url}pkg/cachier.wasm`,
    "a URL": () => new URL("pkg/cachier.wasm", served.url),
    "a response": () => fetch(`${served.url}pkg/cachier.wasm`),
    "a response of another type": () => new Response(bytes, { headers: { "content-type": "application/octet-stream" } }),
  };
  for (const [name, source] of Object.entries(sources))
    test(name, async () => {
      const slim = await anotherSlimCopy();
      await slim.init(source());
      works(slim);
    });

  test("a place without it is named", async () => {
    const slim = await anotherSlimCopy();
    await assert.rejects(slim.init(`${served.url}nowhere.wasm`), /nowhere\.wasm answered 404/);
    await slim.init(bytes);
    works(slim);
  });
});

test("before init, memoize says what to wait for", async () => {
  const { memoize } = await anotherSlimCopy();
  assert.throws(() => memoize(() => 0), /init\(source\)/);
});

test("only the first init counts", async () => {
  const slim = await anotherSlimCopy();
  await Promise.all([slim.init(bytes), slim.init(bytes)]);
  const f = slim.memoize((n) => ({ n }));
  const value = f(1);
  await slim.init(bytes);
  assert.equal(f(1), value);
  works(slim);
});

test("what is no engine is refused with the reason", async () => {
  const slim = await anotherSlimCopy();
  await assert.rejects(slim.init(new Uint8Array(8)), /^CompileError: cachier: /);
});

test("it offers what the whole package offers, and init", async () => {
  const [whole, slim] = await Promise.all([import("cachier"), import("cachier/slim")]);
  assert.deepEqual(Object.keys(slim).filter((name) => name !== "init"), Object.keys(whole));
});
