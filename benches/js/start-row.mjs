// From importing a package to the return of its first memoized call, in a Node process of its own: prints milliseconds as JSON.

import { starters } from "./starters.mjs";

const { load, call } = starters.find(({ name }) => name === process.argv[2]);
const start = performance.now();
call(await load());
process.stdout.write(JSON.stringify(performance.now() - start));
