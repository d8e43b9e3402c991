/**
 * Plain objects of a few members taken apart: their names, known once for all objects that have them in the same order, and their
 * values; must not know who finds what by these.
 */
import { hasJson, isRecord, sent, spellText, spellValue } from "./spelling.js";

/** Objects of more shapes than that are told apart in another way: they may be dictionaries, whose names never end. */
const MOST = 1000;

const { hasOwnProperty: isOwn } = Object.prototype;
let count = 0;

/** Names in their order. What follows it in a path are as many values. */
class Shape {
  readonly #longer = new Map<string, Shape>();

  constructor(readonly names: readonly string[]) {}

  /** The shape with one name more; none once there are too many. */
  and(name: string): Shape | undefined {
    const found = this.#longer.get(name);
    if (found !== undefined || count === MOST) return found;
    count++;
    const longer = new Shape([...this.names, name]);
    this.#longer.set(name, longer);
    return longer;
  }
}

const NO_NAMES = new Shape([]);

/** Symbols are left to the spelling, which refuses them. */
export function isPrimitive(value: unknown): boolean {
  if (value === null) return true;
  const type = typeof value;
  return type !== "object" && type !== "function" && type !== "symbol";
}

/**
 * Appends the shape of a plain object and its values to a path of no more than `longest` parts; whether these are primitive, and all
 * there is to it.
 */
export function unfold(value: unknown, path: unknown[], longest: number): boolean {
  if (typeof value !== "object" || value === null || !isRecord(value) || hasJson(value)) return false;
  const place = path.push(undefined) - 1;
  let shape: Shape | undefined = NO_NAMES;
  for (const name in value) {
    if (!isOwn.call(value, name)) continue;
    const member = value[name];
    if (!isPrimitive(member) || path.push(member) > longest) return false;
    shape = shape.and(name);
    if (shape === undefined) return false;
  }
  path[place] = shape;
  return true;
}

/** The spelling of arguments that are primitive, or a shape and its values. */
export function spellUnfolded(path: readonly unknown[]): string {
  let index = 0;
  const next = (): string => {
    const part = path[index++];
    return part instanceof Shape ? `{${part.names.map((name) => spellText(name) + next()).join("")}}` : spellValue(part, 0);
  };
  let text = "";
  while (index < path.length) text += next();
  return sent(text);
}
