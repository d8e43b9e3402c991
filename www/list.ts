/** The table of calls, newest first. Must not know how calls are made. */
import { find, make } from "./dom.js";
import { durationOf, type Call, type Journal, type News, type Notice } from "./journal.js";
import { ageOf, tookOf } from "./words.js";

const LONGEST = 200;

/** Lists what the journal tells. */
export function listCalls(journal: Journal): void {
  const body = find("calls", HTMLTableSectionElement);
  journal.listen((news) => {
    body.prepend(...news.slice(-LONGEST).map(rowOf).reverse());
    while (body.rows.length > LONGEST) body.deleteRow(-1);
  });
}

function rowOf(news: News): HTMLTableRowElement {
  return "notice" in news ? noticeRow(news.notice) : callRow(news.call);
}

function callRow(call: Call): HTMLTableRowElement {
  const { number, label, ending = "failed", age = 0 } = call;
  return row(ending, [`${number}. ${label}`, ending, ending === "failed" ? "" : ageOf(age), tookOf(durationOf(call))]);
}

function noticeRow({ type, label }: Notice): HTMLTableRowElement {
  return row(type, [label, type === "failed" ? "a run failed" : "refreshed", "", ""]);
}

function row(kind: string, texts: readonly string[]): HTMLTableRowElement {
  const made = make("tr", {}, ...texts.map((text) => make("td", {}, text)));
  made.dataset["outcome"] = kind;
  return made;
}
