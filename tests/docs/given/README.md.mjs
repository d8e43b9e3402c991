// What the README takes for granted.

import { fetchFromServer, fetchUser } from "./users.mjs";

export function before() {
  const slowMarkdown = (text, theme) => `<h1 class="${theme}">${text.slice(2)}</h1>`;
  // Its slim engine is fetched for real.
  const { fetch } = globalThis;
  const route = (url, ...rest) => (String(url).startsWith("/users/") ? fetchFromServer(url) : fetch(url, ...rest));
  Object.assign(globalThis, { fetchUser, slowMarkdown, fetch: route });
}
