/**
 * Keeps what is typed: on the server a few seconds after typing stops and when the page is left, and in the browser
 * until the server has it. Saving the article makes both superfluous.
 */

import { page, post, Refused } from "./server.js";

const AFTER_TYPING = 3_000;
const AT_LEAST_EVERY = 20_000;
const RETRY = 15_000;
// What a page that is being left may still send.
const KEEPALIVE = 60_000;
const OWN = new Set(["csrfmiddlewaretoken", "over_version", "form_key"]);

// What the browser keeps of one article, and under what name of them this page does: none overwrites another's.
const all = `multitude:brouillon:${page?.dataset.key}:`;
const own = `${all}${Date.now()}.${Math.random()}`;

function typed(form) {
  const fields = [...new FormData(form)].filter(([field, value]) => typeof value === "string" && !OWN.has(field) && !field.startsWith("_"));
  return new URLSearchParams(fields).toString();
}

const browser = (act) => {
  try {
    return act();
  } catch {
    // A browser that keeps nothing, or something unreadable, leaves the server's copy.
    return null;
  }
};
const hold = (value) => browser(() => localStorage.setItem(own, JSON.stringify(value)));
const forget = (name) => browser(() => localStorage.removeItem(name));
const held = (name) => browser(() => JSON.parse(localStorage.getItem(name)));

/** Gives a form that comes back filled in, by the browser's own «back», the key that it had: it is still the same one. */
function sameKey(form) {
  const isFilled = [...form.elements].some((field) => field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue);
  if (isFilled && history.state?.formKey) form.elements.form_key.value = history.state.formKey;
  else history.replaceState({ ...history.state, formKey: form.elements.form_key.value }, "");
}

/** Keeps a form's drafts from now on; `show` says in the page how it goes. */
export function drafts(form, show) {
  // A form that came back with an error holds what nobody has saved.
  let kept = "unsaved" in page.dataset ? "" : typed(form);
  let waiting = 0;
  let since = 0;
  let isLeaving = false;
  let isSending = false;
  const holdHere = (now) => hold({ typed: now, at: Date.now(), key: form.elements.form_key.value });

  async function send(options = {}) {
    clearTimeout(waiting);
    const now = typed(form);
    if (now === kept || isLeaving) return;
    if (isSending && !options.keepalive) return later();
    isSending = true;
    try {
      const body = (token) => new URLSearchParams([...new URLSearchParams(now), ["form_key", form.elements.form_key.value], ["csrfmiddlewaretoken", token]]);
      const { said } = await post(page.dataset.draftUrl, body, options);
      kept = now;
      since = 0;
      forget(own);
      show(said);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      holdHere(now);
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
    // The next page may be made before the server has read this one's text, and then knows nothing of it.
    holdHere(now);
    if (new Blob([now]).size < KEEPALIVE) send({ keepalive: true });
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("online", () => send());
  form.addEventListener("submit", () => {
    const now = typed(form);
    // Until a page says that it was saved, what is sent might still be lost: see saved.js.
    if (now !== kept) {
      holdHere(now);
      browser(() => sessionStorage.setItem("multitude:envoi", own));
    }
    isLeaving = true;
  });
  // A form that comes back by the browser's own «back» is written in again; by now the browser has filled it in.
  addEventListener("pageshow", () => {
    isLeaving = false;
    sameKey(form);
  });
  if (!kept) later();
  return { found: found(form) };
}

const sameText = (one, other) => one?.replace(/\r\n?/g, "\n") === other.replace(/\r\n?/g, "\n");

/** Returns what the page offers already, since the server has it. */
function offered() {
  const place = document.querySelector("[data-offered]");
  return new Map(Object.entries(JSON.parse(place?.dataset.offered ?? "{}")));
}

/** Returns the last that the browser alone has kept: neither the form shows it nor the page offers it. */
function found(form) {
  const now = new URLSearchParams(typed(form));
  const theirs = offered();
  const names = browser(() => Object.keys(localStorage).filter((name) => name.startsWith(all) && name !== own)) ?? [];
  let last = null;
  for (const name of names) {
    const { typed: then, at, key } = held(name) ?? {};
    const values = new URLSearchParams(then);
    const fields = [...values].filter(([field]) => field !== "seen_version" && now.has(field));
    const isIn = (text) => fields.every(([field, value]) => sameText(text.get(field), value));
    if (isIn(now) || isIn(theirs)) forget(name);
    else if (!last || at > last.at) last = { at, values, key, forget: () => forget(name) };
  }
  return last;
}
