/** Where hits are found without asking the engine: maps from arguments to records; must not know the engine, policy or time. */
import type { Key } from "./key.js";
import type { Record } from "./record.js";

/** One level of the front. It leaves its parent when its last record goes, so that nothing is held for values that are gone. */
export class Branch<Below = unknown> extends Map<unknown, Below> {
  readonly #parent: Branch | undefined;
  readonly #keyInParent: unknown;

  constructor(parent?: Branch, keyInParent?: unknown) {
    super();
    this.#parent = parent;
    this.#keyInParent = keyInParent;
  }

  /** The branch under `key`, grown if there is none. */
  grow(key: unknown): Branch {
    const found = this.get(key);
    if (found !== undefined) return found as Branch;
    const branch = new Branch(this, key);
    this.set(key, branch as Below);
    return branch;
  }

  /** Removes `below` from under `key`, unless something else has taken its place. */
  remove(key: unknown, below: unknown): void {
    if (this.get(key) !== below) return;
    this.delete(key);
    if (this.size === 0) this.#parent?.remove(this.#keyInParent, this);
  }
}

/** The records of one memoized function, by its arguments. */
export class Front {
  /** By one primitive argument; none counts as `undefined`. */
  readonly singles = new Branch<Record>();
  /** By two primitive arguments. */
  readonly pairs = new Branch<Branch<Record>>();
  readonly #longer: Branch[] = [];
  readonly #texts: Branch[] = [];

  /** The record under this key, fresh or not. */
  find(key: Key): Record | undefined {
    let level: unknown = this.#root(key);
    for (const part of key.path) {
      if (level === undefined) return undefined;
      level = (level as Branch).get(part);
    }
    return level as Record | undefined;
  }

  /** Makes `record` the one that calls with this key find. */
  link(key: Key, record: Record): void {
    const last = key.path.length - 1;
    let branch = this.#root(key);
    for (let index = 0; index < last; index++) branch = branch.grow(key.path[index]);
    const name = key.path[last];
    if (branch.get(name) === record) return;
    branch.set(name, record);
    record.placed(branch, name);
  }

  /** Forgets every record; the engine still holds them. */
  clear(): void {
    for (const root of [this.singles, this.pairs, this.#longer, this.#texts].flat()) unlinkAll(root);
  }

  #root(key: Key): Branch {
    const length = key.path.length;
    if (key.isText) return (this.#texts[length] ??= new Branch());
    if (length === 1) return this.singles;
    if (length === 2) return this.pairs;
    return (this.#longer[length] ??= new Branch());
  }
}

function unlinkAll(branch: Branch): void {
  for (const below of branch.values()) {
    if (below instanceof Branch) unlinkAll(below);
    else (below as Record).unlink();
  }
}
