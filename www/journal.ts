/** What has happened on this page: calls and runs of functions, in order. Must not know how it is shown. */
import type { Outcome } from "cachier";

/** How a call ended. */
export type Ending = Outcome | "failed";

export const endings: readonly Ending[] = ["hit", "stale hit", "waited", "computed", "bypassed", "failed"];

/** From a moment to another, in milliseconds of `performance.now()`. */
export interface Span {
  readonly start: number;
  end?: number;
}

/** One call of a memoized function. */
export interface Call extends Span {
  readonly number: number;
  readonly label: string;
  ending?: Ending;
  age?: number;
}

/** Something that is told of outside a call: the end of a refresh. */
export interface Notice {
  readonly label: string;
  readonly type: "refreshed" | "failed";
}

/** What is told: a change of a call or a run, or a notice. */
export type News = { call: Call } | { run: Span } | { notice: Notice };

const MOST_KEPT = 2_000;

/** The journal of one page. */
export class Journal {
  readonly calls: Call[] = [];
  readonly runs: Span[] = [];
  readonly #listeners: ((news: News) => void)[] = [];
  #count = 0;

  /** Calls `listener` at each change. */
  listen(listener: (news: News) => void): void {
    this.#listeners.push(listener);
  }

  /** A call begins. */
  begin(label: string): Call {
    const call: Call = { number: ++this.#count, label, start: performance.now() };
    keep(this.calls, call);
    this.#tell({ call });
    return call;
  }

  /** A call has ended. */
  end(call: Call, ending: Ending, age: number): void {
    Object.assign(call, { end: performance.now(), ending, age });
    this.#tell({ call });
  }

  /** A function begins to run; call what is returned when it has ended. */
  beginRun(): () => void {
    const run: Span = { start: performance.now() };
    keep(this.runs, run);
    this.#tell({ run });
    return () => {
      run.end = performance.now();
      this.#tell({ run });
    };
  }

  /** Something is to be known. */
  note(notice: Notice): void {
    this.#tell({ notice });
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}

function keep<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > MOST_KEPT) list.shift();
}

/** How long a call took, if it has ended. */
export function tookOf({ start, end }: Span): number | undefined {
  return end === undefined ? undefined : end - start;
}
