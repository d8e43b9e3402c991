/** The caches of this origin, and the storage they take. Must not know what their functions do. */
import { listCaches, onChange, requestPersistence, storageInfo, type CacheInfo } from "cachier/inspect";
import { find, make, onPress } from "./dom.js";
import { Entries } from "./entries.js";
import { connectPutting, putInto } from "./putting.js";
import { showRows, type Rows } from "./rows.js";
import { countOf, sizeOf } from "./words.js";

const MILLIS_TO_GATHER = 100;

/** The view of the inspector: idle while it is not shown. */
export class Inspector {
  readonly #entries = new Entries();
  readonly #status = find("caches-status", HTMLElement);
  #stop: (() => void) | undefined;
  #caches: readonly CacheInfo[] = [];
  #chosen: CacheInfo | undefined;
  #isDue = false;

  constructor() {
    connectPutting();
    onPress("persist", () => void this.#persist());
  }

  /** It is shown, or not. */
  show(isShown: boolean): void {
    if (isShown === (this.#stop !== undefined)) return;
    this.#stop?.();
    this.#stop = isShown ? onChange(() => this.#refreshSoon()) : undefined;
    if (isShown) void this.#refresh();
  }

  #refreshSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => void this.#refresh(), MILLIS_TO_GATHER);
  }

  async #refresh(): Promise<void> {
    this.#isDue = false;
    this.#caches = await listCaches();
    this.#showCaches();
    await Promise.all([this.#entries.refresh(), showStorage()]);
  }

  #showCaches(): void {
    const { length } = this.#caches;
    this.#status.textContent = length === 0 ? "Nothing is stored yet: call a function on IndexedDB or localStorage." : `${countOf(length, "cache", "caches")}.`;
    showRows(find("caches", HTMLElement), this.#caches, this.#rows);
  }

  readonly #rows: Rows<CacheInfo> = {
    key: ({ core, id }) => JSON.stringify([core, id]),
    make: (cache) => this.#rowOf(cache),
    update: (row, cache) => {
      const [, , , entries, bytes] = row.cells;
      if (entries !== undefined) entries.textContent = String(cache.entries);
      if (bytes !== undefined) bytes.textContent = sizeOf(cache.bytes);
      row.querySelector("button")?.setAttribute("aria-pressed", String(isSame(cache, this.#chosen)));
    },
  };

  #rowOf(cache: CacheInfo): HTMLTableRowElement {
    const choose = make("button", { type: "button", className: "small", onclick: () => void this.#choose(cache) }, cache.name);
    const cells = [cache.version ?? "none", cache.core].map((text) => make("td", {}, text));
    const numbers = [1, 2].map(() => make("td", { className: "number" }));
    return make("tr", {}, make("th", { scope: "row" }, choose), ...cells, ...numbers);
  }

  async #choose(cache: CacheInfo): Promise<void> {
    this.#chosen = cache;
    this.#showCaches();
    putInto(cache);
    await this.#entries.choose(cache);
  }

  async #persist(): Promise<void> {
    const isPersistent = await requestPersistence();
    await showStorage();
    if (!isPersistent) find("storage", HTMLElement).append(" The browser did not promise it.");
  }
}

function isSame(cache: CacheInfo, other: CacheInfo | undefined): boolean {
  return cache.core === other?.core && cache.id === other.id;
}

async function showStorage(): Promise<void> {
  const info = await storageInfo();
  for (const id of ["usage", "persist"]) find(id, HTMLElement).hidden = info === undefined;
  if (info === undefined) {
    find("storage", HTMLElement).textContent = "This browser does not tell.";
    return;
  }
  const { usage, quota, isPersistent } = info;
  const kept = isPersistent ? "The browser promises to keep it." : "The browser may remove it when space is short.";
  find("storage", HTMLElement).textContent = `${sizeOf(usage)} of ${sizeOf(quota)} used. ${kept}`;
  find("usage", HTMLProgressElement).value = quota > 0 ? usage / quota : 0;
}
