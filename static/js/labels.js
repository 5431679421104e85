/** Gives the fields that select2 draws the label of those that they stand for: it leaves them without any. */

function name() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const label = select.labels[0]?.textContent.trim();
    for (const drawn of select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]") ?? []) {
      if (!label || drawn.hasAttribute("aria-label")) continue;
      drawn.id ||= `${select.id}_drawn`;
      drawn.setAttribute("aria-label", label);
      const shown = drawn.getAttribute("aria-labelledby");
      if (shown) drawn.setAttribute("aria-labelledby", `${drawn.id} ${shown}`);
    }
  }
}

// Once it has drawn them, those of rows that are added too.
addEventListener("load", () => setTimeout(name));
document.addEventListener("formset:added", () => setTimeout(name));
