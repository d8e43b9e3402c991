// What the guide for browsers takes for granted, and what it has to come to.

import { fetchUser } from "./users.mjs";

export function before() {
  Object.assign(globalThis, { fetchUser });
}

export const after = {
  async "A service worker"() {
    const text = async () => (await fetch("/news.txt")).text();
    const first = await text();
    if (first !== "the news" || (await text()) !== first) throw new Error(`the worker answers ${first}`);
    const names = (await indexedDB.databases()).map(({ name }) => name);
    if (!names.includes("cachier2")) throw new Error(`it has stored nothing: ${names}`);
  },
};
