// What a row came to: ratios, and whether the goals are reached. Measures and shows nothing.

/** The row's figures beside what was to be reached. */
export function judge(row, environment, figures) {
  const base = row.base ?? "floor";
  const ours = figures.cachier;
  const best = bestOf(figures, peersOf(figures, base));
  return {
    ...row,
    figures,
    base,
    ours,
    toBase: figures[base] === undefined ? undefined : ours / figures[base],
    best,
    toBest: best && ours / best.figure,
    verdicts: (row.goals ?? []).map((goal) => verdict(goal, environment, figures)),
  };
}

/** Everyone that is neither ours nor what the others are compared with. */
function peersOf(figures, base) {
  return Object.keys(figures).filter((name) => name !== base && !name.startsWith("cachier"));
}

function bestOf(figures, names) {
  const known = names.filter((name) => figures[name] !== undefined);
  const [name] = known.toSorted((one, other) => figures[one] - figures[other]);
  return name && { name, figure: figures[name] };
}

function verdict({ ratio, than, of = "cachier", most }, environment, figures) {
  if (most !== undefined) return { text: `≤ ${most.text}`, reached: figures[of] <= most.figure };
  const limit = typeof ratio === "number" ? ratio : ratio[environment];
  const { figure } = bestOf(figures, than);
  const names = than.length > 3 ? `the best of ${than.length}` : than.join(", ");
  const text = limit === 1 && !than.includes("floor") ? `ahead of ${than.join(", ")}` : `${of === "cachier" ? "" : `${of} `}≤ ${limit} × ${names}`;
  return { text, reached: figures[of] <= limit * figure };
}
