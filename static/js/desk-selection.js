/**
 * Keeps what is ticked true while rows leave the list and others are brought in: Django's own script knows only those
 * that the page came with. «X» ticks all that are shown; once more, all that match.
 */

const form = document.querySelector("#changelist-form");
const bar = form?.querySelector(".actions");
const toggle = form?.querySelector("#action-toggle");

const boxes = () => [...form.querySelectorAll("#result_list tbody .action-select")];
const across = () => bar.querySelector("input.select-across");

function sync() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  const isFull = all.length > 0 && ticked === all.length;
  if (!isFull) across().value = "0";
  const isAcross = across().value === "1";
  toggle.checked = isFull;
  const counter = bar.querySelector(".action-counter");
  counter.textContent = counter.textContent.replace(/^\d+/, ticked).replace(/(\D)\d+/, `$1${all.length}`);
  counter.classList.toggle("hidden", isAcross);
  bar.querySelector(".question")?.classList.toggle("hidden", !isFull || isAcross);
  for (const shown of bar.querySelectorAll(".all, .clear")) shown.classList.toggle("hidden", !isAcross);
}

function tickAll(checked) {
  for (const box of boxes()) {
    box.checked = checked;
    box.closest("tr").classList.toggle("selected", checked);
  }
}

/** Ticks what is shown or, when all of that is, all that match. */
export function extend() {
  const question = bar?.querySelector(".question:not(.hidden) a");
  if (question) question.click();
  else toggle?.click();
}

/** Whether an action is to reach all that match, beyond what is shown. */
export const isAcross = () => across()?.value === "1";

if (bar && toggle) {
  const after = (act) => setTimeout(() => (act?.(), sync()));
  toggle.addEventListener("click", () => after(() => tickAll(toggle.checked)));
  form.querySelector("#result_list tbody").addEventListener("change", () => after());
  bar.addEventListener("click", (event) => {
    if (event.target.closest(".clear a")) after(() => tickAll(false));
    else if (event.target.closest(".question a")) after();
  });
  new MutationObserver(() => after()).observe(form.querySelector("#result_list tbody"), { childList: true });
}
