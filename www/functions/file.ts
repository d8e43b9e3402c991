/** A file of this server, given after a delay: what a slow network is like. Knows no cache. */

/** A file, and when the server gave it. */
export interface Letter {
  readonly text: string;
  readonly readAt: Date;
}

/** No `async function`, so that the option `async` has something to say. */
export function readFile(name: string, delayMillis: number): Promise<Letter> {
  return fetch(`/slow?file=${encodeURIComponent(`files/${name}`)}&delay=${delayMillis}`).then(letterOf);
}

async function letterOf(response: Response): Promise<Letter> {
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return { text: await response.text(), readAt: new Date() };
}
