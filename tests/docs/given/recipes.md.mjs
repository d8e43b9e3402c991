// What the recipes take for granted, and what they have to come to.

import { fetchFromServer, fetchUser } from "./users.mjs";

export function before() {
  Object.assign(globalThis, { fetchUser, fetch: fetchFromServer });
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
