"""Makes the first part of docs/errors.md: the sentences of the compiler, from tests/compile.

    errors.py record COMPILER < TABLE    keeps what `tests/compile/run --table` prints
"""

import csv
import importlib.machinery
import importlib.util
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAIRS = ROOT / "tests" / "compile"
LINES = PAIRS / "lines.tsv"  # pair, and for each compiler the numbers of lines and errors
PAGE = ROOT / "docs" / "errors.md"
BEGIN, END = "<!-- pairs: written by scripts/check --fix -->\n", "<!-- end of pairs -->\n"
SECTIONS = {
    "server": "Handlers, entries and collaborators",
    "reflect": "Structs, enums and `describe`",
    "schema": "Schemas and forms",
    "json": "JSON",
    "config": "Settings of the compiler",
    "cpp26": "Reflection in C++26",
}


def load_run():
    """Loads tests/compile/run, which knows how a pair begins."""
    loader = importlib.machinery.SourceFileLoader("run", str(PAIRS / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    sys.dont_write_bytecode = True  # it would be a file beside the command
    loader.exec_module(module)
    return module


def pairs():
    """Yields each pair: its name, and the kind and text of each paragraph of its comment."""
    run = load_run()
    for folder in SECTIONS:
        for path in sorted((PAIRS / folder).glob("*.cpp")):
            yield f"{folder}/{path.stem}", list(run.paragraphs(path))


def recorded():
    """Returns compiler -> pair -> (lines, errors)."""
    found = {}
    with LINES.open() as file:
        for pair, compiler, lines, errors in csv.reader(file, delimiter="\t"):
            found.setdefault(compiler, {})[pair] = int(lines), int(errors)
    return found


def record(compiler, table):
    """Keeps the numbers of one compiler, and forgets pairs that no longer exist."""
    found = recorded() if LINES.exists() else {}
    found.setdefault(compiler, {}).update(
        (pair, (lines, errors)) for pair, lines, errors in csv.reader(table, delimiter="\t"))
    exist = {name for name, _ in pairs()}
    rows = [(pair, each, *found[each][pair]) for each in sorted(found) for pair in found[each]
            if pair in exist]
    with LINES.open("w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(sorted(rows))


def code(text):
    """Returns a text as code of a table."""
    text = text.replace("|", r"\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def sentences(told):
    """Returns what a pair shows of the output: sentences of the library, or words of compilers."""
    own = [text.removeprefix("mcp: ") for kind, text in told if kind in ("mcp", "g++ too")]
    if own:
        return "<br>".join(code(text) for text in own)
    ways = next(text for kind, text in told if kind == "compiler").split(" | ")
    return " or ".join(code(way.removeprefix("mcp: ")) for way in ways)


def row(name, told, counts):
    """Returns the row of a pair."""
    mistake = dict(told).get("mistake", name.split("/")[1].replace("_", " "))
    cell = sentences(told)
    if "instead" in dict(told):
        cell += f"<br>{dict(told)['instead']}"
    numbers = []
    for each in counts:
        lines, errors = each.get(name, ("", 1))
        numbers.append(f"{lines} ({errors} errors)" if errors > 1 else str(lines))
    return f"| [{mistake}](../tests/compile/{name}.cpp) | {cell} | {' | '.join(numbers)} |\n"


def tables():
    """Returns the tables of all pairs."""
    known, text, section = recorded(), "", None
    for name, told in pairs():
        folder = name.split("/")[0]
        compilers = sorted(each for each in known if any(
            pair.startswith(folder + "/") for pair in known[each]))
        if folder != section:
            section = folder
            text += f"\n### {SECTIONS[folder]}\n\n| mistake | the sentence | "
            text += " | ".join(compilers) + " |\n|---|---|" + "---|" * len(compilers) + "\n"
        text += row(name, told, [known[each] for each in compilers])
    return text


def page():
    """Returns docs/errors.md with the tables as they must be."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return before + BEGIN + tables() + "\n" + END + rest.partition(END)[2]


def check_errors():
    if PAGE.read_text() != page():
        yield "docs/errors.md: not what tests/compile gives; run scripts/check --fix"


def fix():
    PAGE.write_text(page())


if __name__ == "__main__" and sys.argv[1:2] == ["record"]:
    record(sys.argv[2], sys.stdin)
