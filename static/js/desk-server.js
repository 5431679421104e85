/** What the desk sends, and what goes wrong on the way. Its sentences come from the page (data-… of the desk). */

import { desk, form, key, seen } from "./desk-rows.js";

/** The server's own word for why nothing was decided, or the page's for why nobody knows. */
export class Refused extends Error {}

const token = () => form.querySelector("[name=csrfmiddlewaretoken]");

/** Posts fields, with the page's token; whoever logged in again meanwhile has another one, which the list tells. */
export async function post(address, fields) {
  for (const isLast of [false, true]) {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token().value);
    for (const [name, value] of fields) data.append(name, value);
    const response = await fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (response.headers.get("Content-Type")?.startsWith("application/json")) return response;
    if (response.redirected) throw new Refused(desk.dataset.expired);
    if (response.status !== 403 || isLast) throw new Refused(desk.dataset.failed);
    const page = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (page.redirected && new URL(page.url).pathname !== location.pathname) throw new Refused(desk.dataset.expired);
    const list = new DOMParser().parseFromString(await page.text(), "text/html");
    token().value = list.querySelector("#changelist-form [name=csrfmiddlewaretoken]")?.value ?? token().value;
  }
  throw new Refused(desk.dataset.failed);
}

/** Has the server decide on rows, and returns what became of each; raises Refused where nothing was decided. */
export async function send(action, sent, { reason = "", explanation = "" } = {}) {
  const fields = Object.entries({ action, reason, explanation, index: 0, select_across: 0 });
  for (const row of sent) fields.push(["_selected_action", key(row)], [seen(row).name, seen(row).value]);
  let response;
  try {
    response = await post(location.pathname, fields);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(desk.dataset.failed);
  }
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.error);
  return answer;
}
