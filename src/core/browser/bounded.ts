/** What a function's part of either store knows without asking it: its bounds, and what this tab has heard; must not know the store. */
import type { PartOptions } from "./store.js";
import { watch, type Watch } from "./watch.js";

/** What the parts of both stores begin with. */
export abstract class Bounded {
  protected readonly terms: PartOptions;
  protected readonly watch: Watch;

  constructor(place: string, options: PartOptions) {
    this.terms = options;
    this.watch = watch(place);
    this.watch.join(options);
  }

  /** How many entries were evicted from here. */
  get evicted(): number {
    return this.watch.evicted;
  }

  /** A number that moves whenever an entry of this name may have changed. */
  version(name: string): number {
    return this.watch.version(name);
  }

  protected get isBounded(): boolean {
    return this.terms.maxEntries !== Infinity || this.terms.maxBytes !== Infinity;
  }

  /** Whether an entry of this size could be kept, were it the only one. */
  protected canHold(size: number): boolean {
    return this.hasRoom(0, 0, size);
  }

  /** Whether an entry of this size fits beside what there is. */
  protected hasRoom(entries: number, bytes: number, size: number): boolean {
    return entries < this.terms.maxEntries && bytes + size <= this.terms.maxBytes;
  }

  protected noteUse(name: string): void {
    if (this.isBounded) this.watch.noteUse(name);
  }
}
