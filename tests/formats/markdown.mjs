// A comment as GitHub parses it (GFM): no names of people, links, images or HTML but ours come out of
// it, tables are tables, and it is short enough to be taken.

import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

const MAX_COMMENT = 65536;
const OURS = /<!-- muslcheck -->|<\/?(details|summary)>|<code>[^<>]*<\/code>/g;

function* nodesOf(root) {
  const open = [root];
  while (open.length > 0) {
    const node = open.pop();
    yield node;
    open.push(...(node.children ?? []));
  }
}

const isPing = (text) => /(^|[^\w@/])@[A-Za-z\d]|(^|[^\w&])[#!]\d/.test(text);

function* ofNode(node) {
  if (['link', 'linkReference', 'image', 'imageReference', 'definition',
    'footnoteReference'].includes(node.type))
    yield `${node.type} at line ${node.position.start.line}`;
  if (node.type === 'text' && isPing(node.value)) yield `mentions somebody: ${node.value}`;
  if (node.type === 'html') {
    const rest = node.value.replace(OURS, '');
    if (/[<>]/.test(rest) || isPing(rest)) yield `HTML of its own: ${node.value}`;
  }
  if (node.type === 'table') {
    const widths = new Set(node.children.map((row) => row.children.length));
    if (widths.size !== 1) yield 'a table whose rows have different lengths';
  }
}

export function* complaints(text) {
  if (text.length > MAX_COMMENT) yield `${text.length} characters, GitHub takes ${MAX_COMMENT}`;
  const root = unified().use(remarkParse).use(remarkGfm).parse(text);
  const nodes = [...nodesOf(root)];
  for (const node of nodes) yield* ofNode(node);
  const lines = text.split('\n').filter((line) => /^\|[-|: ]+\|$/.test(line)).length;
  const tables = nodes.filter((node) => node.type === 'table').length;
  if (lines !== tables) yield `${lines} tables are written, ${tables} are parsed`;
  for (const tag of ['details', 'summary']) {
    const count = (what) => text.split(what).length - 1;
    if (count(`<${tag}>`) !== count(`</${tag}>`)) yield `<${tag}> is not closed`;
  }
}
