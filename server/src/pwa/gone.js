// The kill switch: this worker takes itself and every kept file away. What people wrote is in
// another place (IndexedDB) and stays.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const ours = names.filter((name) => name.startsWith("percorso-"));
    await Promise.all(ours.map((name) => caches.delete(name)));
    await self.registration.unregister();
  })());
});
