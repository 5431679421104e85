/** The rows of the queue: which comment each shows, in which version, and where each belongs. */

export const desk = document.querySelector("[data-desk]");
export const form = document.querySelector("#changelist-form");
export const body = form?.querySelector("#result_list tbody");

const places = new WeakMap();
let lastPlace = 0;

export const rows = () => [...body.querySelectorAll("tr")];
export const seen = (row) => row.querySelector("input[name^=seen_]");
export const key = (row) => seen(row).name.slice("seen_".length);
export const nameIn = (row) => row.querySelector(".sender").textContent;

/** Gives rows their places, once: the order in which the server listed them. */
export function number(some) {
  for (const row of some) places.set(row, (lastPlace += 1));
}

/** Puts a row back between its neighbours, whichever of them are still there. */
export function putBack(row) {
  body.insertBefore(row, rows().find((other) => places.get(other) > places.get(row)) ?? null);
}

/** Says in the row why it came back: whoever decides fast has left the sentence at the foot of the window behind. */
export function note(row, sentence) {
  row.querySelector(".refusal")?.remove();
  if (!sentence) return;
  const words = document.createElement("p");
  words.className = "refusal";
  words.textContent = sentence;
  row.querySelector(".comment-text").after(words);
}

/** Says that somebody else has decided: from here nothing can be done with the row any more, but to load it anew. */
export function settle(row, sentence, { waits = false } = {}) {
  note(row, sentence);
  if (waits) {
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = desk.dataset.reload;
    row.querySelector(".refusal").append(" ", link);
  }
  row.dataset.settled = sentence;
  row.querySelector(".verbs")?.remove();
}

export function setVersion(row, version) {
  seen(row).value = version;
  for (const button of row.querySelectorAll("button[name=one]")) {
    button.value = `${button.dataset.action}.${key(row)}.${version}`;
  }
}

/** Writes the lanes' numbers wherever the page says them, each with its noun, and hides what is said only of some. */
export function showNumbers(lanes) {
  const numbers = { ...lanes, all: Object.values(lanes).reduce((sum, number) => sum + number, 0) };
  for (const element of document.querySelectorAll("[data-number-of]")) {
    element.textContent = numbers[element.dataset.numberOf].toLocaleString("fr");
  }
  for (const element of document.querySelectorAll("[data-noun-of]")) {
    element.textContent = numbers[element.dataset.nounOf] > 1 ? element.dataset.many : element.dataset.one;
  }
  for (const element of document.querySelectorAll("[data-needs]")) element.hidden = !numbers[element.dataset.needs];
}
