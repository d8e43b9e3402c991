/** Finding and making elements. Must not know what they show. */

/** The element of this id, which the page has. */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

type Properties<Tag extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[Tag], "style">>;

/** An element with these properties and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<Tag> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Calls `action` when the button of this id is pressed. */
export function onPress(id: string, action: () => void): HTMLButtonElement {
  const button = find(id, HTMLButtonElement);
  button.addEventListener("click", action);
  return button;
}

/** A description list's pairs. */
export function pairs(shown: Record<string, string | number>): HTMLElement[] {
  return Object.entries(shown).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, String(value))));
}
