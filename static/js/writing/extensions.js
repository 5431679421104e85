/**
 * What the editor can make: for each element of the list that comes with the page (`articles/allowed.py`), the part of
 * Tiptap that makes it. An element that is not on the list has no part here, and what holds it comes out without it.
 */

import {
  Blockquote,
  Bold,
  BulletList,
  Code,
  CodeBlock,
  Document,
  Dropcursor,
  Extension,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  HorizontalRule,
  Italic,
  Link,
  ListItem,
  Mark,
  OrderedList,
  Paragraph,
  Placeholder,
  Strike,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
  TrailingNode,
  wrappingInputRule,
} from "../../django_prose_editor/editor.js";
import { figure } from "./figure.js";

const WRITTEN_OUT = /^(?:https?:\/\/|www\.)/;

/** A link without the attributes that no article has; what Ctrl+K opens is the page's own dialog. */
function link(names, { isAllowed, openLink }) {
  return Link.extend({
    addAttributes: () => Object.fromEntries(names.map((name) => [name, { default: null }])),
    addKeyboardShortcuts: () => ({ "Mod-k": openLink }),
  }).configure({
    HTMLAttributes: {},
    defaultProtocol: "https",
    isAllowedUri: (address) => isAllowed(address ?? ""),
    // «fini.La» is the end of a sentence, not an address.
    shouldAutoLink: (address) => WRITTEN_OUT.test(address),
  });
}

const numbered = OrderedList.extend({
  addAttributes: () => ({
    start: { default: 1, parseHTML: (element) => Number.parseInt(element.getAttribute("start") ?? "1", 10) || 1 },
  }),
  addNodeView: () => null,
  addInputRules() {
    const getAttributes = (match) => ({ start: Number(match[1]) });
    return [wrappingInputRule({ find: /^(\d{1,4})[.)]\s$/, type: this.type, getAttributes })];
  },
  renderHTML: ({ HTMLAttributes: { start } }) => ["ol", start === 1 ? {} : { start }, 0],
});

/** An element that only marks words, and has no button: it stays where somebody wrote it. */
function words(tag, names) {
  return Mark.create({
    name: tag,
    addAttributes: () => Object.fromEntries(names.map((name) => [name, { default: null }])),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });
}

const quote = (names) =>
  Blockquote.extend({ addAttributes: () => Object.fromEntries(names.map((name) => [name, { default: null }])) });

const MAKERS = {
  a: link,
  abbr: (names) => words("abbr", names),
  blockquote: quote,
  br: () => HardBreak,
  cite: (names) => words("cite", names),
  code: () => Code,
  em: () => Italic,
  figure: (_names, { pictures }) => figure(pictures),
  h2: (_names, { levels }) => Heading.configure({ levels }),
  hr: () => HorizontalRule,
  li: () => ListItem,
  ol: () => numbered,
  p: () => Paragraph,
  pre: () => CodeBlock.extend({ renderHTML: () => ["pre", 0] }),
  q: (names) => words("q", names),
  s: () => Strike,
  strong: () => Bold,
  sub: () => Subscript,
  sup: () => Superscript,
  table: () => Table.extend({ addNodeView: () => null }),
  td: () => TableCell,
  th: () => TableHeader,
  tr: () => TableRow,
  ul: () => BulletList,
};

/** Returns the editor's parts for a list of elements. */
export function extensions({ elements, placeholder, ...rest }) {
  const levels = [2, 3].filter((level) => `h${level}` in elements);
  const made = Object.entries(MAKERS).filter(([element]) => element in elements);
  return [
    Document,
    Text,
    History,
    Dropcursor,
    Gapcursor,
    TrailingNode,
    Placeholder.configure({ placeholder }),
    ...made.map(([element, maker]) => maker(elements[element], { ...rest, levels })),
    Extension.create({
      name: "keys",
      addKeyboardShortcuts() {
        return {
          "Mod-Alt-2": () => this.editor.commands.toggleHeading({ level: 2 }),
          "Mod-Alt-3": () => this.editor.commands.toggleHeading({ level: 3 }),
        };
      },
    }),
  ];
}
