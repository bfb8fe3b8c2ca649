"""Checks docs/reference.md: against the headers, and against what the pages and examples show."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"

# Namespaces inside mcp whose names are for the library itself, unless the reference lists them.
INNER = {
    "detail": "bodies", "reflect": "reflection", "schema": "schemas", "jsonrpc": "messages",
    "sse": "events", "legacy": "the era of sessions", "header": "names of fields",
    "meta_key": "names of members", "errc": "the reference lists the namespace",
    "counter": "the reference lists the namespace",
}

# Headers whose names are for the library itself, unless the reference lists them.
INTERNAL = {
    r"async/.*|encoding/.*": "tools of the library; programs have their own",
    r"http/(chunked|client_channel|client_parser|connection|head|media_type|parse|shard|url|write)\.hpp":
        "the machinery of client and server",
    r"json/(limits|member|path|string_types|value|view|writer|codec|text_form)\.hpp":
        "the reference lists what programs name",
    r"protocol/(cancellation|capabilities|discover|headers|initialize|input_required|member_reader"
    r"|member_writer|meta|pagination|progress|revision|roots|subscriptions|trace_context"
    r"|uri_template)\.hpp": "messages that the server reads and writes itself",
    r"redis/(channels|listener|reply|settings|connection)\.hpp": "the machinery of Redis",
    r"reflect/.*": "rules behind attributes",
    r"server/(any_server|call|call_place|catalog|environment|failure|handler|input_round|message_sink"
    r"|observation|operation|owned_request|raw_tool|registry|request_view|result_writer|server_core"
    r"|text_value"
    r"|bound_method|entries|entry_\w+)\.hpp": "the machinery of a server",
    r"transport/(http_policy|http_reply|inbound|listen|memory|message_peer|trace_headers"
    r"|trusted_proxies|legacy/.*)\.hpp": "the machinery of transports",
    r"testing/(collaborator|\w+_suite)\.hpp": "what the suites share",
    r"fwd\.hpp|version\.hpp|config\.hpp": "no declarations of its own",
}
# Names in other headers that are for the library itself.
INTERNAL_NAMES = {
    "http::field http::fields http::path_params http::iequals http::shared_text http::to_string "
    "http::path_pattern http::reason": "parts of requests and responses",
    "decode_into elicit_method sampling_method elicitation_defaults elicitation_params icon_theme "
    "log_message max_completions prompt_argument prompt_definition prompt_params "
    "resource_template_definition hint": "messages that the server reads and writes itself",
    "header_mismatch internal_error invalid_cursor invalid_request method_not_found "
    "request_timed_out resource_not_found too_many_requests unknown_prompt unknown_tool "
    "unsupported_protocol_version "
    "url_elicitation_required": "errors that the server makes itself",
    "environment_lookup run_transport": "of the command line",
    "reflect": "schema/re2.hpp makes an alias in it",
}
# Functions that read and write messages of the protocol.
WIRE = re.compile(r"(read|write|encode|parse|begin|is|has)(_\w+)?")

PUBLIC_NAMES = re.compile(r"^\| (`mcp::.*?`) \|.*\| `([\w/.]+)` \|$", re.M)
USED_NAME = re.compile(r"(?<![\w-])mcp::(\w+(?:::\w+)*)")


def is_declared(name, text):
    """Returns whether the text of a header declares a name at namespace scope."""
    text = re.sub(r"//.*", "", text)
    return re.search(rf"^(?:(?:class|struct|enum class|concept|using|namespace) {name}\b(?!;)"
                     rf"|(?! |#).*\b{name}(?:\(|\{{| =))", text, re.M) is not None


def check_reference():
    """Checks docs/reference.md against the headers, and that it lists what users are shown."""
    listed = listed_names()
    for name, header in listed.items():
        path = INCLUDE / "mcp" / header
        if not path.exists() or not is_declared(name.split("::")[-1], path.read_text()):
            yield f"docs/reference.md: mcp/{header} does not declare {name}"
    users = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*.cpp")]
    for file in sorted(users):
        for name in sorted(set(USED_NAME.findall(file.read_text()))):
            # A listed name may be followed by those of its members.
            parts = name.split("::")
            if not any("::".join(parts[:n]) in listed for n in range(1, len(parts) + 1)):
                yield f"{file.relative_to(ROOT)}: docs/reference.md does not list mcp::{name}"


SPACE = re.compile(r"(?:inline )?namespace ([\w:]+) \{|\} // namespace ([\w:]+)")
DECLARED = re.compile(r"(?:class|struct|enum class|concept) (\w+)|using (\w+) ="
                      r"|(?:\w|\[\[nodiscard\]\])[\w:<>,&*\[\] ]*[ &*](\w+)(?:\(| = |\{)")
NO_DECLARATION = re.compile(r"template|requires|friend|extern|namespace|public|private"
                            r"|(class|struct|enum)\b[^{]*;$")


def declared(header, text):
    """Returns the names that a header declares at namespace scope, each without `mcp::`."""
    spaces, names = [], set()
    for line in text.splitlines():
        if space := SPACE.fullmatch(line):
            if space[1]:
                spaces += space[1].split("::")
            else:
                del spaces[-len(space[2].split("::")):]
        elif spaces and not INNER.keys() & set(spaces) and not NO_DECLARATION.match(line):
            if found := DECLARED.match(line):
                names.add("::".join([*spaces[1:], found[1] or found[2] or found[3]]))
    return names


def listed_names():
    page = (ROOT / "docs" / "reference.md").read_text()
    return {name: header for names, header in PUBLIC_NAMES.findall(page)
            for name in USED_NAME.findall(names)}


def check_listed():
    """Checks that the reference lists each name of the headers that is not for the library itself."""
    known = set(listed_names()) | set(" ".join(INTERNAL_NAMES).split())
    for path in sorted((INCLUDE / "mcp").rglob("*.hpp")):
        header = path.relative_to(INCLUDE / "mcp").as_posix()
        if re.match(r"src|.*impl/", header) or any(re.fullmatch(p, header) for p in INTERNAL):
            continue
        for name in sorted(declared(header, path.read_text())):
            if name not in known and not WIRE.fullmatch(name.rpartition("::")[2]):
                yield (f"mcp/{header}: docs/reference.md does not list mcp::{name}; list it, move it "
                       "into a namespace detail, or say in scripts/python/names.py why not")


def check_shown():
    """Checks that a page or an example shows each name of the reference."""
    pages = [page for page in (ROOT / "docs").glob("*.md") if page.name != "reference.md"]
    text = "\n".join(file.read_text() for file in
                     [ROOT / "README.md", *pages, *(ROOT / "examples").rglob("*.[ch]pp")])
    words = set(re.findall(r"\w+", text))
    for name in listed_names():
        if name.split("::")[-1] not in words:
            yield f"docs/reference.md: no page and no example shows mcp::{name}"
