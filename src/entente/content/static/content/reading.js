// How long a hosted page is in view, told to the page's own site when the reader turns away.
// Nobody is named, nothing is kept in the browser, and the page works without it.

const address = document.querySelector("[data-reading]")?.dataset.reading;
let since = document.visibilityState === "visible" ? performance.now() : null;
let isFirst = true;

function tell() {
  if (since === null || !address) return;
  const seconds = Math.round((performance.now() - since) / 1000);
  since = null;
  if (seconds < 1) return;
  const told = new URLSearchParams({ seconds, first: isFirst ? "1" : "" });
  if (navigator.sendBeacon(address, told)) isFirst = false;
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") since = performance.now();
  else tell();
});
addEventListener("pagehide", tell);
