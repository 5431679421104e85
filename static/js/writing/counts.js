/** How long the text is, and what is left for the title and the standfirst; said aloud only near the limit. */

import { page } from "./server.js";

const NEAR = 20;
const PAUSE = 1_500;
const WORD = /[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu;
const number = new Intl.NumberFormat("fr");

const plural = (count, one, many) => (count < 2 ? one : many).replace("%(count)s", number.format(count));

/** Shows under a field what is left for it. */
function countdown(field, status) {
  const longest = Number(field.dataset.longest);
  const place = field.parentElement.appendChild(document.createElement("p"));
  place.className = "writing-left";
  let waiting = 0;
  const show = () => {
    // As the server counts: characters, not the halves of an emoji; a form sends each line's end as two.
    const left = longest - [...field.value.replace(/\n/g, "\r\n")].length;
    const { left1, left: many, over1, over } = page.dataset;
    place.textContent = left < 0 ? plural(-left, over1, over) : plural(left, left1, many);
    place.classList.toggle("is-over", left < 0);
    return left;
  };
  field.addEventListener("input", () => {
    const left = show();
    clearTimeout(waiting);
    if (left <= NEAR) waiting = setTimeout(() => (status.textContent = place.textContent), PAUSE);
  });
  show();
}

/** Counts from now on; returns what shows the length of a text. */
export function counts(box, status, { wordsPerMinute }) {
  for (const field of document.querySelectorAll("[data-longest]")) countdown(field, status);
  const place = box.querySelector("[data-words]");
  return (text) => {
    const words = text.match(WORD)?.length ?? 0;
    const minutes = Math.max(1, Math.round(words / wordsPerMinute));
    const { word, manyWords, minute } = page.dataset;
    const said = [plural(words, word, manyWords), ...(words ? [minute.replace("%(count)s", minutes)] : [])];
    place.textContent = said.join(" · ");
  };
}
