// The section of docs/types.md on patterns.
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/pattern.hpp>
#include <mcp/schema/re2.hpp>

#include <gtest/gtest.h>

#include "schema/types_page.hpp"
#include <optional>
#include <string>
#include <vector>

// Patterns

namespace {
struct invitation {
    std::string mail;
    std::optional<mcp::matching<"^[A-Z]{2}\\d{4}$">> room;
};
} // namespace

template <>
struct mcp::describe<invitation> {
    static constexpr auto members =
        mcp::members(mcp::member<"mail">("Whom to invite", mcp::pattern{"^\\S+@\\S+$"}));
};

TEST(types_page, patterns) {
    types_page::section page("Patterns", __FILE__);
    page.type<mcp::matching<"^[a-z]+$">>({R"("abc")"}, {R"("Abc")", R"("")", "1"});
    page.type<mcp::matching<"\\d">>({R"("a1")"}, {R"("a")"});
    page.type<std::vector<mcp::matching<"^#[0-9a-f]{6}$">>>({R"(["#00ff7f"])"}, {R"(["green"])"});
    page.type<invitation>({R"({"mail":"ann@example.com","room":"AB1234"})"},
                          {R"({"mail":"ann","room":"AB"})"});
    page.show();
}
