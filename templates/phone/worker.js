// Keeps the page that works without a network, and nothing else: no answer of the server that tells of anybody.
// A new version takes its place beside the old one; an old one goes only when no phone's queue needs it any more.

const VERSION = {{ version|safe }};
const PAGE = {{ page|safe }};
const LANGUAGES = {{ languages|safe }};
const FILES = {{ files|safe }};
const PREFIX = "phone-page-";
const CACHE = PREFIX + VERSION;
const shellOf = (language) => `${PAGE}?language=${language}`;

const asked = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });

// The page's own database, opened as it is: this worker never makes or changes one.
const database = async () => {
  const request = indexedDB.open("phone");
  request.onupgradeneeded = () => request.transaction.abort();
  try { return await asked(request); } catch { return null; }
};

const read = async (store, act) => {
  const db = await database();
  if (!db) return null;
  try { return await asked(act(db.transaction(store).objectStore(store))); } catch { return null; } finally { db.close(); }
};

const isHeld = async () => {
  const entries = await read("entries", (store) => store.getAll()) ?? [];
  return entries.some(({ state, files, values }) => state !== "sent" && (state !== "draft" || files.length > 0 || Boolean(values.description?.trim())));
};

// Never while another version is on its way: what it keeps has another name than this one's. A worker that is just
// taking over may still see itself as the one that waits, and its predecessor as the active one.
const tidy = async (isActivating = false) => {
  if (await isHeld()) return false;
  const { installing, waiting, active } = self.registration;
  const mine = self.serviceWorker ?? active;
  if ([installing, waiting, isActivating ? null : active].some((worker) => worker && worker !== mine)) return false;
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  return true;
};

const keep = async () => {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll([...LANGUAGES.map(shellOf), ...FILES].map((address) => new Request(address, { cache: "reload" })));
  } catch (error) { await caches.delete(CACHE); throw error; }
};

// A browser that needed the room may have dropped what was kept.
const keepAgain = async () => { if (!await caches.has(CACHE)) await keep(); };

// Asked by its name and never opened: opening would make a version's cache anew that its successor has cleared away.
const kept = (request, options = {}) => caches.match(request, { cacheName: CACHE, ...options });

const page = async () => {
  const language = (await read("settings", (store) => store.get("language")))?.value;
  return await kept(shellOf(language)) ?? await kept(shellOf(LANGUAGES[0])) ?? fetch(PAGE);
};

// Other pages draw with some of these files too: they get what the server has.
const file = async (request, clientId) => {
  const client = clientId && await self.clients.get(clientId);
  if (!client || new URL(client.url).pathname !== PAGE) return fetch(request);
  return await kept(request, { ignoreVary: true }) ?? fetch(request);
};

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy(true).then(() => self.clients.claim())));
self.addEventListener("message", (event) => {
  if (event.data === "tidy") event.waitUntil(tidy().then((isAlone) => isAlone && keepAgain()));
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") { if (pathname === PAGE && !search) event.respondWith(page()); return; }
  if (FILES.includes(pathname)) event.respondWith(file(request, event.clientId));
});
