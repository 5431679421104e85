/** Gives the fields that select2 draws the label of those that they stand for: it leaves them without any. */

function name() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible[aria-label]")) {
    const drawn = select.nextElementSibling?.querySelector("[role=combobox]");
    if (!drawn || drawn.id) continue;
    drawn.id = `${select.id}_drawn`;
    drawn.setAttribute("aria-label", select.getAttribute("aria-label"));
    drawn.setAttribute("aria-labelledby", `${drawn.id} ${drawn.getAttribute("aria-labelledby") ?? ""}`.trim());
  }
}

/** Names them from now on, those of rows that are added too. */
export function labels() {
  addEventListener("load", () => setTimeout(name));
  document.addEventListener("formset:added", () => setTimeout(name));
}
