/**
 * Makes plain HTML of what word processors and web pages put on the clipboard, as `articles/pasting.py` does on the
 * server for whoever writes without script.
 */

import { linkTo } from "./embeds.js";
import { apart, unwrap } from "./source.js";

const NAMES = { B: "strong", I: "em", DEL: "s", STRIKE: "s", H1: "h2", H4: "h3", H5: "h3", H6: "h3", DT: "p", DD: "p" };
const FLOWING = "div, section, article, main, header, footer, aside, center, address, dl";
const BLOCKS = `p, h2, h3, ul, ol, li, blockquote, pre, hr, table, figure, ${FLOWING}`;
const STYLED = [
  [/(?:^|[;\s])font-weight\s*:\s*(?:bold|[6-9]00)/i, "strong"],
  [/(?:^|[;\s])font-style\s*:\s*(?:italic|oblique)/i, "em"],
  [/vertical-align\s*:\s*super/i, "sup"],
  [/vertical-align\s*:\s*sub(?!e)/i, "sub"],
  [/text-decoration[^;]*line-through/i, "s"],
];
const NORMAL = /(?:^|[;\s])font-(?:weight\s*:\s*(?:normal|400)|style\s*:\s*normal)/i;
const LEVEL = /mso-list:[^;]*\blevel([1-9])/i;
const NUMBER = /^\(?(?:\d{1,4}|[a-z]|[ivxlc]{1,7})[.)]/i;

const SHEET = /<style\b[^]*?<\/style\s*>/gi;
const TAG = /<[a-z][^<>]*>/gi;
const INLINE = /\s(style|on[a-z]+)(?=\s*=)/gi;
const style = (element) => element.dataset.style ?? "";

/** Even a document apart obeys the page's policy, which knows neither inline style nor script: it gets other names. */
function disarm(html) {
  return html.replace(SHEET, "").replace(TAG, (tag) => tag.replace(INLINE, " data-$1"));
}

function rename(element, name) {
  const renamed = element.ownerDocument.createElement(name);
  for (const { name: attribute, value } of element.attributes) renamed.setAttribute(attribute, value);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

function drop(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
  for (const element of root.querySelectorAll("script, title, meta, link, xml, object, template, noscript, img, col, colgroup")) {
    element.remove();
  }
  for (const anchor of root.querySelectorAll("a:not([href]), a[href^='#_']")) unwrap(anchor);
}

/** Word's paragraphs that bear a bullet or a number become the items of lists. */
function list(root) {
  let open = [];
  let last = null;
  for (const paragraph of root.querySelectorAll("p[data-style*='mso-list']")) {
    const level = Number(LEVEL.exec(style(paragraph))?.[1] ?? 0);
    if (!level) continue;
    const marker = [...paragraph.querySelectorAll("[data-style*='gnore']")].find((span) => /mso-list\s*:\s*ignore/i.test(style(span)));
    const name = NUMBER.test(marker?.textContent.trim() ?? "") ? "ol" : "ul";
    marker?.remove();
    if (!last || paragraph.previousElementSibling !== last) open = [];
    open.length = Math.min(open.length, level);
    if (open.length === level && open[level - 1].localName !== name) open.pop();
    while (open.length < level) {
      const outer = open.at(-1);
      const inner = root.ownerDocument.createElement(name);
      if (outer) (outer.lastElementChild ?? outer.appendChild(root.ownerDocument.createElement("li"))).append(inner);
      else paragraph.before(inner);
      open.push(inner);
    }
    const item = root.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1).append(item);
    paragraph.remove();
    last = open[0];
  }
}

/** Players, and addresses that stand alone, become links where they lead to a known place. */
function links(root, embeds) {
  for (const element of root.querySelectorAll("iframe, p")) {
    const isPlayer = element.localName === "iframe";
    const found = linkTo(isPlayer ? element.getAttribute("src") ?? "" : element.textContent, embeds);
    if (!found) {
      if (isPlayer) element.remove();
      continue;
    }
    const paragraph = root.ownerDocument.createElement("p");
    const link = paragraph.appendChild(root.ownerDocument.createElement("a"));
    Object.assign(link, { href: found.href, title: found.title, textContent: found.text });
    element.replaceWith(paragraph);
  }
}

function say(element) {
  const styles = style(element);
  if (element.matches("span, font")) {
    for (const [, name] of STYLED.filter(([pattern]) => pattern.test(styles))) {
      if (element.closest(name)) continue;
      const inner = element.ownerDocument.createElement(name);
      inner.append(...element.childNodes);
      element.append(inner);
    }
    return unwrap(element);
  }
  if (element.matches("b, strong, i, em") && NORMAL.test(styles)) return unwrap(element);
  if (element.tagName in NAMES) element = rename(element, NAMES[element.tagName]);
  if (element.localName === "strong" && element.closest("h2, h3")) unwrap(element);
}

/** A division holds paragraphs, or is one. */
function paragraphs(division) {
  const page = division.ownerDocument;
  let run = null;
  for (const child of [...division.childNodes]) {
    if (child.nodeType === Node.ELEMENT_NODE && (child.matches(BLOCKS) || child.querySelector(BLOCKS))) {
      run = null;
    } else {
      if (!run) child.before((run = page.createElement("p")));
      run.append(child);
    }
  }
  unwrap(division);
}

function isBlank(element) {
  return !element.textContent.trim() && !element.querySelector("hr, figure, td, th");
}

function space(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest("pre, code")) {
      text.data = text.data.replace(/[ \t\r\n]+/g, " ").replace(/ ?\u00a0[ \u00a0]+| \u00a0/g, " ");
    }
  }
}

/** Returns HTML from the clipboard as plain HTML; the editor then keeps of it what it can make. */
export function tidy(html, { embeds }) {
  // What comes from an editor of ours is as it should be.
  if (html.includes("data-pm-slice")) return html;
  const root = apart(disarm(html)).body;
  drop(root);
  list(root);
  links(root, embeds);
  for (const element of root.querySelectorAll("*")) if (root.contains(element)) say(element);
  for (const figure of root.querySelectorAll("figure:not([data-picture])")) {
    for (const caption of figure.querySelectorAll("figcaption")) rename(caption, "p");
    unwrap(figure);
  }
  for (const division of [...root.querySelectorAll(FLOWING)].reverse()) paragraphs(division);
  for (const inner of root.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) inner.previousElementSibling?.append(inner);
  space(root);
  for (const element of [...root.querySelectorAll("p, h2, h3, li, ul, ol, blockquote, strong, em, s, a")].reverse()) {
    if (isBlank(element)) element.matches("strong, em, s, a") ? unwrap(element) : element.remove();
  }
  for (const end of root.querySelectorAll(":scope > br, p > br:last-child")) {
    if (end.parentElement === root || !end.nextSibling?.textContent.trim()) end.remove();
  }
  return root.innerHTML;
}
