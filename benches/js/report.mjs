// From judged rows to text: the terminal's table and the page in Markdown. Measures nothing.

const units = [
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

/** Three digits and a unit. */
export function shown(figure, unit) {
  if (figure === undefined) return "";
  if (unit !== undefined) return `${Math.round(figure)} ${unit}`;
  const [scale, name] = units.find(([size]) => figure >= size) ?? [1, "ns"];
  return `${digits(figure / scale)} ${name}`;
}

function digits(number) {
  return number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2);
}

function cells(row) {
  const best = row.best ? `${row.best.name} ${shown(row.best.figure, row.unit)}` : "";
  const base = row.toBase === undefined ? "" : `${row.base === "floor" ? "" : `${row.base} `}${shown(row.figures[row.base], row.unit)}`;
  const ratio = (number) => (number === undefined ? "" : digits(number));
  return [row.title, shown(row.ours, row.unit), base, ratio(row.toBase), best, ratio(row.toBest)];
}

function goalText({ verdicts }) {
  return verdicts.map(({ text, reached }) => `${reached ? "✓" : "✗"} ${text}`).join("; ");
}

const heads = ["work", "cachier", "floor", "× floor", "best peer", "× peer", "goal"];

/** Lines for a terminal. */
export function terminalTable({ name, rows }) {
  const table = [heads, ...rows.map((row) => [...cells(row), goalText(row)])];
  const widths = heads.map((_, column) => Math.max(...table.map((line) => line[column].length)));
  const lines = table.map((line) => line.map((cell, column) => (isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  "));
  return [`\n${name}`, ...lines.map((line) => line.trimEnd())].join("\n");
}

function isText(column) {
  return column === 0 || column === 4 || column === 6;
}

/** The page of all environments. */
export function markdown(environments, { when, processor }) {
  const intro = `# JavaScript, side by side

Made by \`npm run bench:js\` on ${when}, on ${processor}. Medians of interleaved rounds; what counts is the ratio within one run. The *floor* is a
memoizer of the same meaning written by hand around a \`Map\`; in rows of stores, raw code for the same store. ✓ and ✗: whether the goal was reached in this run.
`;
  return [intro, ...environments.map(section)].join("\n");
}

function section({ id, name, rows }) {
  const line = (list) => `| ${list.join(" | ")} |`;
  const table = [line(heads), "|---|---:|---:|---:|---|---:|---|", ...rows.map((row) => line([...cells(row), goalText(row)]))];
  return `## ${name}\n\n![Time of each row as a multiple of the floor's](js-${id}.svg)\n\n${table.join("\n")}\n\n${everyone(rows)}`;
}

/** All figures, for those who look for a peer that is not the best. */
function everyone(rows) {
  const list = rows.map(({ title, figures, unit }) => {
    const sorted = Object.entries(figures).toSorted(([, one], [, other]) => one - other);
    return `- ${title}: ${sorted.map(([name, figure]) => `${name} ${shown(figure, unit)}`).join(", ")}`;
  });
  return `<details><summary>Everyone</summary>\n\n${list.join("\n")}\n\n</details>\n`;
}
