"""Takes the C++ out of README.md, docs/*.md and comments of headers, and makes programs of it.

    extract.py PAGE PROGRAM     writes the program of one page
    extract.py include PROGRAM  writes the program of all headers
    extract.py --check          the README's first example is examples/weather.cpp, and short; that of
                                docs/getting_started.md is examples/notebook.cpp

A fenced block marked `cpp` stands at namespace scope, unless it is a program of its own; one marked
`cpp more` belongs to the program above it; one marked `cpp main` stands in the body of a function with a
server in it; one marked `cpp skip` shows what not to write and is left out. `cpp 26` and `cpp main26`
need the reflection of C++26; other compilers skip them.

In a header, the indented lines of a `///` comment are code. A definition stands at namespace scope,
other code in the body of a function, which is a coroutine if it awaits. `around.hpp` declares what
the code uses.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```cpp *(\w*)\n(.*?)^```$", re.M | re.S)
INCLUDE = re.compile(r"^#include .*\n", re.M)
MOST_LINES = 15
COMMENT = re.compile(r"((?:^ *///(?: .*)?\n)+)", re.M)
INDENTED = re.compile(r"(?:^ {4}.*\n(?:\n(?= {4}))*)+", re.M)
TYPE = re.compile(r"(template|struct|class|enum)\b")
FUNCTION = re.compile(r"[\w:][\w:<>,& ]* \w+\(.*\) \{$", re.M)
# Headers for which Debian 12 has no library.
NEEDS = {"mcp/redis/tls.hpp": "<hiredis/hiredis_ssl.h>"}


def blocks(page):
    return FENCE.findall(page.read_text())


def program(page):
    scope, bodies, programs, includes = [], [], 0, {"#include <mcp.hpp>\n": None}
    for kind, code in blocks(page):
        if kind == "skip":
            continue
        if kind.endswith("26"):
            kind = kind.removesuffix("26")
            code = f"#ifdef __cpp_impl_reflection\n{code}#endif\n"
        includes.update(dict.fromkeys(INCLUDE.findall(code)))
        code = INCLUDE.sub("", code)
        if kind == "main":
            bodies.append("    {\n" + code + "    }\n")
        elif "int main(" in code:
            # Programs of one page live side by side, each in a namespace of its own.
            programs += 1
            scope.append(f"namespace program_{programs} {{\n{code}}}\n")
        elif kind == "more":
            scope.append(f"namespace program_{programs} {{\n{code}}}\n")
        else:
            scope.append(code)
    body = "".join(bodies)
    return (f"// From {page.relative_to(ROOT)} by tests/docs/extract.py.\n"
            + "".join(includes) + "\n" + "\n".join(scope)
            + "\n[[maybe_unused]] static void in_main() {\n"
            + '    [[maybe_unused]] mcp::server server{"docs", "1.0.0"};\n' + body + "}\n")


def blocks_of_comments(header):
    """Returns the code in the comments of a header, each block with its line."""
    text = header.read_text()
    for comment in COMMENT.finditer(text):
        lines = re.sub(r"^ */// ?", "", comment[1], flags=re.M)
        for block in INDENTED.finditer(lines):
            line = text.count("\n", 0, comment.start()) + lines.count("\n", 0, block.start()) + 1
            yield line, re.sub(r"^ {4}", "", block[0], flags=re.M)


def program_of_headers(include):
    includes, code = [], []
    for path in sorted(include.rglob("*.hpp")):
        header = path.relative_to(include).as_posix()
        found = [f'#line {line} "{path}"\n{at_namespace_scope(block, line, path)}'
                 for line, block in blocks_of_comments(path)]
        if found:
            needed = NEEDS.get(header)
            begin, end = (f"#if __has_include({needed})\n", "#endif\n") if needed else ("", "")
            includes.append(f"{begin}#include <{header}>\n{end}")
            code.append(f"{begin}{''.join(found)}{end}")
    return ("// From comments of headers by tests/docs/extract.py.\n" + "".join(includes)
            + "\n#include <docs/around.hpp>\n\n" + "\n".join(code))


def at_namespace_scope(block, line, path):
    """Returns a definition as it is, other code in a function."""
    name = path.stem
    client = "mcp::client& client = mcp_client; " if path.parent.name == "client" else ""
    if TYPE.match(block):
        return block
    if FUNCTION.match(block):
        # In a namespace, since it may be called main.
        return f"namespace {name}_{line} {{ inline {block}}}\n"
    result = "asio::awaitable<void>" if "co_await" in block else "void"
    return f"inline {result} {name}_{line}() {{ {client}{block}}}\n"


def check():
    _, shown = blocks(ROOT / "README.md")[0]
    if shown != (ROOT / "examples" / "weather.cpp").read_text():
        return "README.md: the first example is not examples/weather.cpp"
    lines = sum(1 for line in shown.splitlines() if line.strip())
    if lines > MOST_LINES:
        return f"README.md: the first example has {lines} lines; {MOST_LINES} is the most"
    _, shown = blocks(ROOT / "docs" / "getting_started.md")[0]
    if shown != (ROOT / "examples" / "notebook.cpp").read_text().partition("\n\n")[2]:
        return "docs/getting_started.md: the first example is not examples/notebook.cpp"
    return None


def main():
    if sys.argv[1:] == ["--check"]:
        fault = check()
        if fault:
            print(fault)
        return 1 if fault else 0
    page, product = map(pathlib.Path, sys.argv[1:])
    page = page.resolve()
    product.write_text(program_of_headers(page) if page.is_dir() else program(page))
    return 0


if __name__ == "__main__":
    sys.exit(main())
