/**
 * Comments without leaving the article: sends a form in place, opens a reply beneath its comment.
 * Every address it uses works without it, and its sentences come from the page (data-… of #commenter).
 * What was typed stays until the server has said that it has it. Where the comments were closed meanwhile the server
 * answers with the text and the reason (409), or with the reason alone: both take their place in the page.
 */

const GIVE_UP_AFTER = 30000;

async function load(url, options = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), GIVE_UP_AFTER);
  try {
    // A browser may keep the article's page for a minute after it changed, and an answer may lead back to it.
    const response = await fetch(url, { cache: "no-cache", ...options, headers: { Accept: "text/html" }, signal: abort.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { response, page };
  } finally {
    clearTimeout(timer);
  }
}

/** A reply form shares the page with the main one: its ids get a suffix, and what refers to them too. */
function suffixIds(section, suffix) {
  if (!suffix) return section;
  const renamed = (id) => `${id}-${suffix}`;
  for (const element of [section, ...section.querySelectorAll("*")]) {
    if (element.id) element.id = renamed(element.id);
    for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.split(" ").map(renamed).join(" "));
    }
    const href = element.getAttribute("href");
    if (href && href.startsWith("#")) element.setAttribute("href", `#${renamed(href.slice(1))}`);
  }
  return section;
}

function focusOn(element) {
  element.tabIndex = -1;
  element.focus();
}

/**
 * Sends the form of `section` in place. `suffix` tells a reply's ids apart; `onCancel` closes a reply; `touched` is when
 * the form was first touched, if it comes back with errors.
 */
function enhance(section, { suffix = "", onCancel = null, touched = null } = {}) {
  const form = section.querySelector("form");
  const button = form.querySelector("[type=submit]");
  const status = section.querySelector("[data-status]");
  form.noValidate = true;
  form.addEventListener("focusin", () => {
    touched ??= performance.now();
  });

  if (onCancel) {
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "button-quiet";
    cancel.textContent = section.dataset.cancel;
    cancel.addEventListener("click", onCancel);
    button.after(cancel);
    section.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) onCancel();
    });
  }

  function busy(sending) {
    button.disabled = sending;
    form.setAttribute("aria-busy", String(sending));
    status.textContent = sending ? section.dataset.sending : "";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const body = new URLSearchParams(new FormData(form));
    // A form that nobody touched was filled since the page came.
    body.set("seconds", ((performance.now() - (touched ?? 0)) / 1000).toFixed(1));
    busy(true);
    try {
      const { response, page } = await load(form.getAttribute("action"), { method: "POST", body });
      const thanks = page.querySelector("#suivi");
      const answered = page.querySelector("#commenter");
      if (response.ok && thanks) {
        suffixIds(thanks, suffix || "envoye");
        section.replaceWith(thanks);
        focusOn(thanks.querySelector("[role=status]") || thanks);
      } else if (answered && answered.querySelector("form")) {
        suffixIds(answered, suffix);
        section.replaceWith(answered);
        if (answered.querySelector("[type=submit]")) enhance(answered, { suffix, onCancel, touched: touched ?? 0 });
        focusOn(answered.querySelector("[role=alert]") || answered);
      } else if (response.ok && response.redirected) {
        window.location.assign(response.url);
      } else {
        throw new Error(`${response.status}`);
      }
    } catch {
      busy(false);
      status.textContent = section.dataset.failed;
      focusOn(status);
    }
  });
}

/** Opens the reply form beneath its comment. Closing hides it: what was typed is there when it opens again. */
async function openReply(link) {
  const comment = link.closest(".comment");
  const suffix = comment.id;
  const current = () => document.getElementById(`commenter-${suffix}`);
  if (!current()) {
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    try {
      const { page } = await load(link.href);
      const section = page.querySelector("#commenter");
      const close = () => {
        current().hidden = true;
        link.focus();
      };
      suffixIds(section, suffix);
      comment.after(section);
      if (section.querySelector("form")) enhance(section, { suffix, onCancel: close });
    } catch {
      window.location.assign(link.href);
      return;
    } finally {
      link.ariaBusy = null;
    }
  }
  current().hidden = false;
  const field = current().querySelector("input:not([type=hidden]), textarea");
  if (field) field.focus();
  else focusOn(current());
}

const form = document.querySelector("#commenter form");
if (form) enhance(form.closest("#commenter"));

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-reply]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openReply(link);
});
