/** The list of notifications lives: what is new stands first, what was read or deleted elsewhere shows so. */

import { live } from "./client.js";
import { freshPage, renew } from "./page.js";

const RENEW_AFTER_MS = 400;

const list = () => document.querySelector('[data-part="notifications"]');
let renewTimer = 0;

function renewSoon() {
  clearTimeout(renewTimer);
  renewTimer = setTimeout(renewList, RENEW_AFTER_MS);
}

/** No row moves under the pointer, nor away from the keyboard. */
async function renewList() {
  if (list()?.matches(":hover, :focus-within")) {
    renewSoon();
    return;
  }
  const fresh = await freshPage().catch(() => null);
  if (fresh) renew(fresh, "notifications");
}

if (live) {
  const reader = {
    event: (/** @type {{event: string}} */ { event }) => event.startsWith("notification") && renewSoon(),
    reset: renewSoon,
  };
  live.read("inbox.me", live.settings.inbox, reader);
  for (const [slug, standing] of Object.entries(live.settings.towns)) live.read(`town.${slug}`, standing, reader);
}
