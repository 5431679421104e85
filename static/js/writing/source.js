/** From what the editor holds to the HTML that is sent: plain, and nothing but the list that comes with the page. */

import { pm } from "../../django_prose_editor/editor.js";

/** Puts what an element holds in its place. */
export function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

/** A document in which nothing is loaded, run or styled. */
export function apart(html = "") {
  const page = document.implementation.createHTMLDocument("");
  page.body.innerHTML = html;
  return page;
}

/** A cell or an item that holds one paragraph holds its words instead. */
function shorten(root) {
  for (const paragraph of root.querySelectorAll("li > p:first-child, td > p:only-child, th > p:only-child")) {
    const next = paragraph.nextElementSibling;
    if (!next || next.matches("ul, ol")) unwrap(paragraph);
  }
}

/** A first row of headings is the table's head; other headings are those of their row. */
function head(table) {
  const page = table.ownerDocument;
  const [first, ...others] = table.rows;
  const isHead = first && others.length && [...first.cells].every((cell) => cell.tagName === "TH");
  for (const cell of table.querySelectorAll("th")) cell.scope = isHead && cell.parentElement === first ? "col" : "row";
  if (!isHead) return;
  const thead = page.createElement("thead");
  thead.append(first);
  table.prepend(thead);
}

function keepToTheList(root, elements) {
  for (const element of root.querySelectorAll("*")) {
    const names = elements[element.localName];
    if (!names) {
      unwrap(element);
      continue;
    }
    for (const { name } of [...element.attributes]) if (!names.includes(name)) element.removeAttribute(name);
  }
}

/** Returns the source of what an editor holds. */
export function source(editor, { elements }) {
  const page = apart();
  const serializer = pm.model.DOMSerializer.fromSchema(editor.schema);
  page.body.append(serializer.serializeFragment(editor.state.doc.content, { document: page }));
  shorten(page.body);
  for (const table of page.querySelectorAll("table")) head(table);
  keepToTheList(page.body, elements);
  for (const empty of page.querySelectorAll(":is(p, h2, h3):empty")) empty.remove();
  return [...page.body.children].map((block) => block.outerHTML).join("\n");
}
