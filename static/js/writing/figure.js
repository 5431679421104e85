/**
 * A picture in the text: `<figure data-picture="ID"><figcaption>…</figcaption></figure>`, of which one writes the
 * caption here. What it shows, its alternative text and its credit are the picture's own, and come from the server.
 */

import { Node } from "../../django_prose_editor/editor.js";

function line(className, text) {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = text;
  return element;
}

/** Returns the node, given the pictures (see pictures.js). */
export function figure(pictures) {
  return Node.create({
    name: "figure",
    group: "block",
    content: "inline*",
    draggable: true,
    isolating: true,
    addAttributes: () => ({
      picture: {
        default: null,
        parseHTML: (element) => element.dataset.picture,
        renderHTML: ({ picture }) => ({ "data-picture": picture }),
      },
    }),
    parseHTML: () => [
      {
        tag: "figure[data-picture]",
        contentElement: (element) => element.querySelector("figcaption") ?? document.createElement("figcaption"),
      },
    ],
    renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes, ["figcaption", 0]],
    addNodeView:
      () =>
      ({ node }) => {
        const dom = document.createElement("figure");
        const shown = document.createElement("div");
        const contentDOM = document.createElement("figcaption");
        shown.contentEditable = "false";
        dom.dataset.picture = node.attrs.picture;
        contentDOM.dataset.empty = pictures.words.caption;
        dom.append(shown, contentDOM);
        pictures.find(node.attrs.picture).then((picture) => {
          if (!picture) return shown.replaceChildren(line("figure-missing", pictures.words.missing));
          const image = document.createElement("img");
          image.src = picture.thumbnail;
          image.alt = picture.alternative_text;
          shown.replaceChildren(image, line("figure-credit", `${picture.alternative_text} — ${picture.credit}`));
        });
        const ignoreMutation = (mutation) => !contentDOM.contains(mutation.target);
        return { dom, contentDOM, ignoreMutation };
      },
    addKeyboardShortcuts() {
      return {
        // A caption is one line: Enter goes on below the picture.
        Enter: ({ editor }) => {
          const { $from } = editor.state.selection;
          if ($from.parent.type.name !== this.name) return false;
          return editor.chain().insertContentAt($from.after(), { type: "paragraph" }).focus($from.after() + 1).run();
        },
      };
    },
  });
}
