/** Puts the page together. */
import { drawHistogram } from "./histogram.js";
import { Journal } from "./journal.js";
import { listCalls } from "./list.js";
import { Playground } from "./playground.js";
import { drawTimeline } from "./timeline.js";
import { followAddress } from "./views.js";

const journal = new Journal();

followAddress(() => undefined);
listCalls(journal);
drawTimeline(journal);
drawHistogram(journal);
new Playground(journal);
