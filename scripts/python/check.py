"""Checks the shape of the tree. Each check yields a sentence for each fault."""

import pathlib
import re
import shutil
import subprocess
import sys

import amalgamate
import comments
import errors
import links
import names
import options

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"

# docs/structure.md explains this table. A header includes its own folder or a lower floor.
FLOORS = {
    "reflect": 0, "encoding": 0,
    "json": 1,
    "schema": 2, "jsonrpc": 2,
    "protocol": 3,
    "async": 4,
    "http": 5, "sse": 5, "redis": 5, "aws": 5,
    "auth": 6, "session": 6, "broker": 6, "replay": 6, "limit": 6, "state": 6,
    "server": 7,
    "transport": 8,
    "app": 9, "client": 9,
    "testing": 10,
}
THE_LINE = 3  # up to this floor: bytes in, values out; no Asio, no sockets
ROOT_HEADERS = {"mcp/version.hpp", "mcp/config.hpp", "mcp/result.hpp", "mcp/fwd.hpp"}
SHORT_HEADERS = {"mcp/server.hpp", "mcp/client.hpp"}  # like the umbrella, these only include others

# The parts of the compiled form: <mcp/src/PART.hpp> includes the bodies of these folders, without
# those of components. <mcp/src.hpp> includes all these parts.
PARTS = {
    "foundation": ["encoding", "reflect", "json", "schema", "jsonrpc", "protocol"],
    "http": ["async", "sse", "http"],
    "collaborators": ["auth", "session", "broker", "replay", "limit", "state"],
    "server": ["server"],
    "transport": ["transport"],
    "client": ["client"],
    "testing": ["testing"],
}
# The bodies of components. Each component has a part with its name.
COMPONENTS = {
    "app": r"mcp/app/.*",
    "jwt": r"mcp/auth/impl/jw(t|ks)\w*\.ipp",
    "re2": r"mcp/schema/impl/re2\w*\.ipp",
    "redis": r"mcp/redis/(?!impl/tls).*|mcp/\w+/impl/redis_\w+\.ipp",
    "sqlite": r"mcp/session/impl/sqlite\w*\.ipp",
    "tls": r"mcp/state/impl/\w*seal\w*\.ipp|mcp/http/impl/tls\w*\.ipp"
           r"|mcp/client/impl/client_credentials_jwt\.ipp",
    "zlib": r"mcp/http/impl/compression\.ipp",
}

# Includes that only some headers may have: pattern of an include -> patterns of those headers.
SOLE_INCLUDERS = {
    r"boost/json": [r"mcp/json/.*"],
    r"boost/beast": [r"mcp/http/impl/head\.ipp"],
    r"boost/url": [r"mcp/http/impl/url\.ipp"],
    r"boost/asio": [],
    r"CLI/": [r"mcp/app/impl/.*"],
    r"openssl/": [r"mcp/state/.*", r"mcp/http/impl/tls\w*\.[hi]pp",
                  r"mcp/client/impl/client_credentials_jwt\.ipp", r"mcp/redis/tls\.hpp", r"mcp/auth/.*", r"mcp/aws/.*"],
    r"re2/": [r"mcp/schema/impl/re2\.ipp"],
    r"regex$": [],
    r"hiredis/": [r"mcp/redis/.*"],
    r"cjose/": [r"mcp/auth/impl/jwt_key\.ipp"],
    r"sqlite3": [r"mcp/session/impl/sqlite\.hpp"],
    r"zlib\.h": [r"mcp/http/impl/zlib_codec\.hpp"],
}

