"""Compares the four servers of examples/ports with their FastMCP originals.

Each C++ program has at most 1.3 times the lines of the Python program, blank lines and comments not
counted; docs/coming_from_fastmcp.md has the numbers; and the Python programs compile.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTS = ROOT / "examples" / "ports"
LIMIT = 1.3


def lines(file, comment):
    return sum(1 for line in file.read_text().splitlines()
               if line.strip() and not line.strip().startswith(comment))


def main():
    page = (ROOT / "docs" / "coming_from_fastmcp.md").read_text()
    faults = []
    originals = sorted(PORTS.glob("*.py"))
    for original in originals:
        compile(original.read_text(), original.name, "exec")
        python = lines(original, "#")
        ours = lines(original.with_suffix(".cpp"), "//")
        if ours > LIMIT * python:
            faults.append(f"{original.stem}: {ours} lines of C++, {python} of Python")
        name = original.stem
        if not re.search(rf"\[{python}\]\(../examples/ports/{name}.py\) \| "
                         rf"\[{ours}\]\(../examples/ports/{name}.cpp\)", page):
            faults.append(f"docs/coming_from_fastmcp.md: {name} has {python} lines of Python and "
                          f"{ours} of C++")
    print("\n".join(faults) or f"{len(originals)} servers, 0 faults")
    return 1 if faults or len(originals) != 4 else 0


if __name__ == "__main__":
    sys.exit(main())
