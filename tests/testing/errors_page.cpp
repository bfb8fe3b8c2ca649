// Provokes the errors that docs/errors.md lists for a running server, and compares them with the page.
// Those that only an HTTP endpoint sends are named here, and provoked by the tests of transport/.

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/server.hpp>
#include <mcp/testing/client.hpp>
#include <mcp/transport/message_peer.hpp>

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include "schema/types_page.hpp"
#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace errors_page_test {

const std::string page = types_page::read_file("docs/errors.md");

/// Returns the section below a heading.
std::string section(const std::string& heading) {
    const auto from = page.find("\n### " + heading + "\n");
    EXPECT_NE(from, page.npos) << heading;
    return page.substr(from, page.find("\n##", from + 1) - from);
}

/// Returns the texts in backquotes of a column of the table of a section, without what `…` stands for.
std::vector<std::string> texts_of(const std::string& row, std::size_t column) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < column; ++i)
        at = row.find(" | ", at + 1);
    const std::string cell = row.substr(at, row.find(" | ", at + 1) - at);
    std::vector<std::string> texts;
    for (std::size_t open = cell.find('`'); open != cell.npos; open = cell.find('`', open + 1)) {
        const std::size_t close = cell.find('`', open + 1);
        texts.push_back(cell.substr(open + 1, close - open - 1));
        const std::string_view gap = "…";
        if (texts.back().starts_with(gap))
            texts.back().erase(0, gap.size());
        if (const auto rest = texts.back().find(gap); rest != std::string::npos)
            texts.back().erase(rest);
        open = close;
    }
    return texts;
}

std::vector<std::string> rows_of(const std::string& heading) {
    std::vector<std::string> rows;
    const std::string text = section(heading);
    for (std::size_t at = text.find("\n|---"); (at = text.find("\n| ", at + 1)) != text.npos;)
        rows.push_back(text.substr(at + 1, text.find('\n', at + 1) - at - 1));
    EXPECT_GT(rows.size(), 3u) << heading;
    return rows;
}

int add(int a, int b) {
    if (a == b)
        throw mcp::tool_error("the text of a tool_error");
    if (b == 0)
        throw std::logic_error("internal");
    return a + b;
}

struct person {
    std::string name;
};

class errors_page : public ::testing::Test {
protected:
    errors_page() {
        server.options().log = [](mcp::log_level, std::string_view) {};
        server.tool<add, "a", "b">("Add");
        server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<void> {
            const auto who = co_await ctx.elicit<person>("Who?");
            (void)who;
        });
        server.tool<"guarded">("", [] { return 1; }, mcp::scopes("admin"));
        server.prompt<"review">("",
                                [](mcp::arg<"a", int>, mcp::arg<"b", std::string>) { return "x"; });
        server.resource<"file://broken">("",
                                         []() -> std::string { throw std::runtime_error("x"); });
    }

    /// Returns the error of a request, as `CODE MESSAGE`.
    std::string error_of(std::string_view method, const mcp::json_object& params,
                         mcp::revision revision = mcp::latest) {
        mcp::testing::client_options options;
        options.revision = revision;
        options.principal = mcp::principal{.subject = "ann"};
        options.capabilities = {};
        try {
            mcp::testing::client(server, options).request(method, params);
        } catch (const mcp::protocol_error& refused) {
            return std::to_string(refused.error().code) + ' ' + refused.error().message;
        }
        return "no error";
    }

    /// The same for a message that no client of ours sends.
    std::string error_of_text(std::string_view message) {
        asio::io_context io(1);
        const auto peer = std::make_shared<mcp::message_peer>(server, io.get_executor());
        peer->receive(message);
        io.poll();
        std::string answer;
        EXPECT_TRUE(peer->output().try_pop(answer)) << message;
        const auto value = mcp::parse_json(answer);
        peer->close();
        io.restart();
        io.poll();
        const auto& error = value->at("error");
        return mcp::encode(error.at("code")) + ' ' + std::string(error.at("message").as_string());
    }

    std::string tool_text(const mcp::json_object& arguments) {
        mcp::testing::client client(server);
        try {
            client.call("add", arguments);
        } catch (const mcp::tool_error& failed) {
            return failed.what();
        }
        return "no error";
    }

    mcp::server<> server{"test", "1"};
};

TEST_F(errors_page, results_of_tools) {
    const std::set<std::string> provoked{
        tool_text({{"a", 1}}), tool_text({{"a", 1}, {"b", 2}, {"c", 3}}),
        tool_text({{"a", "x"}, {"b", 2}}), tool_text({{"a", 7}, {"b", 0}})};
    for (const std::string& row : rows_of("Results of tools with `isError`")) {
        const std::string text = texts_of(row, 0).at(0);
        const auto says = [&](const std::string& each) { return each.ends_with(text); };
        EXPECT_TRUE(text == "tool_error" || std::ranges::any_of(provoked, says))
            << text << "\n"
            << ::testing::PrintToString(provoked);
    }
    EXPECT_EQ(tool_text({{"a", 1}, {"b", 1}}), "the text of a tool_error");
}

TEST_F(errors_page, errors_of_json_rpc) {
    mcp::json_object wrong_state{{"name", "ask"}, {"requestState", "x"}};
    const std::vector<std::string> provoked{
        error_of_text("{"),
        error_of_text(R"({"id":1,"method":"ping"})"),
        error_of("no/method", {}),
        error_of("tools/call", {{"name", "none"}}),
        error_of("prompts/get", {{"name", "none"}}),
        error_of("prompts/get", {{"name", "review"}}),
        error_of("prompts/get", {{"name", "review"}, {"arguments", {{"a", "x"}, {"b", "y"}}}}),
        error_of("tools/list", {{"cursor", "x"}}),
        error_of("tools/call", wrong_state),
        error_of("resources/read", {{"uri", "file://none"}}),
        error_of("resources/read", {{"uri", "file://none"}}, mcp::latest_legacy),
        error_of("resources/read", {{"uri", "file://broken"}}),
        error_of("tools/call", {{"name", "ask"}}),
        error_of_text(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)"
                      R"("io.modelcontextprotocol/protocolVersion":"1999-01-01",)"
                      R"("io.modelcontextprotocol/clientCapabilities":{}}}})"),
        error_of("tools/call", {{"name", "guarded"}}),
    };
    // Only an HTTP endpoint sends these codes, or only a server with limits.
    const std::set<std::string> elsewhere{"-32020", "-32000", "-32001",
                                          "-31401", "-31504", "-31429"};
    const auto has = [&](const std::string& code, const std::string& text) {
        for (const std::string& each : provoked)
            if (each.starts_with(code + ' ') && each.find(text) != std::string::npos)
                return true;
        return false;
    };
    std::set<std::string> listed;
    for (const std::string& row : rows_of("Errors of JSON-RPC")) {
        const std::string codes = row.substr(2, row.find(" |", 2) - 2);
        std::vector<std::string> texts = texts_of(row, 1);
        if (texts.empty())
            texts.emplace_back();
        for (std::size_t at = 0; at < codes.size(); at += 8) {
            const std::string code = codes.substr(at, 6);
            listed.insert(code);
            for (const std::string& text : texts)
                EXPECT_TRUE(elsewhere.contains(code) || text == "Internal error" || has(code, text))
                    << row << "\n"
                    << ::testing::PrintToString(provoked);
        }
    }
    for (const std::string& each : provoked)
        EXPECT_TRUE(listed.contains(each.substr(0, 6))) << each;
}

} // namespace errors_page_test