# Headers that <mcp.hpp> leaves out, each with the reason.
OPT_IN = {
    r"mcp/state/(seal\w*|\w*_sealed|\w*seal\w*)\.hpp": "needs OpenSSL (component tls)",
    r"mcp/client/client_credentials_jwt\.hpp": "needs OpenSSL (component tls)",
    r"mcp/http/tls\w*\.hpp": "needs OpenSSL (component tls)",
    r"mcp/schema/re2\.hpp": "needs RE2 (component re2)",
    r"mcp/http/compression\.hpp": "needs zlib (component zlib)",
    r"mcp/redis/.*|mcp/\w+/redis_\w+\.hpp": "needs hiredis (component redis)",
    r"mcp/auth/jw(t|ks)\w*\.hpp": "needs cjose and OpenSSL (component jwt)",
    r"mcp/session/sqlite\w*\.hpp": "needs SQLite (component sqlite)",
    **amalgamate.RARE,
    r"mcp/testing/.*": "for tests, not for servers",
}
# Headers that <mcp.hpp> includes last, and only if their library is found.
CONDITIONAL = {"mcp/app/run.hpp": "<CLI/CLI.hpp>", "mcp/app/run_options.hpp": "<CLI/CLI.hpp>"}
# Headers that only a header of their own folder includes.
INTERNAL = re.compile(r"mcp/.*/impl/.*")

# The limit of lines, and the headers that may exceed it, with the reason.
MAX_LINES = 400
OVER_THE_LIMIT = {}

INCLUDES = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def headers():
    return sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.hpp")
                  if not is_source(p.relative_to(INCLUDE).as_posix()))


def is_source(header):
    """Whether a header is a part of <mcp/src.hpp>. These are generated."""
    return header == "mcp/src.hpp" or header.startswith("mcp/src/")


def bodies():
    """Returns the files that define what headers declare."""
    return sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.ipp"))


def includes_of(header):
    return INCLUDES.findall((INCLUDE / header).read_text())


def matches(patterns, name):
    return any(re.fullmatch(p, name) for p in patterns)


def check_floors():
    for header in headers() + bodies():
        if header == "mcp.hpp" or header in SHORT_HEADERS:
            continue
        parts = header.split("/")
        folder = parts[1] if len(parts) > 2 else None
        if folder is None and header not in ROOT_HEADERS:
            yield f"{header}: belongs in a folder (docs/structure.md, Floors)"
            continue
        if folder is not None and folder not in FLOORS:
            yield f"{header}: folder {folder} has no floor; add it to FLOORS and docs/structure.md"
            continue
        floor = FLOORS.get(folder, -1)
        for bracket, name in includes_of(header):
            if bracket == '"':
                yield f'{header}: includes "{name}"; use <mcp/…>'
            if name == "mcp.hpp":
                yield f"{header}: includes the umbrella"
            elif name.startswith("mcp/"):
                if not (INCLUDE / name).exists():
                    yield f"{header}: includes <{name}>, which does not exist"
                other = name.split("/")[1]
                if name in ROOT_HEADERS or other == folder:
                    continue
                if FLOORS.get(other, 99) >= floor:
                    yield (f"{header} (floor {floor}) includes <{name}> (floor "
                           f"{FLOORS.get(other, '?')}): only its own folder or a lower floor")
            elif floor <= THE_LINE and re.match(r"asio(\.hpp|/(?!version))|sys/socket|netinet/", name):
                yield f"{header}: is below the line and includes <{name}>"
            for what, who in SOLE_INCLUDERS.items():
                if re.match(what, name) and not matches(who, header):
                    yield f"{header}: includes <{name}>, which is left to {' '.join(who) or 'nobody'}"


def check_sizes():
    for header in headers() + bodies():
        lines = (INCLUDE / header).read_text().count("\n") - 1  # the SPDX line
        if lines > MAX_LINES and header not in OVER_THE_LIMIT and header != "mcp.hpp":
            yield f"{header}: {lines} lines; the limit is {MAX_LINES}"


BEGIN = "// SPDX-License-Identifier: MIT\n#pragma once\n"


def check_begin():
    for header in headers() + bodies():
        if not (INCLUDE / header).read_text().startswith(BEGIN):
            yield f"{header}: does not begin with the SPDX line and #pragma once"


def check_comments():
    for header in headers() + bodies():
        text = (INCLUDE / header).read_text()
        if text != comments.wrapped(text):
            yield f"{header}: a comment exceeds {comments.COLUMNS} columns; run scripts/check --fix"


