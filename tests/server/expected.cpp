#include <mcp/server/expected.hpp>

#include <mcp/async/invoke.hpp>
#include <mcp/result.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>

#include <asio/awaitable.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/error_code.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <concepts>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <version>
#ifdef __cpp_lib_expected
#include <expected>
#endif

namespace expected_test {

using mcp::revision;
using test::peer;

struct point {
    int x, y;
};

enum class fault { empty, too_long };

struct place {
    int line;
    std::string what_is_there;
};

/// As `std::expected` of C++23.
template <class T, class E>
class expected {
public:
    expected(T value) : all_(std::in_place_index<0>, std::move(value)) {}
    expected(std::in_place_t, E error) : all_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return all_.index() == 0; }
    const T& operator*() const { return std::get<0>(all_); }
    const E& error() const { return std::get<1>(all_); }

private:
    std::variant<T, E> all_;
};

struct silent {
    silent() {}
};

static_assert(mcp::expected_like<mcp::result<int>> && mcp::expected_like<mcp::result<void>>);
static_assert(!mcp::expected_like<std::optional<int>> && !mcp::expected_like<point>);
static_assert(std::same_as<mcp::detail::delivered_t<mcp::result<void>>, void>);
static_assert(std::same_as<mcp::detail::delivered_t<expected<point, int>>, point>);
static_assert(std::same_as<mcp::detail::tool_policy::result_fault<expected<int, silent>>,
                           mcp::detail::no_json_form<silent>>);
static_assert(std::same_as<mcp::detail::tool_policy::result_fault<expected<silent, int>>,
                           mcp::detail::no_json_form<silent>>);
static_assert(std::same_as<mcp::detail::tool_policy::result_fault<mcp::result<point>>,
                           mcp::detail::no_fault>);

mcp::result<point> checked(int x) {
    if (x < 0)
        return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    return point{x, 2};
}

asio::awaitable<expected<std::string, std::string>> awaited(int x) {
    if (x < 0)
        co_return expected<std::string, std::string>(std::in_place, "too small");
    co_return std::string("fine");
}

expected<int, place> placed(int x) {
    if (x < 0)
        return {std::in_place, place{x, "a sign"}};
    return x;
}

mcp::result<void, fault> tested(int x) {
    if (x < 0)
        return fault::too_long;
    return {};
}

expected<int, mcp::tool_error> whole(int x) {
    if (x < 0)
        return {std::in_place, mcp::tool_error("all of it")};
    return x;
}

expected<int, std::exception_ptr> rethrown(int x) {
    if (x < 0)
        return {std::in_place, std::make_exception_ptr(mcp::tool_error("thrown"))};
    return x;
}

expected<int, std::runtime_error> described(int x) {
    if (x < 0)
        return {std::in_place, std::runtime_error("described")};
    return x;
}

expected<mcp::json, std::string> raw(const mcp::json& arguments) {
    if (arguments.at("x").as_int64() < 0)
        return {std::in_place, "raw"};
    return mcp::json(mcp::json_object{{"x", arguments.at("x")}});
}

