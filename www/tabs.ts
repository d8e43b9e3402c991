/** One function, called in several tabs: one calculates, the others wait and receive. Must not know how tabs hear of each other. */
import type { Outcome } from "cachier";
import { defineFunction, type Memoized } from "./definition.js";
import { find, make, onPress } from "./dom.js";
import { readFile } from "./functions/file.js";
import { inkNameOf } from "./ink.js";
import { moment, type Span } from "./journal.js";
import { Neighbours } from "./neighbours.js";
import { keepForm } from "./settings.js";
import { drawTimeline, type Bar } from "./timeline.js";
import { ageOf, messageOf, tookOf } from "./words.js";

/** What is called: the same in every tab, or it would not be the same call. */
interface Order {
  readonly core: string;
  readonly delay: number;
}

/** What the function gives: it says which tab has made it. */
interface Made {
  readonly by: number;
  readonly text: string;
}

type Activity = "idle" | "waiting" | "calculating";

interface Step extends Span {
  readonly activity: Exclude<Activity, "idle">;
}

/** How the last call of a tab ended. */
interface Last {
  readonly outcome: Outcome | "failed";
  readonly by: string;
  readonly age: number;
  readonly took: number;
}

/** What a tab tells of itself. */
interface State {
  readonly activity: Activity;
  readonly steps: readonly Step[];
  readonly last?: Last;
}

const MOST_STEPS = 20;

/** Joins the tabs that are open, and shows what becomes of calls in them. */
export async function openTabs(): Promise<void> {
  const listener = { changed: (): void => undefined, ordered: (): void => undefined };
  const tabs = new Tabs(await Neighbours.join<State, Order>(listener));
  Object.assign(listener, { changed: () => tabs.show(), ordered: (order: Order) => void tabs.call(order) });
  tabs.connect();
}

class Tabs {
  readonly #neighbours: Neighbours<State, Order>;
  readonly #functions = new Map<string, Memoized>();
  readonly #core = find("tabs-core", HTMLSelectElement);
  readonly #delay = find("tabs-delay", HTMLSelectElement);
  #state: State = { activity: "idle", steps: [] };

  constructor(neighbours: Neighbours<State, Order>) {
    this.#neighbours = neighbours;
  }

  connect(): void {
    const form = find("tabs-form", HTMLFormElement);
    keepForm(form, () => undefined);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#neighbours.order(this.#order);
    });
    onPress("call-here", () => void this.call(this.#order));
    onPress("clear-shared", () => void this.#function(this.#order.core).clearCache());
    drawTimeline(find("tabs-timeline", HTMLElement), { lanes: () => this.#numbers().map(nameOf), bars: () => this.#bars() });
    this.#tell({});
  }

  /** Calls, and tells all tabs what becomes of it. */
  async call({ core, delay }: Order): Promise<void> {
    if (this.#state.activity !== "idle") return;
    const start = moment();
    this.#begin("waiting");
    const last = await this.#outcomeOf(this.#function(core), delay);
    this.#begin("idle");
    this.#tell({ last: { ...last, took: moment() - start } });
  }

  async #outcomeOf(memoized: Memoized, delay: number): Promise<Omit<Last, "took">> {
    try {
      const { value, outcome, age } = await memoized.trace(delay);
      return { outcome, age, by: nameOf((value as Made).by) };
    } catch (thrown) {
      return { outcome: "failed", age: 0, by: messageOf(thrown) };
    }
  }

  get #order(): Order {
    return { core: this.#core.value, delay: Number(this.#delay.value) };
  }

  #function(core: string): Memoized {
    const known = this.#functions.get(core);
    if (known !== undefined) return known;
    const made = defineFunction(async (delay) => this.#make(delay as number), { core, name: "shared by tabs", staleAfter: "10s" });
    this.#functions.set(core, made);
    return made;
  }

  async #make(delay: number): Promise<Made> {
    this.#begin("calculating");
    const { text } = await readFile("note.txt", delay);
    return { by: this.#neighbours.number, text };
  }

  /** Ends what this tab does, and begins something else. */
  #begin(activity: Activity): void {
    const now = moment();
    const ended = this.#state.steps.map((step) => (step.end === undefined ? { ...step, end: now } : step));
    const steps = activity === "idle" ? ended : [...ended, { activity, start: now }].slice(-MOST_STEPS);
    this.#tell({ activity, steps });
  }

  #tell(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#neighbours.tell(this.#state);
  }

  #numbers(): number[] {
    return [...this.#neighbours.states.keys()].sort((left, right) => left - right);
  }

  #bars(): Bar[] {
    return [...this.#neighbours.states].flatMap(([number, { steps }]) =>
      steps.map(({ activity, start, end }) => ({ lane: nameOf(number), color: inkNameOf(activity), start, ...(end !== undefined && { end }) })),
    );
  }

  /** Shows what is known of all tabs. */
  show(): void {
    const { number: own, states } = this.#neighbours;
    find("tabs-list", HTMLElement).replaceChildren(...this.#numbers().map((number) => rowOf(number, number === own, states.get(number))));
    const sentence = sentenceOf(own, states.get(own), this.#numbers().length);
    const status = find("tabs-status", HTMLElement);
    if (status.textContent !== sentence) status.textContent = sentence;
  }
}

function nameOf(number: number): string {
  return `Tab ${number}`;
}

function rowOf(number: number, isOwn: boolean, { activity, last }: State = { activity: "idle", steps: [] }): HTMLTableRowElement {
  const name = make("th", { scope: "row" }, isOwn ? `${nameOf(number)} (this one)` : nameOf(number));
  const ended = last === undefined ? ["", "", "", ""] : [last.outcome, last.by, ageOf(last.age), tookOf(last.took)];
  const row = make("tr", {}, name, ...[activity, ...ended].map((text) => make("td", {}, text)));
  row.dataset["activity"] = activity;
  row.dataset["outcome"] = last?.outcome ?? "";
  return row;
}

function sentenceOf(own: number, state: State | undefined, count: number): string {
  if (state?.activity === "calculating") return "This tab calculates.";
  if (state?.activity === "waiting") return "This tab waits for the value.";
  if (state?.last !== undefined) return `${state.last.outcome}: this tab has the value that ${state.last.by} made.`;
  return count > 1 ? `This is tab ${own} of ${count}. Call in all of them.` : `This is tab ${own}, and the only one: open another.`;
}