def header_of(body):
    """Returns the header whose functions a file of bodies defines."""
    name = body.replace(".ipp", ".hpp")
    public = name.replace("/impl/", "/")
    return public if (INCLUDE / public).exists() else name


def includes_config(header, seen):
    """Whether a header includes <mcp/config.hpp>, which defines MCP_BODIES. Bodies do not count."""
    seen.add(header)
    names = [name for _, name in includes_of(header) if name.endswith(".hpp")]
    return "mcp/config.hpp" in names or any(
        includes_config(name, seen) for name in names
        if name.startswith("mcp/") and name not in seen and (INCLUDE / name).exists())


def check_config():
    """Checks that each header is refused where the library does not compile at all."""
    for header in headers():
        if "/impl/" in header or header in ("mcp/config.hpp", "mcp/version.hpp"):
            continue
        if not includes_config(header, set()):
            yield f"{header}: includes no header that includes <mcp/config.hpp>"


def check_bodies():
    """Checks that the header of each file of bodies includes it, and only in the right form."""
    for body in bodies():
        header = header_of(body)
        if "/impl/" not in body:
            yield f"{body}: belongs in a folder impl"
        elif not (INCLUDE / header).exists():
            yield f"{body}: has no header {header}"
        elif f"#ifdef MCP_BODIES\n#include <{body}>\n#endif" not in (INCLUDE / header).read_text():
            yield f"{header}: does not end with #ifdef MCP_BODIES, #include <{body}>, #endif"


def include_lines(names):
    """Returns the lines that include headers. Those of the legacy era come last, in a condition."""
    old = [name for name in names if "/legacy/" in name]
    text = "".join(f"#include <{name}>\n" for name in names if name not in old)
    if old:
        text += ("#ifndef MCP_NO_LEGACY\n" + "".join(f"#include <{name}>\n" for name in old)
                 + "#endif\n")
    return text


def source_texts():
    """Returns the texts of <mcp/src.hpp> and of its parts, by name."""
    form = ("#ifndef MCP_SEPARATE_COMPILATION\n"
            '#error "define MCP_SEPARATE_COMPILATION in all files of the program"\n#endif\n\n')
    parts = {}
    for part, folders in PARTS.items():
        parts[part] = [body for body in bodies() if body.split("/")[1] in folders
                       and not matches(COMPONENTS.values(), body)]
    for component, pattern in COMPONENTS.items():
        parts[component] = [body for body in bodies() if re.fullmatch(pattern, body)]
    texts = {}
    for part, files in parts.items():
        of = (f"component {part}" if part in COMPONENTS
              else f"folder{'s' * (len(PARTS[part]) > 1)} {', '.join(PARTS[part])}")
        texts[f"mcp/src/{part}.hpp"] = (
            f"{BEGIN}\n/// The function bodies of the {of}, for the compiled form.\n"
            "/// One source file of the program includes this header.\n\n" + form
            + include_lines(files))
    texts["mcp/src.hpp"] = (
        f"{BEGIN}\n"
        "/// All function bodies, but not those of components, for the compiled form. One source\n"
        "/// file of the program includes this header. A component has a part of its own, such as\n"
        "/// `<mcp/src/redis.hpp>`. To compile the parts in parallel, include each in a source file.\n\n"
        + "".join(f"#include <mcp/src/{part}.hpp>\n" for part in sorted(PARTS)))
    return {name: comments.wrapped(text.rstrip()) + "\n" for name, text in texts.items()}


def source_files():
    """Returns the texts of the source files of the compiled form, by name below src/."""
    return {name.removeprefix("mcp/src/").replace(".hpp", ".cpp"): f"#include <{name}>\n"
            for name in source_texts() if name != "mcp/src.hpp"}


