/** One memoized function at work: asks the engine what to do and calls the user's function; must not know how keys are derived. */
import { after } from "../core/browser/soon.js";
import type { Clock } from "./clock.js";
import { messageOf, warn } from "./errors.js";
import { Front } from "./front.js";
import * as Engine from "./glue.js";
import { collect, traits } from "./glue.js";
import type { Home } from "./home.js";
import type { Policy } from "./policy.js";
import { isSameKey, nameOf, tell, type Key, type Keyer } from "./key.js";
import { Record, type Servable } from "./record.js";
import { isPrimitive } from "./shape.js";
import { estimateSize } from "./size.js";
import * as Step from "./step.js";
import { idOf, kindOf } from "./step.js";
import { requireRoom } from "./room.js";
import { outcomeOf, resultOf } from "./tasks.js";
import * as Trait from "./trait.js";
import type { AnyFunction, CacheEvent, Outcome } from "./types.js";
import { RUNNING, Untold } from "./untold.js";

/** Filled in by a call that was asked where its result came from. */
export interface Origin {
  outcome: Outcome;
  age: number;
}

/** One call, from the moment its key was taken. */
interface Call {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly key: Key;
  readonly policy: Policy | undefined;
  readonly origin: Origin | undefined;
  readonly isRefresh: boolean;
  /** Of a run that the engine was told of late. */
  ticket: number | undefined;
}

function callOf(self: unknown, args: readonly unknown[], key: Key, policy?: Policy, origin?: Origin): Call {
  return { self, args, key, policy, origin, isRefresh: false, ticket: undefined };
}

/** What a memoized function is made of. */
export interface Definition {
  readonly fn: AnyFunction;
  /** Makes the engine's part of it, which is collected with the cache. */
  readonly define: (cache: Cache) => Engine.Memoized;
  /** What the engine asks of the front, where that is known without it: it is made when it is first needed. */
  readonly traits: number | undefined;
  readonly keyOf: Keyer;
  readonly now: Clock;
  readonly isAsync: boolean;
  /** Where entries lie beyond the page. */
  readonly home: Home | undefined;
  /** Whether every result is a promise, whatever the function returns. */
  readonly isLater: boolean;
  readonly onEvent: ((event: CacheEvent) => void) | undefined;
}

/** How many functions of users are on the stack. */
let running = 0;

/** A memoized function's way through the engine. No WebAssembly frame is on the stack while the user's code runs. */
export class Cache {
  readonly isLater: boolean;
  /** The user's function. */
  readonly fn: AnyFunction;
  /** Where values lie that never become stale and are not evicted: to be found there is to be fresh. */
  readonly values = new Front<unknown>();
  /** Where the others lie, with what tells how long they may be served. */
  readonly records = new Front();
  /** Hits that the front served, while metrics are on. */
  hits = 0;
  readonly #define: (cache: Cache) => Engine.Memoized;
  #engine: Engine.Memoized | undefined;
  readonly #untold = new Untold<Call>();
  readonly #keyOf: Keyer;
  readonly now: Clock;
  readonly #onEvent: ((event: CacheEvent) => void) | undefined;
  readonly #home: Home | undefined;
  readonly #refreshes = new Set<Promise<void>>();
  #label: string | undefined;
  /** What the engine says of a record that was stored at 0: of any other it says as much, so much later. */
  #terms: Record | undefined;
  #isAsync: boolean;
  #traits = 0;
  /** Whether anything was calculated or stored since it was defined. */
  #holds = false;
  /** Whether the front finds everything that the engine holds for primitive arguments. */
  #isWhole = true;

  constructor(definition: Definition) {
    this.#define = definition.define;
    this.isLater = definition.isLater;
    this.#home = definition.home;
    this.fn = definition.fn;
    this.#keyOf = definition.keyOf;
    this.now = definition.now;
    this.#onEvent = definition.onEvent;
    this.#isAsync = definition.isAsync;
    if (definition.traits === undefined) this.#learn();
    else this.#traits = definition.traits;
  }

  /** What the engine asks of the front. */
  get traits(): number {
    return this.#traits;
  }

  /** The engine, which knows everything by now: whatever is asked of it, it is asked of this. */
  get engine(): Engine.Memoized {
    requireRoom();
    return this.inform();
  }

