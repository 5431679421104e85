/**
 * Tells the newspaper once that this article was read: after three seconds in view, never while prerendering.
 * It sends an empty request; nothing about the reader is in it.
 */

const READ_AFTER = 3000;
const article = document.querySelector("[data-beacon]");
let timer = 0;

function send() {
  document.removeEventListener("visibilitychange", watch);
  navigator.sendBeacon(article.dataset.beacon);
}

function watch() {
  clearTimeout(timer);
  if (document.visibilityState === "visible" && !document.prerendering) timer = setTimeout(send, READ_AFTER);
}

if (article && navigator.sendBeacon) {
  document.addEventListener("visibilitychange", watch);
  if (document.prerendering) document.addEventListener("prerenderingchange", watch, { once: true });
  watch();
}
