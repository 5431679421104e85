/**
 * The moderators' desk by keyboard: decides in place, moves on, loads what comes next, takes back.
 * It sends the list's own form and asks for JSON; without it the same buttons and actions lead to pages.
 * Its sentences come from the page (data-… of the desk).
 */

import { extend, isAcross } from "./desk-selection.js";

const desk = document.querySelector("[data-desk]");
const form = document.querySelector("#changelist-form");
const body = form?.querySelector("#result_list tbody");
const AHEAD = 20;

const decided = [];
let current = null;
let isLoading = false;
let line = Promise.resolve();

const rows = () => [...body.querySelectorAll("tr")];
const seen = (row) => row.querySelector("input[name^=seen_]");
const key = (row) => seen(row).name.slice("seen_".length);
const dialog = (name) => desk.querySelector(`[data-dialog=${name}]`);

/** What is sent waits for what was sent before: a decision can only be taken back once the server has it. */
function inTurn(task) {
  const done = line.then(task);
  line = done.catch(() => {});
  return done;
}

function say(sentence) {
  desk.querySelector("[data-status]").textContent = sentence;
}

function warn(sentence) {
  const alert = desk.querySelector("[data-alert]");
  alert.hidden = !sentence;
  alert.textContent = sentence;
}

function moveTo(row, { focus = true } = {}) {
  current?.removeAttribute("aria-current");
  current = row ?? null;
  if (!current) return;
  current.setAttribute("aria-current", "true");
  current.tabIndex = -1;
  if (focus) current.focus();
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current);
  moveTo(all[Math.min(all.length - 1, Math.max(0, at + by))]);
}

function chosen() {
  const ticked = rows().filter((row) => row.querySelector(".action-select")?.checked);
  return ticked.length ? ticked : current ? [current] : [];
}

/** Takes rows out of the list, remembering where each stood, and moves to what follows. */
function takeOut(taken) {
  const all = rows();
  const last = all.indexOf(taken[taken.length - 1]);
  const next = [...all.slice(last + 1), ...all.slice(0, last).reverse()].find((row) => !taken.includes(row));
  const places = taken.map((row) => ({ row, before: row.nextElementSibling }));
  moveTo(next);
  for (const row of taken) {
    const box = row.querySelector(".action-select");
    if (box?.checked) box.click();
    row.remove();
  }
  return places;
}

const names = (places) => places.map(({ row }) => row.querySelector(".sender").textContent).join(", ");

function putBack({ row, before }) {
  body.insertBefore(row, before?.isConnected ? before : null);
}

/** Says in the row why it came back: whoever decides fast has left the sentence above the list behind. */
function note(row, sentence) {
  row.querySelector(".refusal")?.remove();
  const words = document.createElement("p");
  words.className = "refusal";
  words.textContent = sentence;
  row.querySelector(".comment-text").after(words);
}

function setVersion(row, version) {
  seen(row).value = version;
  for (const button of row.querySelectorAll("button[name=one]")) {
    button.value = `${button.dataset.action}.${key(row)}.${version}`;
  }
}

async function send(action, sent, { reason = "", explanation = "" } = {}) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const [name, value] of Object.entries({ action, reason, explanation, index: 0, select_across: 0 })) data.set(name, value);
  for (const row of sent) {
    data.append("_selected_action", key(row));
    data.set(seen(row).name, seen(row).value);
  }
  const response = await fetch(location.pathname, { method: "POST", body: data, headers: { Accept: "application/json" } });
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(response.status);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error, { cause: answer.error });
  return answer;
}

/** Decides on rows at once in the page, then by the server's word: what it refuses comes back with its reason. */
async function act(action, label, sent, more) {
  warn("");
  const places = takeOut(sent);
  fetchAhead();
  try {
    const { taken, refused } = await inTurn(() => send(action, sent, more));
    const done = places.filter(({ row }) => key(row) in taken);
    for (const { row } of done) setVersion(row, taken[key(row)]);
    if (done.length) decided.push(done);
    if (done.length) say(`${label} : ${names(done)}`);
    for (const place of places.filter(({ row }) => key(row) in refused)) {
      putBack(place);
      note(place.row, refused[key(place.row)]);
    }
    warn(Object.values(refused).join(" "));
  } catch (error) {
    for (const place of places) putBack(place);
    warn(error.cause ?? desk.dataset.failed);
  }
  if (!current?.isConnected) moveTo(rows()[0]);
  if (!current) say(desk.dataset.empty);
}

