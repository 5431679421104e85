/** The page on which an article, or a legal page, is written: makes the editor of the text area, and what stands around it. */

import { Editor } from "../../django_prose_editor/editor.js";
import { counts } from "./counts.js";
import { drafts } from "./drafts.js";
import { linkTo } from "./embeds.js";
import { extensions } from "./extensions.js";
import { holdsFiles, holdTheRest } from "./files.js";
import { labels } from "./labels.js";
import { openLink } from "./links.js";
import { tidy } from "./paste.js";
import { pictures } from "./pictures.js";
import { page } from "./server.js";
import { source } from "./source.js";
import { toolbar } from "./toolbar.js";

const WAIT = 200;

/** Returns whether a link may lead somewhere: the server's cleaner has the same rule, and the last word. */
function allows(schemes) {
  const scheme = new RegExp(`^(?:${schemes.join("|")}):[^\\\\]+$`, "i");
  return (address) => scheme.test(address) || /^(?:\/(?![/\\])|#)[^\\]*$/.test(address);
}

/** Returns the nearest place between two blocks of the text to where something is dropped. */
function between(view, { clientX, clientY }) {
  const place = view.state.doc.resolve(view.posAtCoords({ left: clientX, top: clientY }).pos);
  if (!place.depth) return place.pos;
  const { top, bottom } = view.nodeDOM(place.before(1)).getBoundingClientRect();
  return clientY < (top + bottom) / 2 ? place.before(1) : place.after(1);
}

function write(area) {
  const config = JSON.parse(area.dataset.djangoProseEditorArticle);
  const box = area.closest("[data-writing]");
  const form = area.form;
  const status = box.querySelector("[role=status]");
  const isAllowed = allows(config.schemes);
  const label = document.querySelector(`label[for=${area.id}]`);
  label.id ||= `${area.id}_label`;
  const help = document.getElementById(`${area.id}_helptext`);
  if (help) help.hidden = true;

  const insertPicture = (id, place) => {
    const node = { type: "figure", attrs: { picture: id } };
    const chain = editor.chain().focus();
    (place === undefined ? chain.insertContent(node) : chain.insertContentAt(place, node)).run();
  };
  const isIllustrated = "figure" in config.elements;
  const noImage = isIllustrated ? box.dataset.noImage : box.dataset.neverImage;
  const open = { link: () => openLink(editor, { isAllowed }), picture: () => pictures.open(insertPicture, config) };
  const receive = (files, place) => {
    if (isIllustrated) pictures.open((id) => insertPicture(id, place), config, files);
    else status.textContent = noImage;
    return true;
  };

  const editor = new Editor({
    element: box.querySelector("[data-editor]"),
    injectCSS: false,
    content: tidy(area.value, config),
    extensions: extensions({ ...config, isAllowed, pictures, openLink: open.link, placeholder: box.dataset.placeholder }),
    editorProps: {
      attributes: {
        class: "prose",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        lang: "fr",
        spellcheck: "true",
      },
      transformPastedHTML(html) {
        status.textContent = /<img\b/i.test(html) ? noImage : "";
        return tidy(html, config);
      },
      handlePaste(_view, { clipboardData }) {
        const text = clipboardData.getData("text/plain").trim();
        // A word processor brings a picture of its text along; a file that was copied, its name.
        if (clipboardData.files.length && !(text && clipboardData.getData("text/html"))) return receive(clipboardData.files);
        const found = editor.state.selection.empty && linkTo(text, config.embeds);
        if (!found) return false;
        const { text: words, ...attrs } = found;
        editor.chain().focus().insertContent([{ type: "text", text: words, marks: [{ type: "link", attrs }] }]).unsetMark("link").run();
        status.textContent = box.dataset.linked;
        return true;
      },
      handleDrop(view, event) {
        // A picture that is moved within the text comes with a file of its own.
        if (view.dragging || !holdsFiles(event.dataTransfer)) return false;
        return receive(event.dataTransfer.files, between(view, event));
      },
    },
  });

  const count = counts(box, status, config);
  const text = () => editor.state.doc.textBetween(0, editor.state.doc.content.size, " ", " ");
  let last = source(editor, config);
  let waiting = 0;
  const flush = () => {
    clearTimeout(waiting);
    const now = source(editor, config);
    if (now === last) return;
    last = area.value = now;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    count(text());
  };
  editor.on("update", () => {
    clearTimeout(waiting);
    waiting = setTimeout(flush, WAIT);
  });
  count(text());
  // Before anybody else reads the field: the drafts, and the form that is sent.
  for (const event of ["pagehide", "visibilitychange"]) document.defaultView.addEventListener(event, flush, true);
  form.addEventListener("submit", flush, true);
  label.addEventListener("click", () => editor.commands.focus());
  // What is wrong with the text leads to where one writes it.
  document.querySelector(`.faults [href="#${area.id}"]`)?.addEventListener("click", (event) => {
    event.preventDefault();
    editor.commands.focus();
  });

  area.hidden = true;
  toolbar(box.querySelector("[role=toolbar]"), editor, { elements: config.elements, own: open });
  box.querySelector("[data-foot]").hidden = false;
  box.dataset.ready = "";
  const replace = (html) => {
    editor.commands.setContent(html, { emitUpdate: true });
    flush();
  };
  // What the browser's own «back» has put into the field, since the editor was made.
  addEventListener("pageshow", () => {
    if (area.value !== area.defaultValue && area.value !== last) replace(area.value);
  });
  return { replace, status };
}

/** Offers what the browser alone has kept, as the page offers what the server has. */
function offer({ at, values, key, forget }, form, written) {
  const box = document.getElementById("kept-here");
  box.querySelector("time").textContent = new Date(at).toLocaleString("fr", { dateStyle: "long", timeStyle: "short" });
  box.querySelector("[data-resume]").addEventListener("click", () => {
    for (const [name, value] of values) {
      const field = form.elements[name];
      if (!field || typeof field.value !== "string") continue;
      if (name === "body") written.replace(value);
      field.value = value;
    }
    // What the server has of that form is what this text goes on from.
    form.elements.form_key.value = key;
    forget();
    form.dispatchEvent(new Event("input"));
    box.hidden = true;
  });
  // The server may have got it since this page was made.
  const abandon = box.querySelector("form");
  abandon.elements.form_key.value = key;
  abandon.addEventListener("submit", forget);
  box.hidden = false;
}

/** Keeps what is typed, says so under the text, and offers what was kept before. */
function keep(form, written) {
  const place = document.querySelector("[data-kept]");
  const { found } = drafts(form, (said, { isProblem = false } = {}) => {
    place.textContent = said;
    place.classList.toggle("is-problem", isProblem);
    if (isProblem) written.status.textContent = said;
  });
  if (found) offer(found, form, written);
}

for (const button of document.querySelectorAll(".writing-dialog [data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

labels();
holdTheRest();

const area = document.querySelector("[data-django-prose-editor-article]");
if (page && area) {
  const written = write(area);
  if (page.dataset.draftUrl) keep(area.form, written);
  const headline = document.getElementById("id_headline");
  headline?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    document.getElementById("id_standfirst")?.focus();
  });
}
