/**
 * Small plain objects and lists taken apart: what they are made of, known once for all that are made alike, and their values; must not
 * know who finds what by these.
 */
import { hasJson, isRecord, sent, spellText, spellValue } from "./spelling.js";

/** Objects of more shapes than that are told apart in another way: they may be dictionaries, whose names never end. */
const MOST = 1000;

/** What has more names and items than that, or leads back to itself, is told apart in another way as well. */
const LONGEST = 24;

const { hasOwnProperty: isOwn } = Object.prototype;
const { isArray } = Array;

/** What a shape has more than the one before it, where that is not the name of a member, and how that is spelled. */
const ITEM = 0;
const RECORD = 1;
const LIST = 2;
const SPELLED = ["", "{", "[", "}", "]"];
/** From what begins an object to what ends it. */
const TO_END = 2;
type Step = string | number;

let count = 0;

/** Names and items in their order. Where one is an object itself, its own follow, and an end. Behind a shape in a path stand its values. */
class Shape {
  readonly #longer = new Map<Step, Shape>();

  constructor(
    readonly kind: number,
    readonly steps: readonly Step[],
  ) {}

  /** The shape with one step more; none once there are too many. */
  and(step: Step): Shape | undefined {
    const found = this.#longer.get(step);
    if (found !== undefined || count === MOST || this.steps.length === LONGEST) return found;
    count++;
    const longer = new Shape(this.kind, [...this.steps, step]);
    this.#longer.set(step, longer);
    return longer;
  }
}

/** Where an argument begins. It has no end. */
const RECORDS = new Shape(RECORD, []);
const LISTS = new Shape(LIST, []);

/** Symbols are left to the spelling, which refuses them. */
export function isPrimitive(value: unknown): boolean {
  if (value === null) return true;
  const type = typeof value;
  return type !== "object" && type !== "function" && type !== "symbol";
}

/**
 * Appends the shape of a plain object or a list, and its values, to a path of no more than `longest` parts; whether these are primitive,
 * and all there is to it.
 */
export function unfold(value: unknown, path: unknown[], longest: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const place = path.push(undefined) - 1;
  path[place] = withContent(isArray(value) ? LISTS : RECORDS, value, path, longest);
  return path[place] !== undefined;
}

function withContent(shape: Shape | undefined, value: object, path: unknown[], longest: number): Shape | undefined {
  if (isArray(value)) return withItems(shape, value, path, longest);
  return isRecord(value) && !hasJson(value) ? withMembers(shape, value, path, longest) : undefined;
}

function withMembers(shape: Shape | undefined, record: Record<string, unknown>, path: unknown[], longest: number): Shape | undefined {
  for (const name in record) {
    if (!isOwn.call(record, name)) continue;
    shape = withValue(shape?.and(name), record[name], path, longest);
    if (shape === undefined) return undefined;
  }
  return shape;
}

function withItems(shape: Shape | undefined, list: readonly unknown[], path: unknown[], longest: number): Shape | undefined {
  let index = 0;
  // As it is spelled: its iterator may be the user's.
  while (index < list.length) {
    shape = withValue(shape?.and(ITEM), list[index++], path, longest);
    if (shape === undefined) return undefined;
  }
  return shape;
}

function withValue(shape: Shape | undefined, value: unknown, path: unknown[], longest: number): Shape | undefined {
  if (isPrimitive(value)) return path.push(value) > longest ? undefined : shape;
  if (shape === undefined || typeof value !== "object" || value === null) return undefined;
  const kind = isArray(value) ? LIST : RECORD;
  return withContent(shape.and(kind), value, path, longest)?.and(kind + TO_END);
}

/** The spelling of arguments that are primitive, or a shape and its values. */
export function spellUnfolded(path: readonly unknown[]): string {
  const parts = path.values();
  let text = "";
  for (const part of parts) text += part instanceof Shape ? spellShape(part, parts) : spellValue(part, 0);
  return sent(text);
}

function spellShape({ kind, steps }: Shape, values: Iterator<unknown>): string {
  let text = SPELLED[kind] ?? "";
  steps.forEach((step, index) => {
    const isObject = steps[index + 1] === RECORD || steps[index + 1] === LIST;
    text += typeof step === "string" ? spellText(step) : (SPELLED[step] ?? "");
    if (!isObject && (typeof step === "string" || step === ITEM)) text += spellValue(values.next().value, 0);
  });
  return text + (SPELLED[kind + TO_END] ?? "");
}
