/** On every page: keeps the count of unread messages live, in the bell, the navigation and the tab's title. */

import { live } from "./client.js";
import { dataOf, freshPage } from "./page.js";

const plainTitle = document.title;

/** @param {number} count */
function showUnread(count) {
  for (const element of document.querySelectorAll("[data-unread]")) {
    const number = element.firstChild;
    if (number) number.textContent = String(count);
    /** @type {HTMLElement} */ (element).hidden = count === 0;
  }
  for (const bell of document.querySelectorAll("[data-bell]")) {
    bell.setAttribute("aria-label", (bell.getAttribute("aria-label") ?? "").replace(/\d+/, String(count)));
  }
  document.title = count ? `(${count}) ${plainTitle}` : plainTitle;
}

async function countAnew() {
  const fresh = await freshPage();
  showUnread(dataOf("live", fresh)?.unread ?? 0);
}

if (live) {
  showUnread(live.settings.unread);
  live.read("inbox.me", live.settings.inbox, {
    event: ({ event, payload }) => event === "conversation.changed" && showUnread(payload.total_unread),
    reset: () => countAnew().catch(() => {}),
  });
}
