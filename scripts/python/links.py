"""Checks the links of the pages: each leads somewhere, and each page is two clicks from the README."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST_CLICKS = 2

FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.M)


def pages():
    """Returns the pages for people: those of the root, of docs/, and the README of a folder."""
    return sorted({*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")})


def links(page):
    """Returns the links of a page that stay in the tree: the file, and the part behind a #."""
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        if not re.match(r"[a-z]+:", link):
            path, _, anchor = link.partition("#")
            yield link, (page.parent / path).resolve() if path else page, anchor


def anchors(page):
    """Returns the anchors that GitHub gives to the headings of a page."""
    found = []
    for heading in HEADING.findall(FENCE.sub("", page.read_text())):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        again = sum(1 for other in found if re.fullmatch(re.escape(anchor) + r"(-\d+)?", other))
        found.append(f"{anchor}-{again}" if again else anchor)
    return found


def check_links():
    for page in pages():
        for link, target, anchor in links(page):
            if not target.exists():
                yield f"{page.relative_to(ROOT)}: {link} does not exist"
            elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                yield f"{page.relative_to(ROOT)}: {link}: there is no such heading"


def check_clicks():
    start = (ROOT / "README.md").resolve()
    reached = {start}
    newest = reached
    for _ in range(MOST_CLICKS):
        newest = {target for page in newest if page.suffix == ".md" and page.exists()
                  for _, target, _ in links(page)} - reached
        reached |= newest
    for page in pages():
        if page.resolve() not in reached:
            yield (f"{page.relative_to(ROOT)}: more than {MOST_CLICKS} clicks from README.md; "
                   "link it from docs/README.md")
