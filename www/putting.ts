/** The form that puts entries into a cache: one by hand, or those of a snapshot. Must not know how caches are listed. */
import type { CacheInfo } from "cachier/inspect";
import { importSnapshot } from "cachier/snapshot";
import { functionOf, type Identity } from "./definition.js";
import { find, onPress } from "./dom.js";
import { countOf, messageOf } from "./words.js";

const core = find("put-core", HTMLSelectElement);
const name = find("put-name", HTMLInputElement);
const version = find("put-version", HTMLInputElement);
const files = find("import", HTMLInputElement);

/** Makes the form work. */
export function connectPutting(): void {
  find("put-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void tell(precache);
  });
  onPress("import-now", () => void tell(importFile));
}

/** The form is about this cache now. */
export function putInto(cache: CacheInfo): void {
  [core.value, name.value, version.value] = [cache.core, cache.name, cache.version ?? ""];
}

async function tell(action: () => Promise<string>): Promise<void> {
  find("put-status", HTMLElement).textContent = await action().catch(messageOf);
}

function identity(): Identity {
  if (name.value === "") throw new Error("Give the name of the function.");
  return { core: core.value as Identity["core"], name: name.value, version: version.value || undefined };
}

async function precache(): Promise<string> {
  const args = jsonOf("put-arguments");
  if (!Array.isArray(args)) throw new Error("The arguments are a list, such as [1, \"eu\"].");
  await functionOf(identity()).precacheValue(args, jsonOf("put-value"));
  return "Stored: a call with these arguments is a hit now.";
}

function jsonOf(id: string): unknown {
  const field = find(id, HTMLInputElement);
  try {
    return JSON.parse(field.value);
  } catch {
    field.focus();
    throw new Error(`${field.value} is no JSON: texts stand in double quotes.`);
  }
}

async function importFile(): Promise<string> {
  const [file] = files.files ?? [];
  if (file === undefined) throw new Error("Choose a snapshot first.");
  const from = find("import-from", HTMLInputElement).value;
  const { stored, skipped } = await importSnapshot(functionOf(identity()), file, from === "" ? {} : { from });
  return `${countOf(stored, "entry was", "entries were")} stored, ${skipped} skipped.`;
}
