/**
 * Says which comments one has before one's eyes, and shows who else has them, what became of them meanwhile, and the
 * lanes' numbers: for information only, nothing is locked. Its sentences come from the page (data-… of the desk).
 */

import { body, desk, key, rows, seen, settle, showNumbers } from "./desk-rows.js";
import { post } from "./desk-server.js";

const EVERY = 30_000;
const AFTER_A_MOVE = 1_500;

let waiting = 0;

function isInView(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

function show(row, names) {
  let words = row.querySelector(".presence");
  if (!names) return words?.remove();
  if (!words) {
    words = document.createElement("p");
    words.className = "presence";
    row.querySelector(".sender").after(words);
  }
  words.textContent = `${names.length > 1 ? desk.dataset.presences : desk.dataset.presence} ${names.join(", ")}`;
}

async function tell() {
  clearTimeout(waiting);
  if (document.hidden) return;
  const before = rows().filter(isInView);
  const versions = new Map(before.map((row) => [row, seen(row).value]));
  try {
    const response = await post(desk.dataset.presenceUrl, before.map((row) => ["comment", key(row)]));
    const { others, standing, lanes } = await response.json();
    for (const row of rows()) show(row, others[key(row)]);
    for (const [row, version] of versions) {
      const now = standing[key(row)];
      const isOther = now && String(now.version) !== version && seen(row).value === version;
      if (isOther && row.isConnected && !("settled" in row.dataset)) settle(row, `${desk.dataset.changed} ${now.state}.`, now);
    }
    showNumbers(lanes);
  } catch {
    // Nobody is told, and nothing is lost: it is said again in half a minute.
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(tell, AFTER_A_MOVE);
}

if (desk && body) {
  setInterval(tell, EVERY);
  for (const event of ["scroll", "focusin", "visibilitychange"]) document.addEventListener(event, soon, { passive: true });
  tell();
}
