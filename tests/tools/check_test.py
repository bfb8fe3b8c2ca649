"""The check must find what it is there to find: each fault is planted in a small tree of its own."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "python"))
import amalgamate  # noqa: E402
import check  # noqa: E402
import links  # noqa: E402
import names  # noqa: E402
import options  # noqa: E402


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        check.ROOT = amalgamate.ROOT = links.ROOT = names.ROOT = options.ROOT = self.root
        check.INCLUDE = amalgamate.INCLUDE = names.INCLUDE = options.INCLUDE = self.root / "include"
        amalgamate.PRODUCT = self.root / "single_include" / "mcp.hpp"
        self.write("LICENSE", "MIT\n")
        self.write("include/mcp/version.hpp", check.BEGIN + '#define MCP_VERSION_STRING "1.2.3"\n')
        self.header("json/value.hpp")
        self.header("http/server.hpp", "<asio.hpp>")
        self.write("include/mcp.hpp", check.BEGIN)
        self.write("include/mcp.hpp", check.umbrella_text())

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def header(self, name, *includes, body=""):
        text = "".join(f"#include {i}\n" for i in includes)
        self.write(f"include/mcp/{name}", f"{check.BEGIN}\n{text}{body}")

    def faults(self, which):
        return "\n".join(which())

    def test_a_sound_tree_has_no_faults(self):
        for which in (check.check_floors, check.check_sizes, check.check_begin,
                      check.check_umbrella):
            self.assertEqual(self.faults(which), "")

    def test_a_conflict_of_a_merge_is_refused(self):
        self.write("docs/tools.md", "# Tools\n\n" + ">" * 7 + " 1234567 (tools)\n")
        self.assertIn("docs/tools.md:3: a conflict", self.faults(check.check_conflicts))

    def test_a_higher_floor_is_refused(self):
        self.header("json/value.hpp", "<mcp/http/server.hpp>")
        self.assertIn("only its own folder or a lower floor", self.faults(check.check_floors))

    def test_a_neighbour_on_the_same_floor_is_refused(self):
        self.header("sse/event.hpp", "<mcp/http/server.hpp>")
        self.assertIn("only its own folder or a lower floor", self.faults(check.check_floors))

    def test_asio_below_the_line_is_refused(self):
        self.header("json/value.hpp", "<asio/awaitable.hpp>")
        self.assertIn("below the line", self.faults(check.check_floors))

    def test_a_header_without_config_is_refused(self):
        self.assertIn("json/value.hpp: includes no header", self.faults(check.check_config))
        self.header("json/value.hpp", "<mcp/config.hpp>")
        self.assertNotIn("json/value.hpp", self.faults(check.check_config))

    def test_a_second_includer_of_a_library_is_refused(self):
        self.header("http/server.hpp", "<boost/json.hpp>")
        self.assertIn("is left to", self.faults(check.check_floors))

    def test_a_folder_without_a_floor_is_refused(self):
        self.header("attic/old.hpp")
        self.assertIn("has no floor", self.faults(check.check_floors))

    def test_quotes_are_refused(self):
        self.header("json/value.hpp", '"limits.hpp"')
        self.assertIn("use <mcp/", self.faults(check.check_floors))

    def test_a_long_header_is_refused(self):
        self.header("json/value.hpp", body="\n" * 400)
        self.assertIn("the limit is 400", self.faults(check.check_sizes))

    def test_a_missing_guard_is_refused(self):
        self.write("include/mcp/json/value.hpp", "int x;\n")
        self.assertIn("#pragma once", self.faults(check.check_begin))

    def test_a_header_that_the_umbrella_misses_is_found(self):
        self.header("json/limits.hpp")
        self.assertIn("misses <mcp/json/limits.hpp>", self.faults(check.check_umbrella))

    def test_a_header_without_a_test_is_found(self):
        self.assertIn("tests/json/value.cpp", self.faults(check.check_tests))
        self.write("tests/json/value.cpp", "#include <gtest/gtest.h>\n")
        self.assertIn("first include", self.faults(check.check_tests))

    def test_the_reference_agrees_with_headers_and_pages(self):
        self.write("README.md", "`mcp::json::parse`, `mcp::lost`, `asio-mcp::app`\n")
        self.write("docs/reference.md", "| `mcp::json`, `mcp::null` | values | `json/value.hpp` |\n")
        self.assertEqual(self.faults(names.check_reference),
                         "docs/reference.md: mcp/json/value.hpp does not declare json\n"
                         "docs/reference.md: mcp/json/value.hpp does not declare null\n"
                         "README.md: docs/reference.md does not list mcp::lost")
        for body in ("class json {\n", "using json = int;\n", "int json(int);\n"):
            self.header("json/value.hpp", body=body)
            self.assertNotIn("declare json", self.faults(names.check_reference))
        for body in ("class json;\n", "// class json {\n", "    int json();\n"):
            self.header("json/value.hpp", body=body)
            self.assertIn("declare json", self.faults(names.check_reference))

    def test_the_reference_lists_public_names_and_pages_show_them(self):
        self.write("README.md", "`mcp::shown`\n")
        self.write("docs/reference.md", "| `mcp::shown`, `mcp::hidden` | x | `server/x.hpp` |\n")
        self.header("server/x.hpp", body="""
