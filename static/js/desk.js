/**
 * The moderators' desk by keyboard: decides in place, moves on, loads what comes next, takes back.
 * It sends the list's own form and asks for JSON; without it the same buttons and actions lead to pages.
 * Its sentences come from the page (data-… of the desk).
 */

import { body, desk, form, key, nameIn, note, number, putBack, rows, setVersion, settle, showNumbers } from "./desk-rows.js";
import { extend, isAcross } from "./desk-selection.js";
import { Refused, send } from "./desk-server.js";

const AHEAD = 15;

const decided = [];
const unsent = {};
let current = null;
let isLoading = false;
let isLeaving = false;
let line = Promise.resolve();

const dialog = (name) => desk.querySelector(`[data-dialog=${name}]`);
const noteOf = (action, sent) => [action, ...sent.map(key)].join(" ");
const names = (some) => some.map(nameIn).join(", ");

/** What is sent waits for what was sent before: a decision can only be taken back once the server has it. */
function inTurn(task) {
  const done = line.then(task);
  line = done.catch(() => {});
  return done;
}

function say(sentence) {
  desk.querySelector("[data-status]").textContent = sentence;
  desk.querySelector("[data-undo]").hidden = !decided.length;
}

function warn(sentence) {
  const alert = desk.querySelector("[data-alert]");
  alert.hidden = !sentence;
  alert.textContent = sentence;
  desk.querySelector("[data-login]").hidden = sentence !== desk.dataset.expired;
}

function moveTo(row, { focus = true } = {}) {
  current?.removeAttribute("aria-current");
  current = row ?? null;
  if (!current) return;
  current.setAttribute("aria-current", "true");
  current.tabIndex = -1;
  if (focus) current.focus();
  fetchAhead();
}

function step(by) {
  const all = rows();
  moveTo(all[Math.min(all.length - 1, Math.max(0, all.indexOf(current) + by))]);
}

function chosen() {
  const ticked = rows().filter((row) => row.querySelector(".action-select")?.checked);
  return ticked.length ? ticked : current ? [current] : [];
}

/** Takes rows out of the list and moves to what follows. */
function takeOut(taken) {
  const all = rows();
  const last = all.indexOf(taken[taken.length - 1]);
  const next = [...all.slice(last + 1), ...all.slice(0, last).reverse()].find((row) => !taken.includes(row));
  for (const row of taken) {
    const box = row.querySelector(".action-select");
    if (box?.checked) box.click();
    note(row, "");
    row.remove();
  }
  moveTo(next);
}

/** Decides on rows at once in the page, then by the server's word: what it refuses comes back with its reason. */
async function act(action, sent, more) {
  warn("");
  takeOut(sent);
  try {
    const { taken, refused, lanes } = await inTurn(() => send(action, sent, more));
    const done = sent.filter((row) => key(row) in taken);
    for (const row of done) setVersion(row, taken[key(row)]);
    if (done.length) decided.push(done);
    if (done.length) say(`${desk.dataset[action]} ${names(done)}`);
    for (const row of sent.filter((row) => key(row) in refused)) {
      putBack(row);
      settle(row, refused[key(row)]);
    }
    warn(Object.values(refused).join(" "));
    showNumbers(lanes);
    delete unsent[noteOf(action, sent)];
  } catch (error) {
    const sentence = error instanceof Refused ? error.message : desk.dataset.failed;
    for (const row of sent) {
      putBack(row);
      note(row, sentence);
    }
    warn(sentence);
    if (more?.explanation) unsent[noteOf(action, sent)] = more.explanation;
  }
  if (!current?.isConnected) moveTo(rows()[0]);
  if (!current) finish();
}

/** Goes to what could not be brought in, once all is sent; else says that nothing is left, where the keyboard and a screen reader are. */
async function finish() {
  if (isLoading) return;
  const next = document.querySelector(".pages a[rel=next]");
  if (next) {
    await line;
    if (rows().length || isLeaving) return;
    isLeaving = true;
    location.assign(next.href);
    return;
  }
  say(desk.dataset.empty);
  const status = desk.querySelector("[data-status]");
  status.tabIndex = -1;
  status.focus();
}

