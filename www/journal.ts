/** What has happened on this page: calls and runs of functions, in order. Must not know how it is shown. */
import type { Outcome } from "cachier";

/** How a call ended. */
export type Ending = Outcome | "failed";

export const endings: readonly Ending[] = ["hit", "stale hit", "waited", "computed", "bypassed", "failed"];

/** From a moment to another. */
export interface Span {
  readonly start: number;
  readonly end?: number;
}

/** One call of a memoized function. */
export interface Call extends Span {
  readonly number: number;
  readonly label: string;
  readonly ending?: Ending;
  readonly age?: number;
}

/** Something that is told of outside a call: the end of a refresh. */
export interface Notice {
  readonly label: string;
  readonly type: "refreshed" | "failed";
}

/** What is told: the end of a call, or a notice. */
export type News = { call: Call } | { notice: Notice };

const MOST_KEPT = 2_000;

/** Now, in milliseconds since the epoch and finer: the same in all tabs. */
export function moment(): number {
  return performance.timeOrigin + performance.now();
}

/** The journal of one page. */
export class Journal {
  readonly calls: Call[] = [];
  readonly runs: Span[] = [];
  readonly #listeners: ((news: readonly News[]) => void)[] = [];
  #untold: News[] = [];
  #count = 0;

  /** Calls `listener` with what is new, when what happens now is over: who listens does not slow it down. */
  listen(listener: (news: readonly News[]) => void): void {
    this.#listeners.push(listener);
  }

  /** A call begins. */
  begin(label: string): Call {
    const call: Call = { number: ++this.#count, label, start: moment() };
    keep(this.calls, call);
    return call;
  }

  /** A call has ended. */
  end(call: Call, ending: Ending, age: number): void {
    Object.assign(call, { end: moment(), ending, age });
    this.#tell({ call });
  }

  /** A function begins to run; call what is returned when it has ended. */
  beginRun(): () => void {
    const run: Span = { start: moment() };
    keep(this.runs, run);
    return () => void Object.assign(run, { end: moment() });
  }

  /** Something is to be known. */
  note(notice: Notice): void {
    this.#tell({ notice });
  }

  #tell(news: News): void {
    this.#untold.push(news);
    if (this.#untold.length === 1) setTimeout(() => this.#tellAll());
  }

  #tellAll(): void {
    const news = this.#untold;
    this.#untold = [];
    for (const listener of this.#listeners) listener(news);
  }
}

function keep<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > MOST_KEPT) list.shift();
}

/** How long something that has ended took. */
export function durationOf({ start, end = start }: Span): number {
  return end - start;
}