def check_sources():
    texts = source_texts()
    files = {p.name: p.read_text() for p in (ROOT / "src").glob("*")}
    if files != source_files():
        yield "src: not what the files of bodies give; run scripts/check --fix"
    for name in sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.hpp")):
        if is_source(name) and name not in texts:
            yield f"{name}: has no place; remove it"
    for name, text in texts.items():
        if not (INCLUDE / name).exists() or (INCLUDE / name).read_text() != text:
            yield f"{name}: not what the files of bodies give; run scripts/check --fix"
    listed = {"cmake/Compiled.cmake": r"set\(sources ([\w ]+)\)", "meson.build": r"'src/(\w+)\.cpp'"}
    for build, pattern in listed.items():
        named = " ".join(re.findall(pattern, (ROOT / build).read_text())).split()
        for part in sorted(set(PARTS) - set(named)):
            yield f"{build}: does not compile src/{part}.cpp"


def umbrella_headers():
    return [h for h in headers()
            if h != "mcp.hpp" and h not in SHORT_HEADERS and h not in CONDITIONAL
            and not matches(OPT_IN, h) and not INTERNAL.fullmatch(h)]


def umbrella_text():
    """Returns the text of <mcp.hpp>: its present comment, then the headers by floor."""
    head = (INCLUDE / "mcp.hpp").read_text().split("#include <mcp/")[0].rstrip() + "\n"
    groups = {}
    for header in umbrella_headers():
        parts = header.split("/")
        folder = parts[1] if len(parts) > 2 else ""
        groups.setdefault((FLOORS.get(folder, -1), folder), []).append(header)
    body = "".join("\n" + include_lines(groups[key]) for key in sorted(groups))
    for library in sorted(set(CONDITIONAL.values())):
        lines = "".join(f"#include <{header}>\n" for header, needs in CONDITIONAL.items()
                        if needs == library and (INCLUDE / header).exists())
        if lines:
            body += f"\n#if __has_include({library})\n{lines}#endif\n"
    return head + body


def check_umbrella():
    if (INCLUDE / "mcp.hpp").read_text() != umbrella_text():
        have = {name for _, name in includes_of("mcp.hpp") if name.startswith("mcp/")}
        want = set(umbrella_headers()) | {h for h in CONDITIONAL if (INCLUDE / h).exists()}
        for name in sorted(want - have):
            yield f"mcp.hpp: misses <{name}>; include it, or say in scripts/python/check.py why not"
        for name in sorted(have - want):
            yield f"mcp.hpp: <{name}> has no place in it"
        if have == want:
            yield "mcp.hpp: not in the order of the floors; run scripts/check --fix"


def check_single_header():
    amalgamation = amalgamate.build()
    for macro, where in amalgamation.leaks().items():
        yield f"{where}: macro {macro} leaks into users' code"
    if not amalgamate.PRODUCT.exists() or amalgamate.PRODUCT.read_text() != amalgamation.text():
        yield "single_include/mcp.hpp: not what include/ gives; run scripts/check --fix"


# Headers that the test of another header covers.
TESTED_IN = {
    # The streams of sessions are tested over real HTTP.
    "mcp/transport/legacy/live_sessions.hpp": "transport/streamable_http_streams.cpp",
    "mcp/transport/legacy/node.hpp": "transport/streamable_http_streams.cpp",
    # Interfaces: the tests of what implements them.
    "mcp/client/client_transport.hpp": "client/transport_error.cpp",
    "mcp/client/authorizer.hpp": "client/transport_error.cpp",
    "mcp/client/client_options.hpp": "client/client.cpp",
    
    # A connection without its type, and a factory of one transport.
    "mcp/transport/any_connection.hpp": "transport/serve_connection.cpp",
    "mcp/client/in_process.hpp": "client/connection_transport.cpp",
}


