#!/usr/bin/env python3
"""Checks HTML reports as a strict reader: check_html.py REPORT.html...

Tags are balanced, ids are unique, links lead to a place in the page, nothing else is asked for,
no attribute is code, and style and script are those that the page's own policy allows.
"""
import base64
import hashlib
import html.parser
import sys

from golden_page import whole_page

VOID = {"meta", "input"}
KNOWN = VOID | {
    "html", "head", "title", "style", "script", "body", "header", "nav", "main", "section", "article",
    "footer", "h1", "h2", "h3", "h4", "p", "div", "ul", "ol", "li", "dl", "dt", "dd", "pre",
    "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "form", "label", "select",
    "option", "button", "output", "svg", "rect", "a", "b", "code", "span", "small"}
KNOWN_ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "role", "hidden",
    "open", "start", "scope", "title", "type", "value", "placeholder", "autocomplete", "x",
    "width", "height", "viewbox", "preserveaspectratio", "vector-effect", "tabindex",
    "aria-label", "aria-labelledby",
    "aria-live", "data-row", "data-holder", "data-heading", "data-severity", "data-ecosystem",
    "data-outcome"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.wrong = [], [], [], []
        self.policy, self.own = "", {"style": "", "script": ""}

    def handle_starttag(self, tag, attributes):
        if tag not in KNOWN:
            self.wrong.append(f"line {self.getpos()[0]}: <{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        values = dict(attributes)
        if len(values) != len(attributes) or not set(values) <= KNOWN_ATTRIBUTES:
            self.wrong.append(f"line {self.getpos()[0]}: attributes {sorted(values)}")
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values[key] for key in ("href", "aria-labelledby") if key in values]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"line {self.getpos()[0]}: </{tag}> closes something else")

    def handle_data(self, data):
        if self.open and self.open[-1] in self.own:
            self.own[self.open[-1]] += data

    def handle_comment(self, data):
        self.wrong.append(f"line {self.getpos()[0]}: a comment")


def complaints(text):
    page = Page()
    page.feed(text)
    page.close()
    wrong = page.wrong + [f"<{tag}> is not closed" for tag in page.open]
    if len(set(page.ids)) != len(page.ids):
        wrong.append("an id is there twice")
    for link in page.links:
        if link.lstrip("#") not in page.ids:
            wrong.append(f"{link} leads nowhere")
    for name, own in page.own.items():
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        if f"{name}-src 'sha256-{digest}'" not in page.policy:
            wrong.append(f"the policy does not allow the page's own {name}")
    if "default-src 'none'" not in page.policy:
        wrong.append("the policy allows requests")
    return wrong


def main(paths):
    failed = not paths
    for path in paths:
        for complaint in complaints(whole_page(path)):
            print(f"{path}: {complaint}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
