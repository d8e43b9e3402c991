// Examples as they stand in the documents: fenced code and `@example`s, with what their info strings say. Runs nothing.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/places.mjs";

const declarations = ["src/js/types.d.ts", "src/js/slim.types.d.ts", "src/js/snapshot.types.d.ts", "src/js/inspect.types.d.ts"];

/** Everything people read that holds examples, but rustdoc, whose examples cargo runs. */
export function documents() {
  const guides = readdirSync(join(root, "guides")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...guides.map((name) => `guides/${name}`), ...declarations];
}

/**
 * The examples of one document: `language`, `place` ("browser", "service worker" or none), `reason` where it says
 * `not run: …`, and under which `heading` it stands.
 */
export function examplesIn(file) {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const examples = [];
  let open;
  let heading = "";
  lines.forEach((line, index) => {
    const text = file.endsWith(".ts") ? line.replace(/^\s*\* ?/, "") : line;
    const fence = text.match(/^\s*```(.*)$/);
    if (!open && !fence) heading = headingOf(line) ?? heading;
    if (!fence) return open?.lines.push(text);
    if (open) examples.push(closed(open));
    open = open ? undefined : { file, heading, line: index + 1, info: fence[1].trim(), lines: [] };
  });
  if (open) throw new Error(`${file}:${open.line}: this example does not end`);
  return examples;
}

function headingOf(line) {
  return line.match(/^#+ (.*)$/)?.[1];
}

function closed({ info, lines, ...where }) {
  const [language = "", ...rest] = info.split(" ");
  const words = rest.join(" ");
  const reason = words.match(/^not run: (.+)$/)?.[1];
  return { ...where, language, place: reason ? "" : words, reason, code: lines.join("\n") };
}