const undo = () =>
  inTurn(async () => {
    const last = decided.pop();
    if (!last) return say(desk.dataset.nothing);
    warn("");
    try {
      const { taken, refused, lanes } = await send("undo", last);
      const back = last.filter((row) => key(row) in taken);
      for (const row of back) {
        setVersion(row, taken[key(row)]);
        putBack(row);
      }
      if (back.length) moveTo(back[0]);
      if (back.length) say(`${desk.dataset.undone} ${names(back)}`);
      warn(Object.values(refused).join(" "));
      showNumbers(lanes);
    } catch (error) {
      decided.push(last);
      warn(error instanceof Refused ? error.message : desk.dataset.failed);
    }
  });

/** Brings the next page of the list in when few comments are left below the one that one is at. */
async function fetchAhead() {
  const next = document.querySelector(".pages a[rel=next]");
  const all = rows();
  if (isLoading || !next || all.length - 1 - all.indexOf(current) >= AHEAD) return;
  isLoading = true;
  try {
    const response = await fetch(next.href, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const here = new Set(rows().map(key));
    const more = [...page.querySelectorAll("#result_list tbody tr")].filter((row) => !here.has(key(row)));
    for (const row of more) body.append(document.adoptNode(row));
    number(more);
    const further = page.querySelector(".pages a[rel=next]");
    if (further) next.href = new URL(further.getAttribute("href"), next.href);
    else next.closest("li").remove();
    if (!current?.isConnected) moveTo(rows()[0]);
  } catch {
    // The link still stands there, for the next decision or for a click.
  } finally {
    isLoading = false;
  }
  if (!current) finish();
}

/** Asks for what the action needs, then acts. */
function ask(action, sent, then) {
  const about = noteOf(action, sent);
  if (action === "reject" || action === "remove") askForReason(about, then);
  else if (action === "escalate") askForNote("escalate", about, (explanation) => then({ explanation }));
  else then();
}

/** Acts on those of the rows that offer the action: nobody is asked why what cannot be refused is to be. */
function askAndAct(action, sent) {
  const open = sent.filter((row) => !("settled" in row.dataset));
  const fit = open.filter((row) => row.querySelector(`button[data-action=${action}]`));
  if (fit.length) ask(action, fit, (more) => act(action, fit, more));
  else if (open.length) warn(desk.dataset.unfit);
  else if (sent.length) warn(sent.map((row) => row.dataset.settled).join(" "));
}

/** By a key: on all that match, where that is what one has ticked, by the page's own form; else on some rows. */
function decide(action) {
  if (!isAcross()) return askAndAct(action, chosen());
  ask(action, [], ({ reason = "", explanation = "" } = {}) => {
    for (const [name, value] of Object.entries({ action, reason, explanation })) form.elements[name].value = value;
    form.requestSubmit(form.querySelector("button[name=index]"));
  });
}

function askForReason(about, then) {
  const box = dialog("reason");
  const choose = (reason) => {
    box.close();
    if (reason === "other") askForNote("other", about, (explanation) => then({ reason, explanation }));
    else then({ reason });
  };
  box.onclick = ({ target }) => {
    const button = target.closest("[data-reason]");
    if (button) choose(button.dataset.reason);
  };
  // By the place of the key: a French keyboard writes «é» where its second digit stands.
  box.onkeydown = (event) => {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? event.key;
    const button = box.querySelectorAll("[data-reason]")[Number(digit) - 1];
    if (!button || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    choose(button.dataset.reason);
  };
  box.showModal();
}

/** Asks for words; those that one did not send the last time, or that the server did not get, stand there again. */
function askForNote(kind, about, then) {
  const box = dialog("note");
  const title = box.querySelector("[data-title]");
  const field = box.querySelector("textarea");
  title.textContent = title.dataset[kind];
  field.value = unsent[about] ?? "";
  box.returnValue = "";
  box.onclose = () => {
    if (box.returnValue === "send") then(field.value);
    else unsent[about] = field.value;
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
  o: () => current && window.open(current.querySelector("[data-open]").dataset.open, "_blank", "noopener"),
  x: () => current?.querySelector(".action-select")?.click(),
  J: () => {
    current?.querySelector(".action-select")?.click();
    step(1);
  },
  X: extend,
  "?": () => dialog("help").showModal(),
};

function start() {
  desk.hidden = false;
  number(rows());
  const shortcuts = desk.querySelector("[data-shortcuts]");
  shortcuts.checked = localStorage.getItem("desk-shortcuts") !== "off";
  shortcuts.addEventListener("change", () => localStorage.setItem("desk-shortcuts", shortcuts.checked ? "on" : "off"));
  desk.querySelector("[data-help]").addEventListener("click", KEYS["?"]);
  desk.querySelector("[data-undo]").addEventListener("click", undo);
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
