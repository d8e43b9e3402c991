/** The entries of one cache: a table that lives. Must not know which caches there are. */
import { clearCache, listEntries, readValue, removeEntry, type CacheInfo, type StoredEntry } from "cachier/inspect";
import { exportSnapshot } from "cachier/snapshot";
import { functionOf, staleAfterOf } from "./definition.js";
import { find, make, onPress } from "./dom.js";
import { freshnessCell, millisOf, showFreshness } from "./freshness.js";
import { showRows, type Rows } from "./rows.js";
import { textOf } from "./values.js";
import { ageOf, countOf, messageOf, sizeOf } from "./words.js";

const MOST_SHOWN = 200;
const MILLIS_BETWEEN_LOOKS = 1_000;

/** The table of the cache that is chosen. */
export class Entries {
  readonly #body = find("entries", HTMLElement);
  readonly #status = find("entries-status", HTMLElement);
  readonly #valueBox = find("entry-value", HTMLElement);
  #cache: CacheInfo | undefined;
  #shown: readonly StoredEntry[] = [];

  constructor() {
    onPress("clear-cache", () => void this.#attempt(clearCache));
    onPress("export", () => void this.#attempt(exportTo));
    setInterval(() => this.#showAges(), MILLIS_BETWEEN_LOOKS);
  }

  /** Shows the entries of another cache, or of none. */
  async choose(cache: CacheInfo | undefined): Promise<void> {
    this.#cache = cache;
    this.#valueBox.hidden = true;
    this.#body.replaceChildren();
    find("exported", HTMLElement).replaceChildren();
    find("chosen-cache", HTMLElement).hidden = cache === undefined;
    find("entries-title", HTMLElement).textContent = cache === undefined ? "" : `Entries of ${cache.id} in ${cache.core}`;
    await this.refresh();
  }

  /** Reads them again. */
  async refresh(): Promise<void> {
    await this.#attempt(async (cache) => {
      const entries = await listEntries(cache);
      if (cache !== this.#cache) return;
      this.#shown = entries.reverse().slice(0, MOST_SHOWN);
      const { length } = entries;
      this.#status.textContent = `${countOf(length, "entry", "entries")}${length > MOST_SHOWN ? `, the newest ${MOST_SHOWN} shown` : ""}.`;
      showRows(this.#body, this.#shown, this.#rows(cache));
      this.#showAges();
    });
  }

  async #attempt(action: (cache: CacheInfo) => Promise<void>): Promise<void> {
    if (this.#cache === undefined) return;
    try {
      await action(this.#cache);
    } catch (thrown) {
      this.#status.textContent = messageOf(thrown);
    }
  }

  #rows(cache: CacheInfo): Rows<StoredEntry> {
    return {
      key: ({ name }) => name,
      make: (entry) => this.#rowOf(cache, entry),
      update: (row, { size, storedAt }) => {
        row.dataset["storedAt"] = String(storedAt);
        (row.cells[3] as HTMLElement).textContent = sizeOf(size);
      },
    };
  }

  #rowOf(cache: CacheInfo, entry: StoredEntry): HTMLTableRowElement {
    const label = entry.args ?? `${entry.name} (arguments are not kept)`;
    const show = button("Show", `Show the value of ${label}`, () => void this.#showValue(cache, entry, label));
    const remove = button("Remove", `Remove the entry of ${label}`, () => void this.#remove(cache, entry));
    const number = (): HTMLElement => make("td", { className: "number" });
    const name = make("th", { scope: "row", className: "arguments" }, label);
    return make("tr", {}, name, number(), freshnessCell(), number(), make("td", { className: "actions" }, show, remove));
  }

  async #remove(cache: CacheInfo, entry: StoredEntry): Promise<void> {
    await this.#attempt(async () => {
      await removeEntry(cache, entry);
    });
  }

  async #showValue(cache: CacheInfo, entry: StoredEntry, label: string): Promise<void> {
    await this.#attempt(async () => {
      find("entry-value-text", HTMLElement).textContent = textOf(await readValue(cache, entry));
      find("entry-value-title", HTMLElement).textContent = `Value of ${label}`;
      this.#valueBox.hidden = false;
    });
  }

  #showAges(): void {
    if (this.#cache === undefined) return;
    const staleAfter = staleAfterOf(this.#cache);
    const limit = staleAfter === null ? undefined : millisOf(staleAfter);
    for (const row of this.#body.children as HTMLCollectionOf<HTMLTableRowElement>) {
      const age = Date.now() - Number(row.dataset["storedAt"]);
      const [, ageCell, freshCell] = row.cells;
      if (ageCell !== undefined) ageCell.textContent = ageOf(age);
      if (freshCell !== undefined) showFreshness(freshCell, age, limit);
    }
  }
}

function button(text: string, label: string, action: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", className: "small", onclick: action }, text);
  made.setAttribute("aria-label", label);
  return made;
}

/** Offers the snapshot as a file, and leaves the link there. */
async function exportTo(cache: CacheInfo): Promise<void> {
  const bytes = await exportSnapshot(functionOf(cache));
  const href = URL.createObjectURL(new Blob([bytes]));
  const link = make("a", { href, download: `${cache.id}.snapshot`, className: "button" }, `Save ${cache.id}.snapshot (${sizeOf(bytes.length)})`);
  const place = find("exported", HTMLElement);
  for (const old of place.querySelectorAll("a")) URL.revokeObjectURL(old.href);
  place.replaceChildren(link);
  link.focus();
}
