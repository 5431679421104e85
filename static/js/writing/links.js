/** The dialog in which one gives words a link, changes it, or takes it away. */

const dialog = document.getElementById("link-dialog");
const MAIL = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;

/** Returns an address as it is to be written, from what somebody types for one. */
function complete(typed) {
  const address = typed.trim();
  if (MAIL.test(address)) return `mailto:${address}`;
  return /^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(address) ? address : `https://${address}`;
}

/** Opens the dialog about the words that are selected, or the link in which one stands. */
export function openLink(editor, { isAllowed }) {
  const form = dialog.querySelector("form");
  const { href, words, title } = form.elements;
  const isLink = editor.isActive("link");
  if (isLink) editor.commands.extendMarkRange("link");
  const { from, to, empty } = editor.state.selection;
  const attributes = editor.getAttributes("link");
  href.value = attributes.href ?? "";
  title.value = attributes.title ?? "";
  words.value = editor.state.doc.textBetween(from, to, " ");
  const before = words.value;
  const remove = form.querySelector("[data-remove]");
  remove.hidden = !isLink;
  remove.onclick = () => {
    dialog.close();
    editor.chain().focus().unsetLink().run();
  };
  href.oninput = () => href.setCustomValidity("");
  form.onsubmit = (event) => {
    event.preventDefault();
    const address = complete(href.value);
    if (!isAllowed(address)) {
      href.setCustomValidity(dialog.dataset.refused);
      href.reportValidity();
      return;
    }
    dialog.close();
    const mark = { type: "link", attrs: { href: address, title: title.value.trim() || null } };
    const chain = editor.chain().focus();
    if (empty || words.value !== before) {
      const text = words.value.trim() || href.value.trim();
      chain.insertContentAt({ from, to }, [{ type: "text", text, marks: [mark] }]).setTextSelection(from + text.length);
    } else {
      chain.setMark("link", mark.attrs).setTextSelection(to);
    }
    chain.unsetMark("link").run();
  };
  dialog.showModal();
  href.focus();
  href.select();
  return true;
}