def check_tests():
    """Checks that each header has a test file that includes it first."""
    for header in headers():
        if header in ROOT_HEADERS | SHORT_HEADERS | {"mcp.hpp"} or INTERNAL.fullmatch(header):
            continue
        if header.endswith("_suite.hpp"):
            continue  # a suite of tests, which the tests of the collaborators run
        if header in TESTED_IN:
            if not (ROOT / "tests" / TESTED_IN[header]).exists():
                yield f"{header}: has no test tests/{TESTED_IN[header]}"
            continue
        test = ROOT / "tests" / header.removeprefix("mcp/").replace(".hpp", ".cpp")
        if not test.exists():
            yield f"{header}: has no test {test.relative_to(ROOT)}"
            continue
        first = INCLUDES.search(test.read_text())
        if first is None or first.group(2) != header:
            yield f"{test.relative_to(ROOT)}: its first include is not <{header}>"


def unity_folders():
    cmake = (ROOT / "tests" / "CMakeLists.txt").read_text()
    return re.search(r"set\(unity_folders ([^)]*)\)", cmake).group(1).split()


def check_unity():
    """Checks that each file of a unity build puts its names into a namespace of its own."""
    for folder in unity_folders():
        for file in sorted((ROOT / "tests" / folder).rglob("*.cpp")):
            text = file.read_text()
            if f"namespace {file.stem}_test {{" not in text or re.search(r"^namespace {", text, re.M):
                yield f"{file.relative_to(ROOT)}: its names belong in namespace {file.stem}_test"


def sources():
    folders = ("include", "tests", "examples", "bench")
    return sorted(str(p) for folder in folders for p in (ROOT / folder).rglob("*.[hci]pp")
                  if "node_modules" not in p.parts)


def clang_format():
    return shutil.which("clang-format-19") or "clang-format"


def check_format():
    process = subprocess.run([clang_format(), "--dry-run", *sources()],
                             capture_output=True, text=True, check=False)
    wrong = sorted(set(re.findall(r"^([^\s:]+):\d+:\d+: .*clang-format", process.stderr, re.M)))
    for name in wrong:
        yield f"{pathlib.Path(name).relative_to(ROOT)}: not formatted; run scripts/check --fix"


def check_conflicts():
    """Finds lines that a merge has left in a file."""
    for name in [*sources(), *links.pages()]:
        for number, line in enumerate(pathlib.Path(name).read_text().splitlines(), 1):
            if line.startswith(("<" * 7 + " ", ">" * 7 + " ")):
                yield f"{pathlib.Path(name).relative_to(ROOT)}:{number}: a conflict of a merge"


def fix():
    for header in headers() + bodies():
        text = (INCLUDE / header).read_text()
        if text.startswith("#pragma once\n"):
            text = text.replace("#pragma once\n", BEGIN, 1)
        (INCLUDE / header).write_text(comments.wrapped(text))
    for name in ["mcp/src.hpp", *(f"mcp/src/{p.name}" for p in (INCLUDE / "mcp/src").glob("*"))]:
        (INCLUDE / name).unlink(missing_ok=True)
    (INCLUDE / "mcp/src").mkdir(exist_ok=True)
    for name, text in source_texts().items():
        (INCLUDE / name).write_text(text)
    shutil.rmtree(ROOT / "src", ignore_errors=True)
    (ROOT / "src").mkdir()
    for name, text in source_files().items():
        (ROOT / "src" / name).write_text(text)
    (INCLUDE / "mcp.hpp").write_text(umbrella_text())
    subprocess.run([clang_format(), "-i", *sources()], check=True)
    amalgamate.PRODUCT.parent.mkdir(exist_ok=True)
    amalgamate.PRODUCT.write_text(amalgamate.build().text())
    options.fix()
    errors.fix()


def main():
    if "--fix" in sys.argv[1:]:
        fix()
    faults = [sentence for check in (check_floors, check_sizes, check_begin, check_comments, check_config,
                                     check_bodies, check_sources, check_umbrella,
                                     check_single_header, check_tests, check_unity,
                                     names.check_reference, names.check_shown,
                                     names.check_listed, links.check_links, links.check_clicks,
                                     options.check_options, errors.check_errors, check_conflicts, check_format)
              for sentence in check()]
    for sentence in faults:
        print(sentence)
    print(f"scripts/check: {len(headers())} headers, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
