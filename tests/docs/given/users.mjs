// A server of users that is always there, for documents whose examples ask for one.

const names = { 7: "Ada", 42: "Grace" };

export async function fetchUser(id) {
  return { id, name: names[id] ?? "somebody" };
}

/** In place of `fetch`: knows `/users/<id>`. */
export async function fetchFromServer(url) {
  return Response.json(await fetchUser(Number(String(url).split("/").at(-1))));
}
