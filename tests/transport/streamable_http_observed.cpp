// What observers and handlers learn of requests that come over HTTP.

#include <mcp/http/request_record.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include "support/mcp_http.hpp"
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamable_http_observed_test {

constexpr std::string_view secret = "hunter2";
constexpr std::string_view parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr std::string_view other = "00-11111111111111111111111111111111-2222222222222222-00";

/// Keeps all that it sees.
class recorder {
public:
    struct book {
        std::mutex mutex;
        std::vector<std::string> spans;
        std::map<std::string, std::uint64_t, std::less<>> counts;
        std::string everything;
        std::string session;
        bool over_http = false;
        std::string http_id;
    };
    explicit recorder(std::shared_ptr<book> to) : to_(std::move(to)) {}

    void begin(const mcp::call_info&) {}
    void end(const mcp::call_info& call, const mcp::call_end& how) {
        std::string text(call.method);
        text.append("|").append(call.name).append("|").append(mcp::to_string(call.revision));
        text.append("|").append(call.request_id).append("|").append(mcp::to_string(how.outcome));
        text.append("|").append(call.trace.parent).append("|").append(call.trace.state);
        std::lock_guard lock(to_->mutex);
        to_->everything += text;
        to_->session = call.session;
        to_->over_http = call.over_http;
        to_->http_id = call.http_id;
        to_->spans.push_back(std::move(text));
    }
    void log(const mcp::log_line& line) {
        std::lock_guard lock(to_->mutex);
        to_->everything.append(line.text).append(line.request_id).append(line.http_id);
    }
    void count(std::string_view name, std::uint64_t by) {
        std::lock_guard lock(to_->mutex);
        to_->counts[std::string(name)] += by;
    }

private:
    std::shared_ptr<book> to_;
};

mcp::auth_result judge(std::string_view token) {
    if (token.empty())
        return mcp::auth_failure{};
    if (token == "away")
        throw mcp::unavailable("the directory does not answer");
    if (token != secret)
        return mcp::auth_failure{mcp::auth_failure::reason::invalid_token, "unknown"};
    return mcp::principal{.subject = "ann"};
}
struct guard {
    mcp::auth_result authenticate(const mcp::http::request& q) {
        return judge(mcp::bearer_token(q).value_or(""));
    }
};
struct few {
    mcp::rate_decision acquire(const std::string&) {
        return {--left >= 0, std::chrono::seconds(1)};
    }
    int left = 100;
};

class observed : public ::testing::Test {
protected:
    observed() {
        server.options().level = mcp::log_level::debug;
        const auto hear = [this](const mcp::context& ctx) {
            heard.assign(ctx.trace().parent).append("|").append(ctx.trace().state);
        };
        server.tool<"now">("", [hear](mcp::arg<"text", std::string>, mcp::context& ctx) {
            hear(ctx);
            return 1;
        });
        server.tool<"later">(
            "", [hear](mcp::arg<"text", std::string>, mcp::context& ctx) -> asio::awaitable<int> {
                hear(ctx);
                co_return 1;
            });
        server.tool<"broken">("", [](mcp::arg<"text", std::string>) -> asio::awaitable<int> {
            throw std::runtime_error("disk full");
            co_return 1;
        });
    }

    wire::answer ask(wire::request q) {
        return wire::ask(endpoint, q.add("Authorization", "Bearer " + std::string(secret)));
    }
    std::string last() {
        std::lock_guard lock(book->mutex);
        return book->spans.empty() ? "" : book->spans.back();
    }
    std::uint64_t count(std::string_view name) {
        std::lock_guard lock(book->mutex);
        const auto found = book->counts.find(name);
        return found == book->counts.end() ? 0 : found->second;
    }

    static constexpr std::string_view arguments = R"({"text":"hunter2"})";
    std::string heard;
    std::shared_ptr<recorder::book> book = std::make_shared<recorder::book>();
    mcp::server<guard, few, recorder> server{"test", "1", guard{}, few{}, recorder(book)};
    mcp::streamable_http endpoint{server};
};

TEST_F(observed, the_trace_of_the_headers_counts_if_meta_has_none) {
    const std::string session = ask(wire::initialize()).header("Mcp-Session-Id");
    ASSERT_NE(session, "");
    for (const std::string tool : {"now", "later"}) {
        for (const bool modern : {true, false}) {
            const auto request = [&](std::string_view meta) {
                if (!modern)
                    return wire::legacy_tool(
                        session, tool, arguments, "1",
                        meta.empty() ? "" : R"(,"_meta":{)" + std::string(meta) + "}");
                wire::request q = wire::modern_tool(tool, arguments);
                if (!meta.empty())
                    q.body.insert(q.body.find(R"("_meta":{)") + 9, std::string(meta) + ",");
                return q;
            };
            heard = "not called";
            ask(request(""));
            EXPECT_EQ(heard, "|") << tool << modern;

            ask(request("").add("traceparent", std::string(parent)).add("tracestate", "a=1"));
            EXPECT_EQ(heard, std::string(parent) + "|a=1") << tool << modern;
            EXPECT_TRUE(last().ends_with("|ok|" + heard)) << last();

            ask(request(R"("traceparent":")" + std::string(other) + '"')
                    .add("traceparent", std::string(parent))
                    .add("tracestate", "a=1"));
            EXPECT_EQ(heard, std::string(other) + "|") << tool << modern;
            EXPECT_TRUE(last().ends_with("|ok|" + heard)) << last();

            ask(request("").add("traceparent", "00-hunter2"));
            EXPECT_EQ(heard, "|") << tool << modern;
        }
    }
    EXPECT_EQ(book->everything.find(secret), std::string::npos) << book->everything;
}

TEST_F(observed, spans_say_revision_and_id_on_both_wires) {
    const std::string session = ask(wire::initialize("2025-06-18")).header("Mcp-Session-Id");
    ask(wire::legacy_tool(session, "later", arguments, R"("a-1")"));
    EXPECT_EQ(last(), R"(tools/call|later|2025-06-18|"a-1"|ok||)");
    EXPECT_EQ(book->session, session.substr(0, 8));
    EXPECT_TRUE(book->over_http);
    ask(wire::modern_tool("broken", arguments, "7"));
    EXPECT_EQ(book->session, "");
    EXPECT_EQ(last(), "tools/call|broken|2026-07-28|7|tool_error||");
    EXPECT_NE(book->everything.find("tool broken failed for ann: std::runtime_error: disk full7"),
              std::string::npos)
        << book->everything;
    EXPECT_EQ(book->everything.find(secret), std::string::npos) << book->everything;
    EXPECT_EQ(book->everything.find(session), std::string::npos);
}

TEST_F(observed, the_log_of_the_http_server_gets_notes) {
    mcp::streamable_http_options options;
    options.proxies.count = 1;
    mcp::streamable_http proxied(server, options);
    const auto noted = [&](const wire::request& text, bool detailed = true) {
        wire::spoken made(text);
        mcp::http::request_note note;
        note.detailed = detailed;
        made.r.note = &note;
        asio::io_context loop;
        asio::co_spawn(loop, proxied(made.q, made.r), asio::detached);
        loop.run();
        return note.client + "|" + note.subject + "|" + note.method + "|" + note.name + "|" +
               note.session + "|" + note.reason;
    };
    const auto asks = [](wire::request q) {
        return q.add("Authorization", "Bearer " + std::string(secret))
            .add("X-Forwarded-For", "203.0.113.9");
    };
    const std::string session =
        wire::ask(proxied, asks(wire::initialize())).header("Mcp-Session-Id");
    const std::string text = std::string(arguments);
    EXPECT_EQ(noted(asks(wire::legacy_tool(session, "now", text))),
              "203.0.113.9|ann|tools/call|now|" + session + "|");
    EXPECT_EQ(noted(asks(wire::modern_tool("now", text))), "203.0.113.9|ann|tools/call|now||");
    EXPECT_EQ(noted(asks(wire::modern_tool("now", text)), false), "203.0.113.9|||||");
    EXPECT_EQ(noted(wire::modern_tool("now", text)).substr(0, 24), "127.0.0.1|||||Authentica");
}

TEST_F(observed, lines_and_spans_name_the_http_request) {
    for (const char* tool : {"now", "later", "broken"}) {
        wire::spoken made(wire::modern_tool(tool, arguments)
                              .add("Authorization", "Bearer " + std::string(secret)));
        made.q.id = "4f1d-3";
        asio::io_context loop;
        asio::co_spawn(loop, endpoint(made.q, made.r), asio::detached);
        loop.run();
        EXPECT_EQ(book->http_id, "4f1d-3") << tool;
        book->http_id.clear();
    }
    EXPECT_NE(book->everything.find("disk full14f1d-3"), std::string::npos) << book->everything;
}

TEST_F(observed, what_is_turned_away_is_counted) {
    EXPECT_EQ(wire::ask(endpoint, wire::modern_tool("now")).code, 401);
    EXPECT_EQ(count(mcp::counter::unauthenticated), 1U);
    EXPECT_EQ(wire::ask(endpoint, wire::modern_tool("now").add("Authorization", "Bearer x")).code,
              401);
    EXPECT_EQ(count(mcp::counter::unauthenticated), 2U);
    EXPECT_EQ(
        wire::ask(endpoint, wire::modern_tool("now").add("Authorization", "Bearer away")).code,
        503);
    EXPECT_EQ(count(mcp::counter::unavailable), 1U);
    EXPECT_EQ(count(mcp::counter::sessions), 0U);
    ask(wire::initialize());
    EXPECT_EQ(count(mcp::counter::sessions), 1U);
    EXPECT_TRUE(book->spans.empty());
    int limited = 0;
    for (int i = 0; i < 110; ++i)
        limited += ask(wire::modern_tool("now", arguments)).code == 429 ? 1 : 0;
    EXPECT_EQ(limited, 11);
    EXPECT_EQ(count(mcp::counter::rate_limited), 11U);
}

/// Acts when a call begins: after the check of its headers, and before its handler.
struct interloper {
    std::function<void()> act;
    void begin(const mcp::call_info&) { act(); }
    void end(const mcp::call_info&, const mcp::call_end&) {}
};

TEST(streamable_http_observed, a_call_runs_the_tool_whose_header_rules_were_checked) {
    constexpr std::string_view with_header =
        R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}})";
    std::function<void()> replace;
    mcp::server server("test", "1", interloper{[&] { replace(); }});
    const auto put = [&](std::string_view schema, std::string result) {
        server.tool(mcp::tool_definition("where", "", std::string(schema)),
                    [result](const mcp::json&) { return result; });
    };
    replace = [&] { put(with_header, "new"); };
    put(R"({"type":"object"})", "old");
    mcp::streamable_http endpoint(server);
    const auto call = wire::modern_tool("where", R"({"region":"eu"})");
    EXPECT_NE(wire::ask(endpoint, call).body.find("old"), std::string::npos);
    EXPECT_EQ(wire::ask(endpoint, call).code, 400) << "the header is missing now";
    replace = [&] { server.remove_tool("where"); };
    auto complete = call;
    complete.add("Mcp-Param-Region", "eu");
    EXPECT_NE(wire::ask(endpoint, complete).body.find("new"), std::string::npos);
    EXPECT_NE(wire::ask(endpoint, complete).body.find("-32602"), std::string::npos);
}

} // namespace streamable_http_observed_test