TEST(expected, a_value_is_the_result_and_an_error_is_a_tool_error) {
    mcp::server server("test", "1");
    server.tool<checked, "x">("");
    server.tool<awaited, "x">("");
    server.tool<placed, "x">("");
    server.tool<tested, "x">("");
    server.tool<whole, "x">("");
    server.tool<rethrown, "x">("");
    server.tool<described, "x">("");
    server.tool<"blocked">("", mcp::blocking([](mcp::arg<"x", int> x) { return checked(*x); }));
    mcp::tool_definition definition("raw", "", R"({"type":"object"})");
    definition.output_schema = R"({"type":"object","required":["x"]})";
    server.tool(definition, raw);
#ifdef __cpp_lib_expected
    server.tool<"standard">("", [](mcp::arg<"x", int> x) -> std::expected<int, std::string> {
        if (*x < 0)
            return std::unexpected("standard");
        return *x;
    });
#endif
    struct row {
        std::string_view tool, value, structured, error;
    };
    const row table[] = {
        {"checked", R"({"x":1,"y":2})", R"({"x":1,"y":2})", "Invalid argument"},
        {"awaited", "fine", "", "too small"},
        {"placed", "1", "1", R"({"line":-1,"what_is_there":"a sign"})"},
        {"tested", "", "", "too_long"},
        {"whole", "1", "1", "all of it"},
        {"rethrown", "1", "1", "thrown"},
        {"described", "1", "1", "described"},
        {"blocked", R"({"x":1,"y":2})", R"({"x":1,"y":2})", "Invalid argument"},
        {"raw", R"({"x":1})", R"({"x":1})", "raw"},
#ifdef __cpp_lib_expected
        {"standard", "1", "1", "standard"},
#endif
    };
    peer client(server, revision::v2026_07_28);
    for (const row& each : table) {
        const auto good = client.tool(each.tool, R"({"x":1})");
        EXPECT_EQ(good->words(), each.value) << good->text();
        EXPECT_EQ(good->result("/structuredContent"), each.structured) << good->text();
        EXPECT_EQ(good->result("/isError"), "");
        const auto bad = client.tool(each.tool, R"({"x":-1})");
        EXPECT_EQ(bad->words(), each.error) << bad->text();
        EXPECT_EQ(bad->result("/isError"), "true");
        EXPECT_EQ(bad->result("/structuredContent"), "");
    }
}

TEST(expected, the_output_schema_is_that_of_the_value) {
    mcp::server server("test", "1");
    server.tool<checked, "x">("");
    server.tool<tested, "x">("");
    peer client(server, revision::v2026_07_28);
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/outputSchema/properties/y/type"), R"("integer")")
        << list->text();
    EXPECT_EQ(list->result("/tools/1/outputSchema"), "");
}

expected<std::string, std::string> note(int id) {
    if (id < 0)
        return {std::in_place, "no note"};
    return std::string("milk");
}

expected<std::optional<std::string>, mcp::not_found> lost(int id) {
    if (id < 0)
        return {std::in_place, mcp::not_found("lost")};
    return std::optional<std::string>();
}

asio::awaitable<mcp::result<mcp::prompt_message, fault>> review(int id) {
    if (id < 0)
        co_return fault::empty;
    co_return mcp::user_message("Review it");
}

TEST(expected, an_error_of_a_resource_or_a_prompt_is_that_of_an_exception) {
    mcp::server server("test", "1");
    server.resource<"note://{id}", note>("");
    server.resource<"lost://{id}", lost>("");
    server.prompt<note, "id">("");
    server.prompt<review, "id">("");
    struct row {
        std::string_view method, params;
        int code;
        std::string_view text; ///< of the error, or of the result
    };
    const row table[] = {
        {"resources/read", R"({"uri":"note://1"})", 0, "milk"},
        {"resources/read", R"({"uri":"note://-1"})", -32603, "no note"},
        {"resources/read", R"({"uri":"lost://-1"})", -32602, "lost"},
        {"resources/read", R"({"uri":"lost://1"})", -32602, "Resource not found"},
        {"prompts/get", R"({"name":"note","arguments":{"id":"1"}})", 0, "milk"},
        {"prompts/get", R"({"name":"note","arguments":{"id":"-1"}})", -32603, "no note"},
        {"prompts/get", R"({"name":"review","arguments":{"id":"1"}})", 0, "Review it"},
        {"prompts/get", R"({"name":"review","arguments":{"id":"-1"}})", -32603, "empty"},
    };
    peer client(server, revision::v2026_07_28);
    for (const row& each : table) {
        const auto response = client.ask(each.method, each.params);
        const bool reads = each.method == "resources/read";
        const std::string text =
            response->result(reads ? "/contents/0/text" : "/messages/0/content/text");
        EXPECT_EQ(response->code(), each.code) << response->text();
        EXPECT_EQ(each.code ? response->error() : text, '"' + std::string(each.text) + '"')
            << response->text();
    }
}

} // namespace expected_test
