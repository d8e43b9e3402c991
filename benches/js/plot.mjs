// One SVG per environment: each row's contenders as dots, by their multiple of the floor. Knows nothing of how they were measured.

const LEFT = 330;
const WIDTH = 940;
const ROW = 30;
const TOP = 62;
const RIGHT = 40;
const ticks = [0.5, 1, 2, 5, 10, 20, 50, 100];
const [least, most] = [0.3, 100];

const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .small { font-size: 11px; fill: #57606a }
  .title { font-size: 16px; font-weight: 600 }
  .grid { stroke: #d8dee4 }
  .floor { stroke: #57606a; stroke-dasharray: 4 3 }
  .peer { fill: #8c959f; fill-opacity: .55 }
  .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #30363d } .floor { stroke: #9198a1 }
    .peer { fill: #b1bac4 } .ours { fill: #4493f8 } .ground { fill: #0d1117 }
  }`;

/** The picture's source. */
export function plot({ name, rows }) {
  const drawn = rows.filter(({ toBase }) => toBase !== undefined);
  const height = TOP + drawn.length * ROW + 34;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(`Time of each row as a multiple of the floor's, ${name}`)}">
<style>${style}</style>
<rect class="ground" width="${WIDTH}" height="${height}" fill="#fff"/>
<text class="title" x="16" y="26">${escaped(name)}</text>
${legend()}
${ticks.map((tick) => gridLine(tick, height)).join("\n")}
${drawn.map(rowOf).join("\n")}
</svg>
`;
}

/** Logarithmic; what lies outside stands at the edge. */
function across(ratio) {
  const part = Math.log(clamped(ratio) / least) / Math.log(most / least);
  return (LEFT + part * (WIDTH - LEFT - RIGHT)).toFixed(1);
}

function clamped(ratio) {
  return Math.min(most, Math.max(least, ratio));
}

function gridLine(tick, height) {
  const x = across(tick);
  return `<line class="${tick === 1 ? "floor" : "grid"}" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height - 28}"/><text class="small" x="${x}" y="${height - 10}" text-anchor="middle">${tick === 1 ? "floor" : `${tick} ×`}</text>`;
}

function legend() {
  const y = 22;
  return `<circle class="ours" cx="${LEFT + 6}" cy="${y}" r="6"/><text class="small" x="${LEFT + 18}" y="${y + 4}">cachier</text>
<circle class="peer" cx="${LEFT + 86}" cy="${y}" r="4.5"/><text class="small" x="${LEFT + 96}" y="${y + 4}">peers (point at one for its name)</text>
<text class="small" x="${LEFT + 300}" y="${y + 4}">left is faster</text>`;
}

function rowOf(row, index) {
  const y = TOP + index * ROW + 8;
  const base = row.figures[row.base];
  const peers = Object.entries(row.figures).filter(([name]) => name !== row.base && name !== "cachier");
  const dots = peers.map(([name, figure]) => dot("peer", name, figure / base, y, 4.5));
  return `<text x="16" y="${y + 4}">${escaped(row.title)}</text>${dots.join("")}${dot("ours", "cachier", row.toBase, y, 6)}`;
}

function dot(kind, name, ratio, y, radius) {
  return `<circle class="${kind}" cx="${across(ratio)}" cy="${y}" r="${radius}"><title>${escaped(name)}: ${ratio.toPrecision(3)} ×</title></circle>`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`);
}
