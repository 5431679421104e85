/** What the writing page asks of the server; its sentences come from the page (data-… of #writing). */

export const page = document.getElementById("writing");

/** The server's own word for why it refused, or the page's for why nobody knows; `errors` are by field. */
export class Refused extends Error {
  constructor(message, { errors = {}, isAway = false } = {}) {
    super(message);
    Object.assign(this, { errors, isAway });
  }
}

const tokens = () => document.querySelectorAll("[name=csrfmiddlewaretoken]");

/** Whoever logged in again meanwhile has another token: the form takes it too, so that it can still be saved. */
async function renewToken() {
  const response = await fetch(page.dataset.draftUrl, { headers: { Accept: "application/json" } });
  if (!isJson(response)) throw new Refused(page.dataset.expired);
  const { token } = await response.json();
  for (const field of tokens()) field.value = token;
}

const isJson = (response) => response.headers.get("Content-Type")?.startsWith("application/json");

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new Refused(page.dataset.away, { isAway: true });
  }
}

/** Returns what the server answers in JSON. */
export async function ask(address) {
  const response = await reach(address, { headers: { Accept: "application/json" } });
  if (!response.ok || !isJson(response)) throw new Refused(response.redirected ? page.dataset.expired : page.dataset.failed);
  return response.json();
}

/** Posts what `body(token)` makes, again with a new token if the first is refused; raises Refused. */
export async function post(address, body, options = {}) {
  for (const isLast of [false, true]) {
    const sent = body(tokens()[0].value);
    const response = await reach(address, { method: "POST", body: sent, headers: { Accept: "application/json" }, ...options });
    if (isJson(response)) {
      const answer = await response.json();
      if (response.ok) return answer;
      throw new Refused(answer.error ?? page.dataset.failed, { errors: answer.errors });
    }
    if (response.redirected) throw new Refused(page.dataset.expired);
    if (response.status !== 403 || isLast) throw new Refused(page.dataset.failed, { isAway: response.status >= 500 });
    await renewToken();
  }
}
