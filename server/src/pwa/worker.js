// Percorso's service worker, written by the server from the built site: do not keep a copy.
// It holds one whole build, or none: a phone never mixes files of two builds.
const CACHE = "percorso-{{build}}";
// Address, integrity, and whether the name changes with the content.
const FILES = {{files}};
// The same for what nobody waits for at the first visit.
const LATER = {{later}};
const LISTED = new Set([...FILES, ...LATER].map(([address]) => address));
// Online only: never answered from here, never kept.
const ONLINE = ["/api", "/accesso", "/ufficio", "/sw.js"];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // `addAll` keeps all of them or none; integrity refuses a file of another build. A worker
    // that lacks either list never takes charge.
    try {
      for (const files of [FILES, LATER]) {
        await cache.addAll(files.map(([address, integrity, isHashed]) =>
          new Request(address, { integrity, cache: isHashed ? "default" : "no-cache" })));
      }
    } catch (why) {
      await caches.delete(CACHE);
      throw why;
    }
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("percorso-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A new build waits until the person says so: what is being typed is written down first.
self.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (ONLINE.some((path) => pathname === path || pathname.startsWith(`${path}/`))) return;
  if (LISTED.has(pathname)) event.respondWith(kept(pathname, request));
  else if (request.mode === "navigate") event.respondWith(kept("/", request));
});

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}
