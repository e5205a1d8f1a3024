/**
 * What the service worker keeps for when there is no network: « Vous êtes hors connexion » and « Signaler un problème »
 * of one town, as they are for somebody nobody knows, with their styles and scripts. It asks for them itself, without
 * cookies. No other page is ever kept: what the network gives passes through. A new version of the site's files
 * (`worker.version`, hub/web/worker.py) takes the place of the former one and of all that it kept.
 */

const PREFIX = "parvis-";
const CACHE = PREFIX + worker.version;
const KEPT_MS = 7 * 24 * 3600 * 1000; // then it is asked for again
const OFFLINE = /\/hors-ligne\/$/;
const WIZARD = /^\/communes\/[\w-]+\/signaler\/$/;
const FORM = /href="(\/communes\/[\w-]+\/signaler\/\d+\/)"/g;
const REPORT_HERE = "/signaler/";
const STATIC = "/static/";
const PART = /(?:href|src)="(\/static\/[^"#]+)/g;
const IMPORT = /(?:from|import)\s*"(\.\/[^"]+)"/g;
const ANY = { ignoreVary: true };

/** @typedef {{offline: string, wizard?: string, language: string, theme?: string}} Wish */

/** @param {string} url */
function pathOf(url) {
  return new URL(url, worker.location.origin).pathname;
}

/**
 * The pages of a cache, not their parts.
 * @param {Cache} cache
 * @returns {Promise<string[]>} paths
 */
async function pagesOf(cache) {
  const paths = (await cache.keys()).map(({ url }) => pathOf(url));
  return paths.filter((path) => !path.startsWith(STATIC));
}

/**
 * Styles, scripts and pictures that a text names, and what these scripts import.
 * @param {Cache} cache
 * @param {string} text
 * @param {RegExp} named
 * @param {string} from  where the text stands
 */
async function keepParts(cache, text, named, from) {
  const found = new Set([...text.matchAll(named)].map(([, name]) => new URL(name, from).href));
  await Promise.all([...found].map(async (address) => {
    if (await cache.match(address, ANY)) return;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    await cache.put(address, answer.clone());
    if (address.endsWith(".js")) await keepParts(cache, await answer.text(), IMPORT, address);
  }));
}

/**
 * @param {Cache} cache
 * @param {string} path
 * @param {Wish} wish
 * @returns {Promise<string>} the page; "" when the site has it no more. Rejects without a network
 */
async function keepPage(cache, path, { language, theme }) {
  const as = `${language} ${theme || "device"}`;
  const kept = await cache.match(path, ANY);
  const age = Date.now() - Number(kept?.headers.get("X-Kept-At"));
  if (kept?.headers.get("X-Kept-As") === as && age < KEPT_MS) return kept.text();
  const headers = { Accept: "text/html", "Accept-Language": language, "X-Parvis-Kept": theme || "device" };
  const answer = await fetch(path, { credentials: "omit", cache: "no-store", headers });
  if (answer.status >= 500) throw new Error(`${answer.status} ${path}`);
  if (!answer.ok || answer.redirected) {
    await cache.delete(path, ANY);
    return "";
  }
  const text = await answer.text();
  await keepParts(cache, text, PART, answer.url);
  const named = ["Content-Type", "Content-Security-Policy", "Referrer-Policy"];
  const said = named.map((name) => [name, answer.headers.get(name) ?? ""]);
  const copy = new Response(text, { headers: [...said, ["X-Kept-As", as], ["X-Kept-At", String(Date.now())]] });
  await cache.put(path, copy);
  return text;
}

/**
 * What a page of the application asks for (app.js). One that is of no town leaves the town's where they are.
 * @param {Wish} wish
 */
async function keepPages(wish) {
  const cache = await caches.open(CACHE);
  if (!wish.wizard && (await pagesOf(cache)).some((path) => WIZARD.test(path))) return;
  const wanted = [wish.offline];
  await keepPage(cache, wish.offline, wish);
  if (wish.wizard) {
    const choices = await keepPage(cache, wish.wizard, wish);
    const forms = new Set([...choices.matchAll(FORM)].map(([, path]) => path));
    wanted.push(wish.wizard, ...forms);
    for (const path of forms) await keepPage(cache, path, wish); // one after the other: nobody waits for them
  }
  for (const path of await pagesOf(cache)) {
    if (!wanted.includes(path)) await cache.delete(path, ANY);
  }
}

/** What the former version kept, in the files of this one. */
async function renewPages() {
  for (const name of await formerCaches()) {
    const cache = await caches.open(name);
    const paths = await pagesOf(cache);
    const offline = paths.find((path) => OFFLINE.test(path));
    if (!offline) continue;
    const as = (await cache.match(offline, ANY))?.headers.get("X-Kept-As") ?? "";
    const [language = "fr", theme = ""] = as.split(" ");
    await keepPages({ offline, wizard: paths.find((path) => WIZARD.test(path)), language, theme });
  }
}

async function formerCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
}

async function takeOver() {
  for (const name of await formerCaches()) await caches.delete(name);
  await worker.registration.navigationPreload?.enable(); // a page needn't wait until this script runs
  await worker.clients.claim();
}

/**
 * A page comes from the network; without one, it is the form or the page that says so.
 * @param {any} event
 */
async function answerPage({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    return (await keptFor(request.url)) ?? Response.error();
  }
}

/** @param {string} url */
async function keptFor(url) {
  const cache = await caches.open(CACHE);
  const [path, paths] = [pathOf(url), await pagesOf(cache)];
  const wizard = paths.find((one) => WIZARD.test(one));
  if (path === REPORT_HERE && wizard) return Response.redirect(wizard);
  const offline = paths.find((one) => OFFLINE.test(one));
  if (!paths.includes(path)) return offline && cache.match(offline, ANY);
  return new URL(url).search ? Response.redirect(path) : cache.match(path, ANY); // a search is the server's
}

/** @param {Request} request */
async function answerPart(request) {
  return (await (await caches.open(CACHE)).match(request, ANY)) ?? fetch(request);
}

let work = Promise.resolve();

worker.addEventListener("install", (/** @type {any} */ event) => {
  worker.skipWaiting();
  event.waitUntil(renewPages().catch(() => {})); // news must come all the same
});
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(takeOver()));
worker.addEventListener("message", (/** @type {any} */ event) => {
  work = work.then(() => keepPages(event.data)).catch(() => {}); // the next page asks again
  event.waitUntil(work);
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate" && request.destination === "document") event.respondWith(answerPage(event));
  else if (pathname.startsWith(STATIC)) event.respondWith(answerPart(request));
});
