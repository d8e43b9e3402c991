/** The rows of a table that changes while it is used. Must not know what they show. */

/** How items become rows. */
export interface Rows<Item> {
  /** What tells an item from the others. */
  key(item: Item): string;
  make(item: Item): HTMLTableRowElement;
  /** Brings a row up to date. */
  update(row: HTMLTableRowElement, item: Item): void;
}

/** Makes the rows of `body` those of `items`. A row that stays is the same element: what has the focus in it keeps it. */
export function showRows<Item>(body: HTMLElement, items: readonly Item[], rows: Rows<Item>): void {
  const there = new Map([...body.children].map((row) => [(row as HTMLElement).dataset["key"], row as HTMLTableRowElement]));
  const wanted = items.map((item) => rowFor(there.get(rows.key(item)), item, rows));
  for (const row of there.values()) if (!wanted.includes(row)) removeRow(row);
  wanted.forEach((row, at) => {
    if (body.children[at] !== row) body.insertBefore(row, body.children[at] ?? null);
  });
}

function rowFor<Item>(known: HTMLTableRowElement | undefined, item: Item, { key, make, update }: Rows<Item>): HTMLTableRowElement {
  const row = known ?? make(item);
  row.dataset["key"] = key(item);
  update(row, item);
  return row;
}

/** The focus goes to the same button of the next row, or to what surrounds the table. */
function removeRow(row: HTMLTableRowElement): void {
  const focused = [...row.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  const region = row.closest<HTMLElement>("[tabindex]");
  row.remove();
  if (focused >= 0) (neighbour?.querySelectorAll("button")[focused] ?? region)?.focus();
}
