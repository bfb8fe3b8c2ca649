"""Makes docs/options.md: each member of each struct of options, from the comments of the headers."""

import itertools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"

# Which structs are options: by name, or listed here.
NAME = re.compile(r"(\w+_)?(options|limits|policy|timeouts)")
OTHERS = {"server_info", "protected_resource", "trusted_proxies", "rate"}
# The folders in the order of the page.
SECTIONS = {
    "app": "Command line", "server": "Server", "transport": "Endpoint and stdio",
    "http": "HTTP", "json": "Messages", "protocol": "Protocol", "auth": "Authentication",
    "session": "Sessions", "replay": "Replay", "state": "State of calls",
    "limit": "Rate limits", "async": "Queues", "redis": "Redis", "schema": "Schemas",
    "broker": "Brokers", "client": "Client", "testing": "Testing",
}

HEAD = """# Options

All settings, with their defaults. `scripts/check --fix` writes this page from the comments of the
headers. Set options before the object that takes them serves; [limits](limits.md#setting-them) says
when a later change has an effect, and what happens beyond each limit.
"""

STRUCT = re.compile(r"struct (\w+) \{")
NAMESPACE = re.compile(r"namespace ([\w:]+) \{|\} // namespace ([\w:]+)")
MEMBER = re.compile(r"(?P<type>[^={}]+) (?P<name>\w+)(?: = (?P<value>[^;]+)|\{(?P<list>[^;]*)\})?;")
# The names of units, and how many of one make the next.
UNITS = {"milliseconds": ("ms", 1000), "seconds": ("s", 60), "minutes": ("min", 60),
         "hours": ("h", 24), "days": ("days", 0)}


def structs():
    """Yields header, qualified name, comment and members of each struct of options."""
    for path in sorted((INCLUDE / "mcp").rglob("*.hpp")):
        header = path.relative_to(INCLUDE / "mcp").as_posix()
        if "/impl/" in header:
            continue
        lines, comment, names = path.read_text().splitlines(), [], []
        for at, line in enumerate(lines):
            if space := NAMESPACE.fullmatch(line):
                if space[1]:
                    names += space[1].split("::")
                else:
                    del names[-len(space[2].split("::")):]
            found = STRUCT.fullmatch(line)
            if found and "detail" not in names and (NAME.fullmatch(found[1]) or found[1] in OTHERS):
                body = lines[at + 1:lines.index("};", at)]
                yield header, "::".join([*names, found[1]]), prose(comment), list(members(body))
            comment = [*comment, line] if line.startswith("///") else []


def prose(comment):
    """Returns a comment, without its code, as one line."""
    lines = [re.sub(r"^ *///<? ?", "", line) for line in comment]
    text = " ".join(line for line in lines if not line.startswith("    "))
    return re.sub(r"\s+", " ", text).replace("|", r"\|").strip()


def members(body):
    """Yields name, default and comment of each member."""
    comment, code = [], ""
    for at, line in enumerate(line.strip() for line in body):
        if line.startswith("///<"):
            continue
        if line.startswith("///"):
            comment.append(line)
            continue
        before, _, after = line.partition("///<")
        code = f"{code} {before.strip()}".strip()
        if code and (code.count("{") > code.count("}") or not code.endswith((";", "}"))):
            continue
        member = MEMBER.fullmatch(code)
        if member and member["name"] != "const" and not code.startswith(("friend", "using")):
            more = itertools.takewhile(lambda each: each.strip().startswith("///<"), body[at + 1:])
            comment = comment or [after, *(each.strip() for each in more)]
            yield member["name"], default_of(member), sentence(prose(comment))
        comment, code = [], ""


def sentence(text):
    """Returns a text as a sentence of its own."""
    text = text[:1].upper() + text[1:]
    return text if not text or text.endswith((".", ")", "]", ":")) else text + "."


def default_of(member):
    """Returns the default value of a member as people write it, with its unit."""
    kind = member["type"]
    value = member["value"] if member["value"] is not None else member["list"]
    if value is None or not value:
        if kind.startswith("std::optional"):
            return "unset"
        if kind.startswith(("std::function", "std::shared_ptr", "channel_factory",
                            "http::channel_factory")):
            return "none"
        if kind.startswith(("std::string", "std::vector", "json_object")):
            return "empty"
        if NAME.fullmatch(kind.split("::")[-1]) or kind in OTHERS:
            return f"see {kind}"
        return ""
    if "clock::now" in value:
        return "the system's clock" if "system_clock" in value else "the steady clock"
    if duration := re.search(r"std::chrono::(\w+)", kind):
        found = re.fullmatch(r"(?:std::chrono::(\w+)\()?([\d'* ]+)\)?", value)
        return time(product_of(found[2]), found[1] or duration[1]) if found else f"`{value}`"
    if re.fullmatch(r"[\d'* ]+", plain := re.sub(r"std::size_t\{(\d+)\}", r"\1", value)):
        return size(plain) if "1024 * 1024" in plain or "* 1024" in plain else number(plain)
    if re.fullmatch(r"[\w:]+", value):
        value = value.rsplit("::", 1)[-1]
    return f"`{value}`"


def product_of(text):
    result = 1
    for factor in text.replace("'", "").split("*"):
        result *= int(factor)
    return result


def number(text):
    amount = product_of(text)
    return f"{amount:,}".replace(",", " ") if amount >= 10_000 else str(amount)


def time(amount, unit):
    """Returns a time in the largest unit in which it is a whole number, but at least 2 of it."""
    names = list(UNITS)
    while UNITS[unit][1] and amount and amount % UNITS[unit][1] == 0 and amount > UNITS[unit][1]:
        amount //= UNITS[unit][1]
        unit = names[names.index(unit) + 1]
    return f"{amount} {UNITS[unit][0]}" if amount else "0"


def size(text):
    amount = product_of(text)
    for unit, name in ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB")):
        if amount % unit == 0:
            return f"{amount // unit} {name}"
    return f"{amount} bytes"


def link_to(kind, inside, names):
    """Returns a link to a struct that a member of the struct `inside` has as its type."""
    near = f"{inside.rpartition('::')[0]}::{kind}"
    target = near if near in names else f"mcp::{kind}"
    return f"see [`{kind}`](#{target.replace(':', '')})"


def page():
    """Returns the text of docs/options.md."""
    found = sorted(structs(), key=lambda each: (list(SECTIONS).index(each[0].split("/")[0]), each))
    names = {name for _, name, _, _ in found}
    text, section = HEAD, None
    for header, name, about, rows in found:
        title = SECTIONS[header.split("/")[0]]
        if title != section:
            section = title
            text += f"\n## {title}\n"
        text += f"\n### `{name}`\n\n{sentence(about)} Header: `{header}`.\n\n"
        text += "| member | default | |\n|---|---|---|\n"
        for member, value, comment in rows:
            value = re.sub(r"^see ([\w:]+)$", lambda see: link_to(see[1], name, names), value)
            text += f"| `{member}` | {value} | {comment} |\n"
    return text


def check_options():
    for header, name, _, rows in structs():
        for member, _, comment in rows:
            if not comment:
                yield f"mcp/{header}: {name}::{member} has no comment"
    path = ROOT / "docs" / "options.md"
    if not path.exists() or path.read_text() != page():
        yield "docs/options.md: not what the comments of the headers give; run scripts/check --fix"


def fix():
    (ROOT / "docs" / "options.md").write_text(page())
