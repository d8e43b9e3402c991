/** Polls what the engine runs beside calls, when it or a timer asks for that; must not know what it does. */
import { poll } from "./glue.js";

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
