"""Makes single_include/mcp.hpp from include/mcp.hpp: every header of the library once, in order."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
PRODUCT = ROOT / "single_include" / "mcp.hpp"

# Headers that <mcp.hpp> leaves out because few files need them. The single header has them.
RARE = {
    r"mcp/server/raw_tool\.hpp": "tools with a schema at run time",
    r"mcp/schema/(validate|plain_schema)\.hpp": "validation at run time",
    r"mcp/http/client\w*\.hpp": "the HTTP client",
    r"mcp/sse/parser\.hpp": "reads events, as clients do",
    r"mcp/client\.hpp|mcp/client/(?!client_credentials_jwt|impl/).*": "the MCP client",
    r"mcp/http/foreign_call\.hpp": "for other HTTP servers",
    r"mcp/auth/introspection\.hpp": "uses the HTTP client",
    r"mcp/auth/(client_certificates|auth_chain|local_users)\.hpp": "for servers with certificates, Unix sockets or several backends",
    r"mcp/transport/legacy/http_sse\.hpp": "the transport of 2024-11-05",
    r"mcp/(server/metrics|transport/operations)\.hpp": "metrics and health checks",
    r"mcp/limit/(fixed_window|sliding_window|token_bucket)\.hpp": "a server may have one limiter",
}

OURS = re.compile(r"\s*#\s*include\s*<(mcp(?:/[^>]+)?\.hpp)>")
BODIES = re.compile(r"#ifdef MCP_BODIES\n#include <(mcp/[^>]+\.ipp)>\n#endif\n")
IPP = re.compile(r"\s*#\s*include\s*<(mcp/[^>]+\.ipp)>")
THEIRS = re.compile(r"\s*#\s*include\s*(<[^>]+>)")
INCLUDE_LINE = re.compile(r"\s*#\s*include")
IF = re.compile(r"\s*#\s*if")
ENDIF = re.compile(r"\s*#\s*endif")
NO_LEGACY = re.compile(r"#ifndef MCP_NO_LEGACY\n((?:#include <mcp/[^>]+>\n)+)#endif\n")
DEFINE = re.compile(r"\s*#\s*define\s+(\w+)")
UNDEF = re.compile(r"\s*#\s*undef\s+(\w+)")

BANNER = """\
// asio-mcp {version}: all headers in one file, but those of the components.
// Assembled from include/ by scripts/amalgamate: edit the files named at the seams, not this one.
// Link Boost.JSON and Boost.URL (-lboost_json -lboost_url) and define ASIO_STANDALONE,
// and with clang ASIO_HAS_CO_AWAIT=1.
//
"""


def version():
    text = (INCLUDE / "mcp/version.hpp").read_text()
    return re.search(r'MCP_VERSION_STRING "([^"]+)"', text).group(1)


class Amalgamation:
    def __init__(self):
        self.lines = []
        self.seen = set()
        self.external = set()
        self.defined = {}
        self.bodies = []

    def add(self, name, depth=0):
        self.seen.add(name)
        self.lines += ["", f"// ---- {name}", ""]
        text = (INCLUDE / name).read_text()
        if depth == 0:
            # All bodies follow all declarations: a header that is first included among bodies
            # would be missing in the compiled form.
            self.bodies += BODIES.findall(text)
            text = BODIES.sub("", text)
        # A file of the legacy era is in a condition of its own, without what it includes.
        text = NO_LEGACY.sub(r"\1", text)
        legacy = "/legacy/" in name
        inside = False
        for line in text.splitlines():
            if line.strip() == "#pragma once" or line.startswith("// SPDX-"):
                continue
            include = INCLUDE_LINE.match(line)
            if legacy and not inside and not include and line.strip():
                self.lines.append("#ifndef MCP_NO_LEGACY")
                inside = True
            elif inside and include:
                self.lines.append("#endif // MCP_NO_LEGACY")
                inside = False
            if match := OURS.match(line) or IPP.match(line):
                if match.group(1) not in self.seen:
                    # A header that is added inside a condition is missing outside of it. So the
                    # umbrella includes such headers last.
                    self.add(match.group(1), depth)
                continue
            if match := THEIRS.match(line):
                if match.group(1) in self.external:
                    continue
                if depth == 0:
                    self.external.add(match.group(1))
            depth += bool(IF.match(line)) - bool(ENDIF.match(line))
            if match := DEFINE.match(line):
                self.defined[match.group(1)] = name
            if match := UNDEF.match(line):
                self.defined.pop(match.group(1), None)
            self.lines.append(line)
        if inside:
            self.lines.append("#endif // MCP_NO_LEGACY")

    def add_bodies(self):
        self.lines += ["", "#ifdef MCP_BODIES"]
        while self.bodies:
            name = self.bodies.pop(0)
            if name not in self.seen:
                self.add(name, 1)
        self.lines += ["", "#endif // MCP_BODIES"]

    def text(self):
        licence = "".join(
            f"// {line}".rstrip() + "\n" for line in (ROOT / "LICENSE").read_text().splitlines()
        )
        body = re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines))
        return BANNER.format(version=version()) + licence + "\n#pragma once\n" + body + "\n"

    def leaks(self):
        """Returns the macros that users get and that do not begin with MCP_, with their headers."""
        return {m: where for m, where in self.defined.items() if not m.startswith("MCP_")}


def build():
    amalgamation = Amalgamation()
    amalgamation.add("mcp.hpp")
    for header in sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.hpp")):
        rare = any(re.fullmatch(pattern, header) for pattern in RARE)
        if rare and header not in amalgamation.seen:
            amalgamation.add(header)
    amalgamation.add_bodies()
    return amalgamation


def main():
    amalgamation = build()
    for macro, where in amalgamation.leaks().items():
        print(f"{where}: macro {macro} leaks; #undef it or name it MCP_…")
    text = amalgamation.text()
    if "--check" in sys.argv[1:]:
        if not PRODUCT.exists() or PRODUCT.read_text() != text:
            print("single_include/mcp.hpp is not what include/ gives: run scripts/amalgamate")
            return 1
    else:
        PRODUCT.parent.mkdir(exist_ok=True)
        PRODUCT.write_text(text)
        public = sorted(m for m in amalgamation.defined if m.startswith("MCP_"))
        print(f"single_include/mcp.hpp: {len(amalgamation.seen)} headers, "
              f"{text.count(chr(10))} lines; macros: {', '.join(public)}")
    return 1 if amalgamation.leaks() else 0


if __name__ == "__main__":
    sys.exit(main())
