/** On pages where people come back: a report that this device keeps is sent, once the network is there. */

import { fill, say, slot } from "./page.js";
import { personOf } from "./person_here.js";
import { Drafts } from "./report_drafts.js";

const AGAIN_AFTER_MS = 15_000;

const banner = /** @type {HTMLElement|null} */ (document.querySelector("[data-report-waiting]"));
const drafts = banner && new Drafts(personOf(banner));

/**
 * @param {string} sentence
 * @param {string} [url]
 */
function show(sentence, url) {
  if (!banner) return;
  const link = /** @type {HTMLAnchorElement} */ (slot(banner, "link"));
  fill(banner, "words", sentence);
  link.hidden = !url;
  if (url) link.href = url;
  banner.hidden = false;
}

async function look() {
  if (!banner || !drafts) return;
  const waiting = await drafts.waiting().catch(() => []);
  if (waiting.length === 0) return;
  const refused = waiting.find((report) => report.refused);
  if (refused) await giveBack(refused);
  else show(banner.dataset.waits ?? "");
  const done = await drafts
    .sendWaiting({
      sent: ({ url, number }) => show(say(banner.dataset.sent ?? "", { number }), url),
      refused: giveBack,
    })
    .catch(() => false);
  if (!done) setTimeout(look, AGAIN_AFTER_MS);
}

/** @param {import("./report_drafts.js").Report} report */
async function giveBack(report) {
  await drafts?.takeBack(report);
  show(banner?.dataset.refused ?? "", report.path);
}

addEventListener("online", look);
look();
