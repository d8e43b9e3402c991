/** Puts the page together. */
import { find } from "./dom.js";
import { drawHistogram } from "./histogram.js";
import { drawHistory } from "./history.js";
import { Inspector } from "./inspector.js";
import { Journal } from "./journal.js";
import { listCalls } from "./list.js";
import { Playground } from "./playground.js";
import { openTabs } from "./tabs.js";
import { followAddress } from "./views.js";
import { messageOf } from "./words.js";

const journal = new Journal();

listCalls(journal);
drawHistory(journal);
drawHistogram(journal);
new Playground(journal);
openTabs().catch((thrown: unknown) => (find("tabs-status", HTMLElement).textContent = messageOf(thrown)));

const inspector = new Inspector();
followAddress((view) => inspector.show(view === "inspector"));
