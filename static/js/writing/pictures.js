/** The pictures that stand in the text, and the dialog in which one chooses another or sends one. */

import { refusal } from "./files.js";
import { ask, page, post, Refused } from "./server.js";

const AT_ONCE = 30;
const dialog = document.getElementById("picture-dialog");
const address = dialog?.dataset.url;
const known = new Map();
let wanted = [];

async function fetchWanted() {
  const asked = wanted;
  wanted = [];
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    const some = asked.slice(start, start + AT_ONCE);
    const query = new URLSearchParams(some.map(({ id }) => ["id", id]));
    let found = [];
    try {
      found = await ask(`${address}choisir/?${query}`);
    } catch {
      // The text can be written without its thumbnails.
    }
    for (const { id, resolve } of some) resolve(found.find((picture) => String(picture.id) === id) ?? null);
  }
}

/** Returns a picture by its key, or null; those that are asked for together are fetched together. */
function find(id) {
  if (!known.has(id)) {
    const found = new Promise((resolve) => {
      if (!wanted.length) queueMicrotask(fetchWanted);
      wanted.push({ id, resolve });
    });
    known.set(id, found);
  }
  return known.get(id);
}

function showErrors(form, errors) {
  for (const place of form.querySelectorAll("[data-error]")) {
    const said = (errors[place.dataset.error] ?? []).join(" ");
    place.textContent = said;
    const field = form.elements[place.dataset.error];
    if (field) said ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid");
  }
  form.querySelector("[aria-invalid]")?.focus();
}

/** Opens the dialog, with the first of the files that were dropped or pasted if there are; `insert` takes the picture. */
function open(insert, { files: rules }, files = []) {
  const search = dialog.querySelector("[data-search]");
  const grid = dialog.querySelector("[data-grid]");
  const upload = dialog.querySelector("[data-upload]");
  const status = dialog.querySelector("[data-status]");
  const take = (picture) => {
    known.set(String(picture.id), Promise.resolve(picture));
    dialog.close();
    insert(String(picture.id));
  };

  const show = async () => {
    try {
      const found = await ask(`${address}choisir/?${new URLSearchParams({ q: search.value })}`);
      grid.replaceChildren(...found.map((picture) => choice(picture, take)));
      if (!found.length) status.textContent ||= dialog.dataset.none;
    } catch (error) {
      status.textContent = error.message;
    }
  };
  let waiting = 0;
  search.oninput = () => {
    clearTimeout(waiting);
    status.textContent = "";
    waiting = setTimeout(show, 300);
  };
  search.onkeydown = (event) => event.key === "Enter" && event.preventDefault();
  const { file, alternative_text: words } = upload.elements;
  const look = async () => {
    const [chosen] = file.files;
    const said = chosen ? await refusal(chosen, rules) : "";
    if (file.files[0] !== chosen) return false;
    showErrors(upload, said ? { file: [said] } : {});
    return !said;
  };
  file.onchange = look;
  upload.onsubmit = async (event) => {
    event.preventDefault();
    const button = upload.querySelector("[type=submit]");
    button.disabled = true;
    try {
      if (!(await look())) return;
      status.textContent = dialog.dataset.sending;
      const body = (token) => {
        const data = new FormData(upload);
        data.set("csrfmiddlewaretoken", token);
        return data;
      };
      take(await post(`${address}televerser/`, body));
      upload.reset();
      status.textContent = "";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      showErrors(upload, error.errors ?? {});
      status.textContent = Object.keys(error.errors ?? {}).length ? "" : error.message;
    } finally {
      button.disabled = false;
    }
  };
  showErrors(upload, {});
  status.textContent = "";
  dialog.showModal();
  if (files.length) {
    // What was said of another picture is not said of this one.
    upload.reset();
    const first = new DataTransfer();
    first.items.add(files[0]);
    file.files = first.files;
    words.focus();
    if (files.length > 1) status.textContent = dialog.dataset.one;
    look();
  }
  show();
}

function choice(picture, take) {
  const item = document.createElement("li");
  const button = item.appendChild(document.createElement("button"));
  const image = button.appendChild(document.createElement("img"));
  button.type = "button";
  image.src = picture.thumbnail;
  image.alt = picture.alternative_text;
  image.loading = "lazy";
  const credit = button.appendChild(document.createElement("span"));
  credit.textContent = picture.credit;
  button.addEventListener("click", () => take(picture));
  return item;
}

export const pictures = {
  find,
  open,
  words: { caption: page?.dataset.caption, missing: page?.dataset.missing },
};