const undo = () =>
  inTurn(async () => {
    const places = decided.pop();
    if (!places) return say(desk.dataset.nothing);
    warn("");
    try {
      const { taken, refused } = await send("undo", places.map(({ row }) => row));
      const back = places.filter(({ row }) => key(row) in taken);
      for (const place of back) {
        setVersion(place.row, taken[key(place.row)]);
        putBack(place);
      }
      if (back.length) moveTo(back[0].row);
      if (back.length) say(`${desk.dataset.undone} ${names(back)}`);
      warn(Object.values(refused).join(" "));
    } catch (error) {
      decided.push(places);
      warn(error.cause ?? desk.dataset.failed);
    }
  });

/** Brings the next page of the list in when few comments are left of this one. */
async function fetchAhead() {
  const next = document.querySelector(".pages a[rel=next]");
  if (isLoading || !next || rows().length >= AHEAD) return;
  isLoading = true;
  try {
    const response = await fetch(next.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const here = new Set(rows().map(key));
    for (const row of page.querySelectorAll("#result_list tbody tr")) {
      if (!here.has(key(row))) body.append(document.adoptNode(row));
    }
    const further = page.querySelector(".pages a[rel=next]");
    if (further) next.href = new URL(further.getAttribute("href"), next.href);
    else next.closest("li").remove();
    if (!current?.isConnected) moveTo(rows()[0]);
  } catch {
    // The link still stands there, for the next decision or for a click.
  } finally {
    isLoading = false;
  }
}

/** Asks for what the action needs, then acts: by a key on what is ticked or current, by a button on its own row. */
function ask(action, then) {
  if (action === "reject" || action === "remove") askForReason(then);
  else if (action === "escalate") askForNote("escalate", (explanation) => then({ explanation }));
  else then();
}

const labelOf = (action) => form.querySelector(`[name=action] option[value=${action}]`).textContent;

function askAndAct(action, sent) {
  if (sent.length) ask(action, (more) => act(action, labelOf(action), sent, more));
}

/** By a key: on all that match, where that is what one has ticked, by the page's own form; else on some rows. */
function decide(action) {
  if (!isAcross()) return askAndAct(action, chosen());
  ask(action, ({ reason = "", explanation = "" } = {}) => {
    for (const [name, value] of Object.entries({ action, reason, explanation })) form.elements[name].value = value;
    form.requestSubmit(form.querySelector("button[name=index]"));
  });
}

function askForReason(then) {
  const box = dialog("reason");
  const choose = (reason) => {
    box.close();
    if (reason === "other") askForNote("other", (explanation) => then({ reason, explanation }));
    else then({ reason });
  };
  box.onclick = ({ target }) => {
    const button = target.closest("[data-reason]");
    if (button) choose(button.dataset.reason);
  };
  box.onkeydown = (event) => {
    const button = box.querySelectorAll("[data-reason]")[Number(event.key) - 1];
    if (!button || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    choose(button.dataset.reason);
  };
  box.showModal();
}

function askForNote(kind, then) {
  const box = dialog("note");
  const title = box.querySelector("[data-title]");
  const field = box.querySelector("textarea");
  title.textContent = title.dataset[kind];
  field.value = "";
  box.returnValue = "";
  box.onclose = () => {
    if (box.returnValue === "send") then(field.value);
  };
  field.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.querySelector("[value=send]").click();
  };
  box.showModal();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => decide("approve"),
  r: () => decide("reject"),
  s: () => decide("mark_as_spam"),
  e: () => decide("escalate"),
  u: undo,
  m: () => current?.querySelector("[data-pen-link]")?.click(),
  o: () => current && window.open(current.querySelector("[data-open]").href, "_blank", "noopener"),
  x: () => current?.querySelector(".action-select")?.click(),
  X: extend,
  "?": () => dialog("help").showModal(),
};

function start() {
  desk.hidden = false;
  const shortcuts = desk.querySelector("[data-shortcuts]");
  shortcuts.checked = localStorage.getItem("desk-shortcuts") !== "off";
  shortcuts.addEventListener("change", () => localStorage.setItem("desk-shortcuts", shortcuts.checked ? "on" : "off"));
  desk.querySelector("[data-help]").addEventListener("click", KEYS["?"]);
  document.addEventListener("keydown", (event) => {
    // A dialog that has just been closed may still hold the focus for a moment.
    const box = event.target.closest("dialog");
    const typing = box ? box.open : event.target.closest("input:not([type=checkbox]), select, textarea");
    if (!shortcuts.checked || typing || event.ctrlKey || event.altKey || event.metaKey || !(event.key in KEYS)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=one]");
    const row = event.target.closest("#result_list tbody tr");
    if (row) moveTo(row, { focus: false });
    if (!button) return;
    event.preventDefault();
    askAndAct(button.dataset.action, [row]);
  });
  moveTo(rows()[0], { focus: false });
}

if (desk && body) start();
