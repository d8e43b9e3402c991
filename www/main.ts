/** Puts the page together. */
import { drawHistogram } from "./histogram.js";
import { drawHistory } from "./history.js";
import { Inspector } from "./inspector.js";
import { Journal } from "./journal.js";
import { listCalls } from "./list.js";
import { Playground } from "./playground.js";
import { openTabs } from "./tabs.js";
import { followAddress } from "./views.js";

const journal = new Journal();

listCalls(journal);
drawHistory(journal);
drawHistogram(journal);
new Playground(journal);
void openTabs();

const inspector = new Inspector();
followAddress((view) => inspector.show(view === "inspector"));
