/** The playground: a function, its options, its calls. Must not know how calls are listed or drawn. */
import type { CacheEvent, Metrics, Provenance } from "cachier";
import { defineFunction, type Memoized } from "./definition.js";
import { find, make, onPress, pairs } from "./dom.js";
import { Fields } from "./fields.js";
import { millisOf, showFreshness } from "./freshness.js";
import { moods, tile, watched, works, type Parameter, type Work } from "./functions.js";
import { durationOf, type Call, type Journal } from "./journal.js";
import { callGroups, definitionGroups } from "./options.js";
import { keepForm } from "./settings.js";
import { ageOf, messageOf, sizeOf, tookOf } from "./words.js";

const AT_ONCE = 64;

/** The playground of one page. */
export class Playground {
  readonly #journal: Journal;
  readonly #form = find("playground-form", HTMLFormElement);
  readonly #work = find("work", HTMLSelectElement);
  readonly #mood = find("mood", HTMLSelectElement);
  readonly #status = find("latest", HTMLElement);
  readonly #result = find("result", HTMLElement);
  readonly #definition = new Fields(find("definition", HTMLElement), "define", definitionGroups);
  readonly #perCall = new Fields(find("per-call", HTMLElement), "call", callGroups);
  readonly #left = find("left", HTMLElement);
  #memoized: Memoized | undefined;
  #defined = "";
  #storedAt: number | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
    this.#work.append(...works.map(({ title }) => make("option", {}, title)));
    this.#mood.append(...moods.map((mood) => make("option", {}, mood)));
    this.#showArguments();
    keepForm(this.#form, () => this.#showArguments());
    this.#connect();
    this.#check();
    setInterval(() => this.#showAge(), 1_000);
  }

  #connect(): void {
    this.#work.addEventListener("change", () => this.#showArguments());
    this.#form.addEventListener("change", () => this.#check());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#call(1);
    });
    onPress("many", () => void this.#call(AT_ONCE));
    onPress("peek", () => void this.#tell((f) => this.#peek(f)));
    onPress("remove", () => void this.#tell((f) => this.#remove(f)));
    onPress("clear", () => void this.#tell(clear));
    onPress("free", () => void this.#tell(free));
  }

  get #chosen(): Work {
    return works[this.#work.selectedIndex] ?? tile;
  }

  #showArguments(): void {
    const { parameters, name } = this.#chosen;
    find("arguments", HTMLElement).replaceChildren(...parameters.map(chooser));
    const names = works.map((work) => work.name);
    this.#definition.suggest("name", name, names);
  }

  #args(): unknown[] {
    const choosers = [...this.#form.querySelectorAll<HTMLSelectElement>("#arguments select")];
    return this.#chosen.parameters.map(({ choices }, at) => choices[choosers[at]?.selectedIndex ?? 0]?.[1]);
  }

  /** Defines the function anew if its options have changed, and shows what is wrong with them. */
  #check(): Memoized | undefined {
    for (const fields of [this.#definition, this.#perCall]) fields.clearReports();
    const memoized = this.#attempt(this.#definition, () => this.#define());
    if (memoized === undefined) return undefined;
    return this.#attempt(this.#perCall, () => (memoized.with(this.#perCall.values()), memoized));
  }

  #attempt(fields: Fields, define: () => Memoized): Memoized | undefined {
    try {
      return define();
    } catch (thrown) {
      if (!fields.report(thrown)) this.#say(messageOf(thrown));
      return undefined;
    }
  }

  #define(): Memoized {
    const options = this.#definition.values();
    const defined = JSON.stringify([this.#chosen.name, options, String(options["key"])]);
    if (this.#memoized !== undefined && this.#defined === defined) return this.#memoized;
    const run = watched(this.#chosen.run, { mood: () => moods[this.#mood.selectedIndex] ?? moods[0], begin: () => this.#journal.beginRun() });
    this.#memoized = undefined;
    this.#memoized = defineFunction(run, options, (event) => this.#hear(event));
    this.#defined = defined;
    return this.#memoized;
  }

  async #call(count: number): Promise<void> {
    const memoized = this.#check();
    if (memoized === undefined) {
      this.#goToWrongField();
      return;
    }
    const { show } = this.#chosen;
    const [args, view] = [this.#args(), memoized.with(this.#perCall.values())];
    const results = await Promise.all(Array.from({ length: count }, () => this.#callOnce(() => view.trace(...args), args)));
    const [first] = results.filter((result) => result !== undefined);
    if (first !== undefined) this.#show(first, show);
    await this.#showMetrics(memoized);
    void memoized.idle().then(() => this.#showMetrics(memoized));
  }

  #show({ value, age }: Provenance<unknown>, show: (value: unknown) => Node): void {
    this.#result.replaceChildren(pictureOf(value, show));
    this.#storedAt = Date.now() - age;
    this.#showAge();
  }

  /** How old the value is that was served last, and what is left of its time. */
  #showAge(): void {
    if (this.#storedAt === undefined) return;
    const age = Date.now() - this.#storedAt;
    showFreshness(this.#left, age, millisOf(this.#definition.values()["staleAfter"]));
    find("age", HTMLElement).textContent = `Stored ${age < 1_000 ? "just now" : `${ageOf(age)} ago`}.`;
  }

  async #callOnce(trace: () => Provenance<unknown> | Promise<Provenance<unknown>>, args: unknown[]): Promise<Provenance<unknown> | undefined> {
    const call = this.#journal.begin(labelOf(this.#chosen.name, args));
    try {
      const given = trace();
      const result = given instanceof Promise ? await given : given;
      this.#journal.end(call, result.outcome, result.age);
      this.#say(sentenceOf(call));
      return result;
    } catch (thrown) {
      this.#journal.end(call, "failed", 0);
      this.#say(`${call.label} failed: ${messageOf(thrown)}.`);
      return undefined;
    }
  }

  async #tell(ask: (memoized: Memoized) => Promise<string>): Promise<void> {
    const memoized = this.#check();
    if (memoized === undefined) {
      this.#goToWrongField();
      return;
    }
    this.#say(await ask(memoized).catch(messageOf));
    await this.#showMetrics(memoized);
  }

  async #peek(memoized: Memoized): Promise<string> {
    const args = this.#args();
    const value = await memoized.peek(...args);
    if (value === undefined) return "Nothing is stored for these arguments.";
    this.#result.replaceChildren(pictureOf(value, this.#chosen.show));
    return `Stored under the key ${memoized.keyOf(...args)}; nothing was called.`;
  }

  async #remove(memoized: Memoized): Promise<string> {
    return (await memoized.remove(...this.#args())) ? "The entry was removed." : "There was no such entry.";
  }

  /** The outcomes of calls are known already. */
  #hear({ type, name, args }: CacheEvent): void {
    if (type !== "refreshed" && type !== "failed") return;
    this.#journal.note({ type, label: labelOf(name, args) });
  }

  async #showMetrics(memoized: Memoized): Promise<void> {
    const metrics = await memoized.metrics();
    find("metrics", HTMLElement).replaceChildren(...pairs(metrics === null ? {} : shownOf(metrics)));
  }

  #goToWrongField(): void {
    this.#form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }
}

async function clear(memoized: Memoized): Promise<string> {
  await memoized.clearCache();
  return "The cache is empty: the next call calculates.";
}

async function free(memoized: Memoized): Promise<string> {
  await memoized.clearBeingCalculated();
  return "Every claim is free, and whoever waited was woken.";
}

function chooser({ label, choices, initial }: Parameter, at: number): HTMLElement {
  const id = `argument-${at}`;
  const select = make("select", { id, name: id }, ...choices.map(([text]) => make("option", {}, text)));
  select.selectedIndex = initial;
  return make("div", { className: "field" }, make("label", { htmlFor: id }, label), select);
}

function pictureOf(value: unknown, show: (value: unknown) => Node): Node {
  return value === undefined ? make("p", { className: "figure" }, "undefined") : show(value);
}

function labelOf(name: string, args: readonly unknown[]): string {
  return `${name}(${args.map((argument) => JSON.stringify(argument)).join(", ")})`;
}

function sentenceOf(call: Call): string {
  const { label, ending = "", age = 0 } = call;
  return `${label}: ${ending}, ${age > 0 ? `${ageOf(age)} old` : "new"}, in ${tookOf(durationOf(call))}.`;
}

function shownOf({ hits, staleHits, computed, waited, bypassed, refreshes, evictions, entries, bytes }: Metrics): Record<string, string | number> {
  return { hits, "stale hits": staleHits, waited, computed, bypassed, refreshes, evictions, entries, size: sizeOf(bytes) };
}
