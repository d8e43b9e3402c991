/** Where hits are found without asking the engine: maps from arguments to records or values; must not know the engine, policy or time. */
import { nameOf, type Key } from "./key.js";
import { Record } from "./record.js";

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

  /** Removes `below`, or what stands for it, from under `key`, unless something else has taken its place. */
  remove(key: unknown, below: unknown, standIn = below): void {
    const found: unknown = this.get(key);
    if (found !== below && found !== standIn) return;
    this.delete(key);
    if (this.size === 0) this.#parent?.remove(this.#keyInParent, this);
  }
}

/** What a memoized function holds, by its arguments: records, or values alone. */
export class Front<Found = Record> {
  /** By one primitive argument; none counts as `undefined`. */
  readonly singles = new Branch<Found>();
  /** By two primitive arguments. */
  readonly pairs = new Branch<Branch<Found>>();
  readonly #longer: Branch[] = [];
  readonly #others: Branch[] = [];

  /** What lies under this key, fresh or not. */
  find(key: Key): Found | undefined {
    let level: unknown = this.#root(key);
    for (const part of key.path) {
      if (level === undefined) return undefined;
      level = (level as Branch).get(part);
    }
    return level as Found | undefined;
  }

  /** Lays `found` under this key; the branch it lies on. */
  put(key: Key, found: Found): Branch {
    const last = key.path.length - 1;
    let branch = this.#root(key);
    for (let index = 0; index < last; index++) branch = branch.grow(key.path[index]);
    return branch.set(nameOf(key), found);
  }

  /** Makes what is `found` the one that calls with this key find; the record remembers where that is. */
  link(key: Key, record: Record, found: Found): void {
    record.placed(this.put(key, found), nameOf(key));
  }

  /** Forgets everything; the engine still holds it. */
  clear(): void {
    for (const root of [this.singles, this.pairs, this.#longer, this.#others].flat()) {
      unlinkAll(root);
      root.clear();
    }
  }

  #root(key: Key): Branch {
    const length = key.path.length;
    if (!key.isPlain) return (this.#others[length] ??= new Branch());
    if (length === 1) return this.singles;
    if (length === 2) return this.pairs;
    return (this.#longer[length] ??= new Branch());
  }
}

function unlinkAll(branch: Branch): void {
  for (const below of branch.values()) {
    if (below instanceof Branch) unlinkAll(below);
    else if (below instanceof Record) below.unlink();
  }
}
