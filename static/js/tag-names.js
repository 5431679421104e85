/**
 * Offers tags while one types their names, commas between them: the pattern of a combobox with a list
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without it, names are typed in full.
 */

const PAUSE = 150;

for (const field of document.querySelectorAll("input[data-tags]")) combobox(field);

function combobox(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-offered`;
  list.className = "tags-offered";
  list.role = "listbox";
  list.ariaLabel = field.labels[0]?.textContent.trim() ?? "";
  list.hidden = true;
  const place = document.createElement("span");
  place.className = "tags-field";
  field.replaceWith(place);
  place.append(field, list);
  field.role = "combobox";
  field.ariaAutoComplete = "list";
  field.ariaExpanded = "false";
  field.setAttribute("aria-controls", list.id);

  let waiting;
  let asking;
  let active = -1;

  // The name in which the caret stands: where it begins and ends, and what is typed of it.
  function current() {
    const before = field.value.slice(0, field.selectionStart);
    const start = before.lastIndexOf(",") + 1;
    const comma = field.value.indexOf(",", start);
    const end = comma < 0 ? field.value.length : comma;
    return { start, end, name: field.value.slice(start, end).trim() };
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    active = -1;
    field.ariaExpanded = "false";
    field.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    const options = [...list.children];
    active = (place + options.length) % options.length;
    options.forEach((option, number) => (option.ariaSelected = String(number === active)));
    field.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function take(name) {
    const { start, end } = current();
    const head = field.value.slice(0, start) + (start ? " " : "") + name;
    const tail = field.value.slice(end);
    field.value = tail ? head + tail : `${head}, `;
    const caret = tail ? head.length : field.value.length;
    field.setSelectionRange(caret, caret);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  function show(names) {
    list.replaceChildren(
      ...names.map((name, number) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${number}`;
        option.role = "option";
        option.ariaSelected = "false";
        option.textContent = name;
        return option;
      }),
    );
    active = -1;
    list.hidden = names.length === 0;
    field.ariaExpanded = String(names.length > 0);
    field.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    asking?.abort();
    const { name } = current();
    if (!name) return close();
    asking = new AbortController();
    const address = new URL(field.dataset.tags, location.href);
    address.searchParams.set("q", name);
    try {
      const response = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!response.headers.get("Content-Type")?.startsWith("application/json")) return;
      const typed = field.value.split(",").map((part) => part.trim());
      show((await response.json()).filter((found) => !typed.includes(found)));
    } catch {
      // Overtaken by the next letter, or without a network: names may still be typed in full.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    const { name } = current();
    if (event.key in moves && !list.hidden) mark(active < 0 && moves[event.key] < 0 ? -1 : active + moves[event.key]);
    else if (event.key === "Enter" && active >= 0) take(list.children[active].textContent);
    // A name that is typed in full ends here, and what is written is sent from where there is none; a search is sent at once.
    else if (event.key === "Enter" && name && field.form.method === "post") take(name);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });
  // The field keeps the focus, so that leaving it does not close the list before it is read.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option.textContent);
  });
}
