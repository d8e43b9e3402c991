/** The table of calls, newest first. Must not know how calls are made. */
import { find, make } from "./dom.js";
import type { Call, Journal, News, Notice } from "./journal.js";
import { ageOf, tookOf } from "./words.js";

const LONGEST = 200;

/** Lists what the journal tells. */
export function listCalls(journal: Journal): void {
  const body = find("calls", HTMLTableSectionElement);
  journal.listen((news) => {
    const row = rowOf(news);
    if (row === undefined) return;
    body.prepend(row);
    while (body.rows.length > LONGEST) body.deleteRow(-1);
  });
}

function rowOf(news: News): HTMLTableRowElement | undefined {
  if ("notice" in news) return noticeRow(news.notice);
  return "call" in news && news.call.ending !== undefined ? callRow(news.call) : undefined;
}

function callRow({ number, label, ending = "failed", age = 0, start, end = start }: Call): HTMLTableRowElement {
  return row(ending, [`${number}. ${label}`, ending, ending === "failed" ? "" : ageOf(age), tookOf(end - start)]);
}

function noticeRow({ type, label }: Notice): HTMLTableRowElement {
  return row(type, [label, type === "failed" ? "a run failed" : "refreshed", "", ""]);
}

function row(kind: string, texts: readonly string[]): HTMLTableRowElement {
  const made = make("tr", {}, ...texts.map((text) => make("td", {}, text)));
  made.dataset["outcome"] = kind;
  return made;
}