  /** The same where room was asked for already, as deep in the stack. */
  inform(): Engine.Memoized {
    const engine = this.#unaware;
    if (!this.#untold.isEmpty) this.#tellAll(engine);
    return engine;
  }

  /** The engine, whatever it knows. */
  get #unaware(): Engine.Memoized {
    return (this.#engine ??= this.#define(this));
  }

  /** Its name, and its version if it has one; asked of the engine when somebody wants to know. */
  get title(): string {
    return (this.#label ??= Engine.label(this.inform()));
  }

  /** A call that the quick path of the front did not serve. */
  call(self: unknown, args: readonly unknown[]): unknown {
    const key = this.#keyOf(self, args);
    return this.#goOn(self, args, key, this.values.find(key));
  }

  /** The same where nothing lies among the values under one or two arguments as they are. */
  missed(self: unknown, args: readonly unknown[]): unknown {
    const key = this.#keyOf(self, args);
    return this.#goOn(self, args, key, key.path === args && args.length < 3 ? undefined : this.values.find(key));
  }

  #goOn(self: unknown, args: readonly unknown[], key: Key, value: unknown): unknown {
    if (value !== undefined && value !== RUNNING) {
      this.hits++;
      return this.#told("hit", args, value);
    }
    const call = callOf(self, args, key);
    if (value === undefined && this.#mayTellLater(key)) return this.#calculateUntold(call);
    const record = this.records.find(key)?.served(this.now);
    return record === undefined ? this.#askInTurn(call) : this.#hit(record, args);
  }

  /** A call that always asks the engine. */
  callWith(self: unknown, args: readonly unknown[], policy?: Policy, origin?: Origin): unknown {
    return this.#ask(callOf(self, args, this.#keyOf(self, args), policy, origin));
  }

  /** Stores `value` as if a call with `args` had returned it. */
  precache(args: readonly unknown[], value: unknown): unknown {
    const key = this.#keyOf(undefined, args);
    const record = this.#recordOf(value);
    const size = this.#sizeOf(record);
    const { engine } = this;
    tell(key);
    return after(keepTold(engine, record, size, Date.now()), () => {
      this.#link(key, record);
      return value;
    });
  }

  /** Stores `value` under the canonical bytes of arguments, as of then. */
  keep(args: Uint8Array, value: unknown, storedAt: number): unknown {
    const record = this.#recordOf(value);
    const size = this.#sizeOf(record);
    const { engine } = this;
    Engine.spellBytes(args);
    this.#isWhole = false;
    return keepTold(engine, record, size, storedAt);
  }

  #recordOf(value: unknown): Record {
    return this.#record(this.#isAsync ? Promise.resolve(value) : value, value);
  }

  /** The engine, told of a call with `args`. */
  about(args: readonly unknown[]): Engine.Memoized {
    const key = this.#keyOf(undefined, args);
    const { engine } = this;
    tell(key);
    return engine;
  }

  /** Forgets every value. */
  clear(): unknown {
    this.#untold.forget();
    const { engine } = this;
    this.#forget();
    this.#isWhole = true;
    return resultOf(Engine.clearCache(engine));
  }

  /** The global parameters are others now: what the front holds was judged by the old ones. */
  policyChanged(): void {
    this.#forget();
    this.#isWhole &&= !this.#holds;
    this.#learn();
  }

  /** Settled when no refresh and no clean-up is under way. */
  async idle(): Promise<void> {
    while (this.#refreshes.size > 0) await Promise.all(this.#refreshes);
    await outcomeOf(Engine.drained(this.inform()));
  }

  /** What it asks of the front, and how long it lets it serve. */
  #learn(): Record {
    requireRoom();
    const terms = (this.#terms = new Record(undefined, undefined));
    this.#traits = traits(this.#unaware, terms);
    return terms;
  }

  #forget(): void {
    this.values.clear();
    this.records.clear();
  }

  #mayTellLater(key: Key): boolean {
    const isCommon = !this.#isAsync && key.isPlain && this.#isWhole;
    if (!isCommon || Trait.patienceOf(this.#traits) === 0 || this.#untold.isOutermost(key)) return false;
    return this.#has(Trait.ETERNAL) || this.records.find(key) === undefined;
  }

  #has(trait: number): boolean {
    return (this.#traits & trait) !== 0;
  }

  /** A run of which the engine is told if it is asked for anything meanwhile, or if it comes to what is no common value. */
  #calculateUntold(call: Call): unknown {
    const { runs } = this.#untold;
    const mark = runs.length > 0 ? this.values.put(call.key, RUNNING) : undefined;
    runs.push(call);
    let value: unknown;
    let isLater: boolean;
    try {
      value = this.#apply(call);
      isLater = isThenable(value);
      if (isLater || isNone(value)) {
        requireRoom();
        this.inform();
      }
    } catch (error) {
      runs.pop();
      mark?.remove(nameOf(call.key), RUNNING);
      return this.#fail(call, call.ticket, error);
    }
    runs.pop();
    if (call.ticket === undefined) return this.#storeUntold(call, value);
    mark?.remove(nameOf(call.key), RUNNING);
    return this.#conclude(call, call.ticket, value, isLater);
  }

  #storeUntold(call: Call, value: unknown): unknown {
    const storedAt = Date.now();
    if (this.#has(Trait.ETERNAL)) this.values.put(call.key, value);
    else this.#link(call.key, this.#untoldRecord(value, storedAt));
    this.#holds = true;
    if (this.#untold.store(call.key, storedAt) > Trait.patienceOf(this.#traits)) this.#tellResults(this.#unaware);
    return this.#told("computed", call.args, value);
  }

  /** A record that the engine has not got yet. */
  #untoldRecord(value: unknown, storedAt: number): Record {
    const record = new Record(value, value);
    const { validFrom, validUntil } = this.#terms ?? this.#learn();
    record.judged(storedAt, storedAt + validFrom, storedAt + validUntil);
    return record;
  }

  #tellAll(engine: Engine.Memoized): void {
    this.#tellResults(engine);
    for (const run of this.#untold.runs) this.#tellOfRun(engine, run);
  }

  #tellResults(engine: Engine.Memoized): void {
    this.#untold.drain((key, storedAt) => {
      // A record that lies in the front is found there, stale or not.
      const laid = this.#has(Trait.ETERNAL) ? undefined : this.records.find(key);
      const record = laid ?? this.#untoldRecord(this.values.find(key), storedAt);
      tell(key);
      Engine.keepResult(engine, record, storedAt);
      if (laid === undefined) this.#link(key, record);
    });
  }

  /** It was begun when nothing spoke against it, and nothing has happened since. */
  #tellOfRun(engine: Engine.Memoized, run: Call): void {
    if (run.ticket !== undefined) return;
    tell(run.key);
    const code = Engine.begin(engine);
    run.ticket = kindOf(code) === Step.CALCULATE ? idOf(code) : Step.NOTHING;
  }

  /** The result of a call whose listeners were told of it. */
  #told(outcome: Outcome, args: readonly unknown[], value: unknown): unknown {
    this.#emit(outcome, args);
    return value;
  }

  #hit(record: Servable, args: readonly unknown[]): unknown {
    record.used = true;
    this.hits++;
    return this.#told("hit", args, record.value);
  }

  /**
   * What takes time to read is read before the engine is asked, which need not be where that is fresh. Whoever calls from within
   * a function asks at once: the engine has to know who waits for whom.
   */
  #askInTurn(call: Call): unknown {
    return running === 0 && this.#home?.takesTime === true ? this.#read(call, this.#home) : this.#ask(call);
  }

  async #read(call: Call, home: Home): Promise<unknown> {
    requireRoom();
    tell(call.key);
    const name = Engine.nameToRead(this.#unaware);
    if (name === undefined) return this.#askLate(call);
    const found = home.get(name);
    // The engine is told of what went wrong.
    const record = await Promise.resolve(found).catch(() => undefined);
    if (record !== undefined && this.#takeIn(call, record)) return this.#told("hit", call.args, record.value);
    return home.handOver(name, found, () => this.#askLate(call));
  }

  /** Has the engine hold and judge what was read; whether it may be served, and then the front finds it too. */
  #takeIn(call: Call, record: Record): boolean {
    tell(call.key);
    Engine.holdRead(this.#unaware, record);
    const isFresh = record.served(this.now) !== undefined;
    if (isFresh) this.#link(call.key, record);
    return isFresh;
  }

  /** A call that waited for its turn: it calculates only for the arguments that it had. */
  #askLate(call: Call): unknown {
    const code = this.#begin(call);
    if (kindOf(code) !== Step.CALCULATE) return this.#follow(call, code);
    Engine.suspend(idOf(code));
    return this.#takeOver(call, idOf(code));
  }

  #ask(call: Call): unknown {
    return this.#follow(call, this.#begin(call));
  }

  #begin({ key, policy }: Call): number {
    const { engine } = this;
    tell(key);
    return policy === undefined ? Engine.begin(engine) : Engine.beginWith(engine, policy.id);
  }

  #follow(call: Call, code: number): unknown {
    const id = idOf(code);
    switch (kindOf(code)) {
      case Step.SERVE:
        return this.#serveFresh(call, id);
      case Step.SERVE_STALE:
        return this.#serve(call, "stale hit", this.#collect(id));
      case Step.SERVE_AND_REFRESH:
        return this.#serveAndRefresh(call, id);
      case Step.CALCULATE:
        return this.#calculate(call, id);
      case Step.WAIT:
        return this.#wait(call, id);
      case Step.WAITED:
        return this.#serve(call, "waited", this.#collect(id));
      case Step.FAIL:
        throw collect(id);
      default:
        return this.#bypass(call, id);
    }
  }

  #serveFresh(call: Call, id: number): unknown {
    const record = this.#collect(id);
    if (call.policy === undefined) this.#link(call.key, record);
    return this.#serve(call, "hit", record);
  }

  #serveAndRefresh(call: Call, id: number): unknown {
    const refresh = Engine.refreshOf(id);
    const record = this.#collect(id);
    this.#refreshLater({ ...call, origin: undefined, isRefresh: true }, refresh);
    return this.#serve(call, "stale hit", record);
  }

  #serve(call: Call, outcome: Outcome, record: Record): unknown {
    if (call.origin !== undefined) Object.assign(call.origin, { outcome, age: Date.now() - record.storedAt || 0 });
    return this.#told(outcome, call.args, record.value);
  }

  #bypass(call: Call, id: number = Step.NOTHING): unknown {
    if (call.origin !== undefined) call.origin.outcome = "bypassed";
    this.#emit("bypassed", call.args);
    const value = id === Step.NOTHING ? this.#run(call) : this.#runOnBehalf(call, id);
    return this.isLater ? Promise.resolve(value) : value;
  }

  /** Whoever asked for the run went on meanwhile. */
  #runOnBehalf(call: Call, id: number): unknown {
    Engine.enter(id);
    try {
      return this.#run(call);
    } finally {
      Engine.suspend(id);
      collect(id);
    }
  }

  /** While it runs, calls with the same key are the engine's. */
  #run(call: Call): unknown {
    if (Trait.patienceOf(this.#traits) === 0 || !call.key.isPlain || this.values.find(call.key) !== undefined) return this.#apply(call);
    const branch = this.values.put(call.key, RUNNING);
    this.#holds = true;
    try {
      return this.#apply(call);
    } finally {
      branch.remove(nameOf(call.key), RUNNING);
    }
  }

  #apply(call: Call): unknown {
    running++;
    try {
      return Reflect.apply(this.fn, call.self, call.args);
    } finally {
      running--;
    }
  }

  #calculate(call: Call, ticket: number): unknown {
    let value: unknown;
    let isLater: boolean;
    try {
      value = this.#run(call);
      isLater = this.isLater || isThenable(value);
    } catch (error) {
      return this.#fail(call, ticket, error);
    }
    return this.#conclude(call, ticket, value, isLater);
  }

  #conclude(call: Call, ticket: number, value: unknown, isLater: boolean): unknown {
    if (isLater) return this.#settle(call, ticket, value);
    return after(this.#finish(call, ticket, this.#record(value, value)), () => value);
  }

  #settle(call: Call, ticket: number, thenable: unknown): Promise<unknown> {
    this.#isAsync = true;
    Engine.suspend(ticket);
    // The record's value is the promise of the first caller itself: every caller is given the same one.
    const shared: Promise<unknown> = Promise.resolve(thenable).then(
      (settled) => after(this.#finish(call, ticket, this.#record(shared, settled)), () => settled),
      (error: unknown) => this.#fail(call, ticket, error),
    );
    return shared;
  }

  /** Whoever calls has the value; where that takes time, once it is stored. */
  #finish(call: Call, ticket: number, record: Record): unknown {
    const size = this.#sizeOf(record);
    const finished = resultOf(Engine.finish(this.inform(), ticket, record, size, isNone(record.settled)));
    return after(finished, () => {
      if (call.policy === undefined) this.#link(call.key, record);
      else this.#isWhole = false;
      if (call.origin !== undefined) call.origin.outcome = "computed";
      this.#emit(call.isRefresh ? "refreshed" : "computed", call.args);
    });
  }

  /** Nobody waits for a run that the engine was not told of. */
  #fail(call: Call, ticket: number | undefined, error: unknown): unknown {
    this.#emit("failed", call.args, error);
    if (ticket === undefined) throw error;
    return this.#follow(call, Engine.fail(ticket, error));
  }

  async #wait(call: Call, id: number): Promise<unknown> {
    let code = await outcomeOf(id);
    while (kindOf(code) === Step.WAIT) code = await outcomeOf(idOf(code));
    return kindOf(code) === Step.CALCULATE ? this.#takeOver(call, idOf(code)) : this.#follow(call, code);
  }

  /** The arguments are the caller's: they may have changed since the key was taken. */
  #takeOver(call: Call, ticket: number): unknown {
    if (!this.#hasKept(call)) {
      Engine.abandon(ticket);
      return this.#bypass(call);
    }
    Engine.enter(ticket);
    return this.#calculate(call, ticket);
  }

  #hasKept(call: Call): boolean {
    try {
      return isSameKey(call.key, this.#keyOf(call.self, call.args));
    } catch {
      return false;
    }
  }

  #refreshLater(call: Call, id: number): void {
    const refresh = nextTask()
      .then(() => this.#refresh(call, id))
      // The engine has reported it and backs off; callers still have the old value.
      .catch(() => undefined)
      .finally(() => this.#refreshes.delete(refresh));
    this.#refreshes.add(refresh);
  }

  async #refresh(call: Call, id: number): Promise<void> {
    if (!this.#hasKept(call)) {
      collect(id);
      return;
    }
    let code = Engine.beginRefresh(id);
    while (kindOf(code) === Step.WAIT) code = await outcomeOf(idOf(code));
    if (kindOf(code) !== Step.CALCULATE) return;
    Engine.enter(idOf(code));
    await this.#calculate(call, idOf(code));
  }

  #link(key: Key, record: Record): void {
    this.#holds = true;
    const isEternal = this.#has(Trait.ETERNAL);
    if (isEternal && record.validUntil === Infinity && !isNone(record.value)) {
      this.values.link(key, record, record.value);
      return;
    }
    // An entry may be evicted in the very moment it is stored; one that is to be read at each call nobody may hold.
    const held = record.isDropped ? this.#home?.noteOf(record) : record;
    const isServable = record.validUntil > Date.now();
    if (isEternal || !isServable) this.#isWhole = false;
    if (isServable && held !== undefined) this.records.link(key, held, held);
  }

  #record(value: unknown, settled: unknown): Record {
    return this.#home === undefined ? new Record(value, settled) : this.#home.record(value, settled);
  }

  #collect(id: number): Record {
    return collect(id) as Record;
  }

  #sizeOf(record: Record): number {
    if (this.#home !== undefined) return this.#home.sizeOf(record);
    return this.#has(Trait.WEIGHS) ? estimateSize(record.settled) : 0;
  }

  #emit(type: CacheEvent["type"], args: readonly unknown[], error?: unknown): void {
    if (this.#onEvent === undefined) return;
    try {
      this.#onEvent({ type, name: this.title, args, error });
    } catch (thrown) {
      warn(this.title, `onEvent threw: ${messageOf(thrown)}`);
    }
  }
}

/** Not unref'd: a program that awaits `idle()` must live until the refresh has run. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Stores what the engine was told of last. */
function keepTold(engine: Engine.Memoized, record: Record, size: number, storedAt: number): unknown {
  return resultOf(Engine.precache(engine, record, size, isNone(record.settled), storedAt));
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

/** May run a getter of the user's. */
export function isThenable(value: unknown): boolean {
  return !isPrimitive(value) && typeof (value as { then?: unknown }).then === "function";
}
