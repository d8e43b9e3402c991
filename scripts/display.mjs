// A display that nobody sees, for browsers without a headless mode. Knows no browser.

import { which } from "./places.mjs";
import { killGroup, startGroup } from "./shell.mjs";

/** X picks a free display and writes its number to descriptor 3. */
export function startDisplay() {
  const options = ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  const server = startGroup(which("Xvfb"), options, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.on("close", () => reject(new Error("Xvfb ended before it had a display: run `Xvfb :99` by hand to see why")));
    server.stdio[3].once("data", (number) =>
      resolve({ name: `:${number.toString().trim()}`, stop: () => killGroup(server) }),
    );
  });
}
