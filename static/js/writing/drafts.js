/**
 * Keeps what is typed: on the server a few seconds after typing stops and when the page is left, and in the browser
 * while the server is out of reach. Saving the article makes both superfluous.
 */

import { page, post, Refused } from "./server.js";

const AFTER_TYPING = 3_000;
const AT_LEAST_EVERY = 20_000;
const RETRY = 15_000;
// What a page that is being left may still send.
const KEEPALIVE = 60_000;
const OWN = new Set(["csrfmiddlewaretoken", "over_version"]);

const name = `multitude:brouillon:${page?.dataset.key}`;

function typed(form) {
  const fields = [...new FormData(form)].filter(([field, value]) => typeof value === "string" && !OWN.has(field) && !field.startsWith("_"));
  return new URLSearchParams(fields).toString();
}

function local(value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(name));
    value === null ? localStorage.removeItem(name) : localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing leaves the server's copy.
  }
  return null;
}

/** Keeps a form's drafts from now on; `show` says in the page how it goes. */
export function drafts(form, show) {
  // A form that came back with an error holds what nobody has saved.
  let kept = "unsaved" in page.dataset ? "" : typed(form);
  let waiting = 0;
  let since = 0;
  let isLeaving = false;
  let isSending = false;

  async function send(options = {}) {
    clearTimeout(waiting);
    const now = typed(form);
    if (now === kept || isLeaving) return;
    if (isSending && !options.keepalive) return later();
    isSending = true;
    try {
      const body = (token) => new URLSearchParams(`${now}&csrfmiddlewaretoken=${token}`);
      const { said } = await post(page.dataset.draftUrl, body, options);
      kept = now;
      since = 0;
      local(null);
      show(said);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      local({ typed: now, at: Date.now() });
      show(error.message, { isProblem: true });
      waiting = setTimeout(send, RETRY);
    } finally {
      isSending = false;
    }
  }

  function later() {
    clearTimeout(waiting);
    since ||= Date.now();
    waiting = setTimeout(send, Math.max(0, Math.min(AFTER_TYPING, since + AT_LEAST_EVERY - Date.now())));
  }

  function leave() {
    const now = typed(form);
    if (now === kept || isLeaving) return;
    if (new Blob([now]).size < KEEPALIVE) send({ keepalive: true });
    else local({ typed: now, at: Date.now() });
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("online", () => send());
  form.addEventListener("submit", () => {
    const now = typed(form);
    // Until a page says that it was saved, what is sent might still be lost: see saved.js.
    if (now !== kept) local({ typed: now, at: Date.now(), isSubmitted: true });
    isLeaving = true;
  });
  // A form that comes back by the browser's own «back» is written in again.
  addEventListener("pageshow", () => (isLeaving = false));
  if (!kept) later();
  return { found: found(form) };
}

/** Returns what the browser alone has kept, if it is something else than what the form shows. */
function found(form) {
  const stored = local();
  if (!stored) return null;
  const now = new URLSearchParams(typed(form));
  const then = new URLSearchParams(stored.typed);
  const differs = [...then].some(([field, value]) => field !== "seen_version" && now.has(field) && now.get(field) !== value);
  if (!differs) {
    local(null);
    return null;
  }
  return { at: stored.at, values: then, forget: () => local(null) };
}
