// What the recipes take for granted, and what they have to come to.

import { memoize } from "cachier";
import { exportSnapshot } from "cachier/snapshot";
import { fetchFromServer, fetchUser } from "./users.mjs";

export function before() {
  // In Node, files that a recipe writes lie beside it.
  globalThis.process?.chdir(new URL(".", import.meta.url).pathname);
  Object.assign(globalThis, { fetchUser, fetch: answer });
}

/** A server of users that has a snapshot of them, made when its site was built. */
async function answer(url) {
  return String(url).endsWith(".snapshot") ? new Response(await snapshot()) : fetchFromServer(url);
}

async function snapshot() {
  const getUser = memoize(fetchUser);
  await Promise.all([7, 42].map((id) => getUser(id)));
  return exportSnapshot(getUser, { as: "getUser" });
}

export const after = {
  async React() {
    const deadline = Date.now() + 5_000;
    while (document.querySelector("h1")?.textContent !== "Ada") {
      if (Date.now() > deadline) throw new Error(`the page shows ${document.body.innerHTML}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },

  async "A service worker"() {
    const text = async () => (await fetch("/news.txt")).text();
    const first = await text();
    if (first !== "the news" || (await text()) !== first) throw new Error(`the worker answers ${first}`);
  },
};
