/** Polls what the engine runs beside calls, when it, a timer or a promise asks for that; must not know what it does. */
import { collect, poll } from "./glue.js";
import * as Step from "./step.js";
import { idOf, kindOf, NOTHING } from "./step.js";

const timers = new Map<number, ReturnType<typeof setTimeout>>();
const resolvers = new Map<number, (code: number) => void>();

/** What a task comes to. */
export function outcomeOf(task: number): Promise<number> {
  wakeTask(task);
  return new Promise((resolve) => resolvers.set(task, resolve));
}

/** Called by the engine. */
export function wakeTask(task: number): void {
  queueMicrotask(() => goOn(task, false));
}

/** Called by the engine. */
export function startTimer(task: number, millis: number): void {
  timers.set(task, setTimeout(goOn, millis, task, true));
}

/** Called by the engine. */
export function stopTimer(task: number): void {
  clearTimeout(timers.get(task));
  timers.delete(task);
}

function goOn(task: number, rang: boolean): void {
  const code = poll(task, rang);
  if (Number.isNaN(code)) return;
  resolvers.get(task)?.(code);
  resolvers.delete(task);
}

/** What a promise comes to, for the engine, which asks by name. */
class Reply {
  isThere = false;
  #value: unknown;
  #isFailure = false;

  constructor(promise: Promise<unknown>, task: number) {
    const settle = (value: unknown, isFailure: boolean): void => {
      [this.#value, this.#isFailure, this.isThere] = [value, isFailure, true];
      goOn(task, false);
    };
    promise.then(
      (value) => settle(value, false),
      (error: unknown) => settle(error, true),
    );
  }

  take(): unknown {
    if (this.#isFailure) throw this.#value;
    return this.#value;
  }
}

/** Called by the engine: what is no promise needs no waiting. */
export function replyOf(answer: unknown, task: number): Reply | undefined {
  return answer instanceof Promise ? new Reply(answer, task) : undefined;
}

/** What the engine hands over or throws, at once or in a promise. */
export function resultOf(code: number): unknown {
  const id = idOf(code);
  switch (kindOf(code)) {
    case Step.WAIT:
      return outcomeOf(id).then(resultOf);
    case Step.FAIL:
      throw collect(id);
    default:
      return id === NOTHING ? undefined : collect(id);
  }
}
