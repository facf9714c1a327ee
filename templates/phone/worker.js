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
  return entries.some(({ state }) => state !== "sent");
};

// Never while another version is on its way: what it keeps has another name than this one's.
const tidy = async () => {
  if (self.registration.installing || self.registration.waiting || await isHeld()) return;
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
};

const keep = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll([...LANGUAGES.map(shellOf), ...FILES].map((address) => new Request(address, { cache: "reload" })));
};

const page = async () => {
  const cache = await caches.open(CACHE);
  const language = (await read("settings", (store) => store.get("language")))?.value;
  return await cache.match(shellOf(language)) ?? await cache.match(shellOf(LANGUAGES[0])) ?? fetch(PAGE);
};

// Other pages draw with some of these files too: they get what the server has.
const file = async (request, clientId) => {
  const client = clientId && await self.clients.get(clientId);
  if (!client || new URL(client.url).pathname !== PAGE) return fetch(request);
  return await (await caches.open(CACHE)).match(request, { ignoreVary: true }) ?? fetch(request);
};

self.addEventListener("install", (event) => event.waitUntil(keep().catch(async (error) => { await caches.delete(CACHE); throw error; })));
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));
self.addEventListener("message", (event) => {
  if (event.data === "tidy") event.waitUntil(tidy());
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") { if (pathname === PAGE && !search) event.respondWith(page()); return; }
  if (FILES.includes(pathname)) event.respondWith(file(request, event.clientId));
});