namespace mcp {
class shown;
struct lost {
    int member(int);
};
inline constexpr int limit = 1;
[[nodiscard]] int make(int);
int read_x(int);
namespace detail {
struct inner {};
} // namespace detail
} // namespace mcp
""")
        self.assertEqual(self.faults(names.check_shown),
                         "docs/reference.md: no page and no example shows mcp::hidden")
        said = "; list it, move it into a namespace detail, or say in scripts/python/names.py why not"
        self.assertEqual(self.faults(names.check_listed),
                         "\n".join(f"mcp/server/x.hpp: docs/reference.md does not list mcp::{name}{said}"
                                   for name in ("limit", "lost", "make")))

    def test_links_lead_somewhere_within_two_clicks(self):
        self.write("README.md", "# A\n[b](docs/b.md#the-end-of-b) [x](x.md) [web](https://x.org)\n")
        self.write("docs/b.md", "# The *end* of `b`\n[c](c.md) [up](#up)\n```\n[no](link)\n```\n")
        self.write("docs/c.md", "[d](d.md)\n")
        self.write("docs/d.md", "[c](c.md)\n")
        self.assertEqual(self.faults(links.check_links),
                         "README.md: x.md does not exist\n"
                         "docs/b.md: #up: there is no such heading")
        self.assertEqual(self.faults(links.check_clicks), "docs/d.md: more than 2 clicks from "
                         "README.md; link it from docs/README.md")

    def test_the_page_of_options_is_that_of_the_headers(self):
        self.header("http/limits.hpp", body="""
namespace mcp::http {
/// What a peer
/// may cost.
struct limits {
    std::size_t head_bytes = 16 * 1024; ///< of a request
    /// Until the head is there.
    std::chrono::milliseconds head_timeout = std::chrono::seconds(90);
    std::string unsaid{};

    bool sound() const { return head_bytes != 0; }
};
} // namespace mcp::http
""")
        self.assertEqual(self.faults(options.check_options),
                         "mcp/http/limits.hpp: mcp::http::limits::unsaid has no comment\n"
                         "docs/options.md: not what the comments of the headers give; "
                         "run scripts/check --fix")
        self.write("docs/options.md", "")
        options.fix()
        self.assertNotIn("not what", self.faults(options.check_options))
        text = (self.root / "docs" / "options.md").read_text()
        self.assertIn("### `mcp::http::limits`\n\nWhat a peer may cost. Header: `http/limits.hpp`.",
                      text)
        self.assertIn("| `head_bytes` | 16 KiB | Of a request. |\n"
                      "| `head_timeout` | 90 s | Until the head is there. |\n"
                      "| `unsaid` | empty |  |\n", text)
        self.assertNotIn("sound", text)

    def test_a_stale_single_header_is_found(self):
        self.assertIn("run scripts/check --fix", self.faults(check.check_single_header))
        self.write("single_include/mcp.hpp", amalgamate.build().text())
        self.assertEqual(self.faults(check.check_single_header), "")

    def test_a_leaking_macro_is_found(self):
        self.header("json/value.hpp", body="#define LEAK 1\n#define GONE 1\n#undef GONE\n")
        self.assertIn("LEAK", self.faults(check.check_single_header))
        self.assertNotIn("GONE", self.faults(check.check_single_header))

    def test_the_single_header_holds_each_header_and_include_once(self):
        self.header("http/server.hpp", "<asio.hpp>", "<mcp/json/value.hpp>", "<string>")
        self.header("json/value.hpp", "<string>")
        text = amalgamate.build().text()
        self.assertEqual(text.count("#include <string>"), 1)
        self.assertEqual(text.count("---- mcp/json/value.hpp"), 1)
        self.assertNotIn("#include <mcp", text)
        self.assertEqual(text.count("#pragma once"), 1)
        self.assertIn("asio-mcp 1.2.3", text)


if __name__ == "__main__":
    unittest.main()
