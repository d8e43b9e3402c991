/**
 * Plain objects of a few members taken apart: their names, known once for all objects that have them in the same order, and their
 * values; must not know who finds what by these.
 */
import { sent, spellText, spellValue } from "./spelling.js";

/** Objects of more shapes than that are told apart in another way: they may be dictionaries, whose names never end. */
const MOST = 1000;

const { getPrototypeOf, prototype: plain } = Object;
const { hasOwnProperty: isOwn } = plain;
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

/** Appends the shape of a plain object and its values to a path of no more than `longest` parts; whether that is all there is to it. */
export function unfold(value: unknown, isFit: (member: unknown) => boolean, path: unknown[], longest: number): boolean {
  if (!isPlain(value)) return false;
  const place = path.push(undefined) - 1;
  let shape: Shape | undefined = NO_NAMES;
  for (const name in value) {
    if (!isOwn.call(value, name)) continue;
    const member = value[name];
    if (!isFit(member) || path.push(member) > longest) return false;
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

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = getPrototypeOf(value);
  return (prototype === plain || prototype === null) && typeof (value as { toJSON?: unknown }).toJSON !== "function";
}
