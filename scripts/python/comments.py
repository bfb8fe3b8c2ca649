"""Wraps the comments of headers at 100 columns, which clang-format leaves as they are."""

import re

COLUMNS = 100
LINE = re.compile(r"(\s*///? )(\S.*)")  # a sentence, not code, which is indented


def wrapped(text):
    """Returns the text of a header with the lines of its comments no longer than COLUMNS."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = LINE.fullmatch(line)
        end = line.rfind(" ", 0, COLUMNS + 1) if found and len(line) > COLUMNS else -1
        if end <= len(found[1] if found else ""):
            continue
        lines[at], rest = line[:end], found[1] + line[end + 1:]
        after = LINE.fullmatch(lines[at + 1]) if at + 1 < len(lines) else None
        if after and after[1] == found[1]:
            lines[at + 1] = f"{rest} {after[2]}"
        else:
            lines.insert(at + 1, rest)
    return "\n".join(lines)
