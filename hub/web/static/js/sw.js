/** The site's service worker: shows what the town hall tells while no page is open. What it keeps for when there is no
 * network is in sw_pages.js; both are served together at /sw.js (hub/web/worker.py). */

/** @type {any} */
const worker = self;
const PAGE = "/notifications/preferences/";
const HASTE = [300, 100, 300, 100, 600];

/**
 * What came, whoever wrote it.
 * @param {any} event
 * @returns {{title?: string, body?: string, link?: string, urgent?: boolean, tag?: string}}
 */
function told(event) {
  try {
    const said = event.data.json();
    return said !== null && typeof said === "object" ? said : {};
  } catch {
    return {};
  }
}

/**
 * A page of this site and of no other.
 * @param {unknown} link
 */
function ours(link) {
  try {
    const address = new URL(String(link), worker.location.origin);
    return address.origin === worker.location.origin ? address.href : `${worker.location.origin}/`;
  } catch {
    return `${worker.location.origin}/`;
  }
}

/** @param {any} event */
async function show(event) {
  const { title, body, link, urgent, tag } = told(event);
  await worker.registration.showNotification(title || "Parvis", {
    body: body ?? "",
    tag: tag ?? "",
    renotify: Boolean(tag),
    requireInteraction: Boolean(urgent),
    vibrate: urgent ? HASTE : undefined,
    icon: "/static/icon-192.png",
    data: { link: ours(link ?? "/") },
  });
}

/** @param {any} notification */
async function open(notification) {
  notification.close();
  const link = ours(notification.data?.link ?? "/");
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((/** @type {any} */ one) => one.url === link);
  await (there ? there.focus() : worker.clients.openWindow(link));
}

/** The browser has changed its address: it says so, as the person whose session it has. */
async function subscribeAgain() {
  const page = await (await fetch(PAGE, { credentials: "same-origin" })).text();
  const key = page.match(/ data-key="([\w-]+)"/)?.[1];
  const token = page.match(/ name="csrfmiddlewaretoken" value="(\w+)"/)?.[1];
  const api = page.match(/ data-api="([\w/]+)"/)?.[1];
  if (!key || !token || !api) return; // nobody is signed in: the page does it at their next visit
  const subscription = await worker.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  await fetch(api, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ kind: "web", subscription: subscription.toJSON() }),
  });
}

worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(event)));
worker.addEventListener("notificationclick", (/** @type {any} */ event) => event.waitUntil(open(event.notification)));
worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(subscribeAgain()));
