// Opens one page without a connection: the page and what it is made of, nothing about anybody.
const KEPT = "{{ kept }}";
const LOG = "{{ address }}";
const WAIT = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.add(LOG)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const gone = caches.keys().then((names) =>
    // Only one's own earlier ones: another page's worker keeps what it is made of here too.
    Promise.all(names.filter((name) => name !== KEPT && name.startsWith(KEPT.replace(/\d+$/, ""))).map((name) => caches.delete(name))));
  event.waitUntil(gone.then(() => self.clients.claim()));
});

// The newest page while there is a connection, the kept one when there is none or it is slow.
async function page(request) {
  const cache = await caches.open(KEPT);
  const late = new Promise((resolve) => setTimeout(resolve, WAIT));
  const fresh = fetch(request).then((answer) => {
    if (answer.ok && !answer.redirected) cache.put(LOG, answer.clone());
    return answer;
  });
  fresh.catch(() => {});
  try {
    return (await Promise.race([fresh, late])) ?? (await cache.match(LOG)) ?? (await fresh);
  } catch {
    return (await cache.match(LOG)) ?? Response.error();
  }
}

async function part(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === LOG) event.respondWith(page(request));
  else if (["script", "style", "font", "image"].includes(request.destination)) event.respondWith(part(request));
});
