/// <reference lib="webworker" />
// Keeps the site for use without a network. Everything a visit can need is fetched once; files that are fetched only
// on demand and are large stay once they have been used.
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";

declare const self: ServiceWorkerGlobalScope & { PRECACHED: PrecacheEntry[] };

// The build puts the list here. An address without a file's name is that of a folder, and what stands in a fragment or
// after a question mark is for the page.
precacheAndRoute(self.PRECACHED, { directoryIndex: "index.html", ignoreURLParametersMatching: [/.*/] });
cleanupOutdatedCaches();

// Names of built files carry a hash of what is in them: a file of a name is always the same.
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && url.pathname.includes("/assets/"),
  new CacheFirst({ cacheName: "identity-lab-on-demand" }),
);

self.addEventListener("message", ({ data }) => {
  if (data === "take over") void self.skipWaiting();
});
