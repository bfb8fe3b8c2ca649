"""Takes the C++ out of README.md and docs/*.md and makes programs of it.

    extract.py PAGE PROGRAM     writes the program of one page
    extract.py --check          the README's first example is examples/weather.cpp, and short

A fenced block marked `cpp` stands at namespace scope, unless it is a program of its own; one marked
`cpp main` stands in the body of a function with a server in it; one marked `cpp skip` shows what not
to write and is left out.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```cpp *(\w*)\n(.*?)^```$", re.M | re.S)
INCLUDE = re.compile(r"^#include .*\n", re.M)
MOST_LINES = 15


def blocks(page):
    return FENCE.findall(page.read_text())


def program(page):
    scope, bodies, programs, includes = [], [], 0, {"#include <mcp.hpp>\n": None}
    for kind, code in blocks(page):
        if kind == "skip":
            continue
        if kind == "main":
            bodies.append("    {\n" + code + "    }\n")
        elif "int main(" in code:
            # Programs of one page live side by side, each in a namespace of its own.
            programs += 1
            code = code.replace("#include <mcp.hpp>\n", "")
            scope.append(f"namespace program_{programs} {{\n{code}}}\n")
        else:
            includes.update(dict.fromkeys(INCLUDE.findall(code)))
            scope.append(INCLUDE.sub("", code))
    body = "".join(bodies)
    return (f"// From {page.relative_to(ROOT)} by tests/docs/extract.py.\n"
            + "".join(includes) + "\n" + "\n".join(scope)
            + "\n[[maybe_unused]] static void in_main() {\n"
            + '    [[maybe_unused]] mcp::server server{"docs", "1.0.0"};\n' + body + "}\n")


def check():
    _, shown = blocks(ROOT / "README.md")[0]
    if shown != (ROOT / "examples" / "weather.cpp").read_text():
        return "README.md: the first example is not examples/weather.cpp"
    lines = sum(1 for line in shown.splitlines() if line.strip())
    if lines > MOST_LINES:
        return f"README.md: the first example has {lines} lines; {MOST_LINES} is the most"
    return None


def main():
    if sys.argv[1:] == ["--check"]:
        fault = check()
        if fault:
            print(fault)
        return 1 if fault else 0
    page, product = map(pathlib.Path, sys.argv[1:])
    product.write_text(program(page.resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
