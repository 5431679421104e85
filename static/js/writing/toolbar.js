/** The toolbar: one stop of the Tab key, its buttons by arrows (WAI-ARIA's pattern), each pressed where it holds. */

const COMMANDS = {
  h2: [(chain) => chain.toggleHeading({ level: 2 }), ["heading", { level: 2 }]],
  h3: [(chain) => chain.toggleHeading({ level: 3 }), ["heading", { level: 3 }]],
  strong: [(chain) => chain.toggleBold(), ["bold"]],
  em: [(chain) => chain.toggleItalic(), ["italic"]],
  s: [(chain) => chain.toggleStrike(), ["strike"]],
  sub: [(chain) => chain.toggleSubscript(), ["subscript"]],
  sup: [(chain) => chain.toggleSuperscript(), ["superscript"]],
  code: [(chain) => chain.toggleCode(), ["code"]],
  pre: [(chain) => chain.toggleCodeBlock(), ["codeBlock"]],
  ul: [(chain) => chain.toggleBulletList(), ["bulletList"]],
  ol: [(chain) => chain.toggleOrderedList(), ["orderedList"]],
  blockquote: [(chain) => chain.toggleBlockquote(), ["blockquote"]],
  hr: [(chain) => chain.setHorizontalRule()],
  table: [(chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true })],
  undo: [(chain) => chain.undo()],
  redo: [(chain) => chain.redo()],
  row: [(chain) => chain.addRowAfter()],
  column: [(chain) => chain.addColumnAfter()],
  "row-off": [(chain) => chain.deleteRow()],
  "column-off": [(chain) => chain.deleteColumn()],
  heading: [(chain) => chain.toggleHeaderCell(), ["tableHeader"]],
  merge: [(chain) => chain.mergeOrSplit()],
  "table-off": [(chain) => chain.deleteTable()],
};

/** Brings a toolbar to life; `own` holds the commands that open a dialog, by their names. */
export function toolbar(bar, editor, { elements, own }) {
  const buttons = [...bar.querySelectorAll("button[data-command]")];
  const inTable = bar.querySelector("[data-table]");
  for (const button of buttons) {
    const { command, element } = button.dataset;
    if (element && !(element in elements)) button.hidden = true;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      if (own[command]) own[command]();
      else COMMANDS[command][0](editor.chain().focus()).run();
    });
  }

  const reachable = () => buttons.filter((button) => button.offsetParent);
  bar.addEventListener("keydown", (event) => {
    const all = reachable();
    const here = all.indexOf(document.activeElement);
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (here < 0 || there === undefined) return;
    event.preventDefault();
    all.at(there % all.length).focus();
  });
  bar.addEventListener("focusin", ({ target }) => {
    for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
  });
  buttons.forEach((button, place) => (button.tabIndex = place ? -1 : 0));

  const update = () => {
    for (const button of buttons) {
      const [command, active] = COMMANDS[button.dataset.command] ?? [null, ["link"]];
      if (active && button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", editor.isActive(...active));
      if (command) button.setAttribute("aria-disabled", !command(editor.can().chain()).run());
    }
    inTable.hidden = !editor.isActive("table");
  };
  editor.on("transaction", update);
  update();
  bar.hidden = false;
}
