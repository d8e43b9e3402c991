/** The colours of the style sheet, for what is drawn on a canvas; in their light or dark form. Must not know what is drawn. */

const found = new Map<string, string>();
const dark = matchMedia("(prefers-color-scheme: dark)");

dark.addEventListener("change", () => found.clear());

/** The colour that a custom property stands for now. */
export function ink(property: string): string {
  const known = found.get(property);
  if (known !== undefined) return known;
  const color = lookUp(property);
  found.set(property, color);
  return color;
}

/** Of an element alone the browser says what `light-dark()` comes to. */
function lookUp(property: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Calls `redraw` when light and dark change places. */
export function onInkChange(redraw: () => void): void {
  dark.addEventListener("change", redraw);
}

/** The property that has the colour of an ending. */
export function inkNameOf(ending: string): string {
  return `--${ending.replaceAll(" ", "-")}`;
}
