/**
 * The moderator's pen: replaces the selected passage by its mark, by a button or a key, so that Ctrl+Z takes it back.
 * Without it one types the mark; the server holds the text against the original either way.
 */

const MARK = "[…]";
const form = document.querySelector("[data-pen]");

function mask() {
  const field = form.querySelector("textarea[name=text]");
  const status = form.querySelector("[data-status]");
  const passage = field.value.slice(field.selectionStart, field.selectionEnd);
  field.focus();
  if (!passage.trim()) {
    status.textContent = form.dataset.empty;
    return;
  }
  // White space around the passage stays where it is.
  const start = field.selectionStart + passage.length - passage.trimStart().length;
  field.setSelectionRange(start, start + passage.trim().length);
  // The only way to type into a field that the browser can undo.
  if (!document.execCommand("insertText", false, MARK)) field.setRangeText(MARK, field.selectionStart, field.selectionEnd, "end");
  status.textContent = form.dataset.done;
}

if (form) {
  form.querySelector("[data-tools]").hidden = false;
  form.querySelector("[data-mask]").addEventListener("click", mask);
  form.addEventListener("keydown", (event) => {
    // A Mac's Option key turns m into µ.
    if (!event.altKey || event.ctrlKey || event.metaKey || !["m", "µ"].includes(event.key.toLowerCase())) return;
    event.preventDefault();
    mask();
  });
}
