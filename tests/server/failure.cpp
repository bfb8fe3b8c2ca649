#include <mcp/server/failure.hpp>

#include <mcp/auth/principal.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/server/result_writer.hpp>
#include <mcp/server/server.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace failure_test {

template <class T>
std::exception_ptr thrown(T what) {
    return std::make_exception_ptr(std::move(what));
}

struct answer {
    std::string text;
    std::string log;
    mcp::reply_status status;
};

answer fail(const std::exception_ptr& failure, mcp::revision r = mcp::latest, bool expose = false) {
    mcp::server_environment shared({.name = "test", .version = "1"});
    answer made{};
    shared.options.expose_exceptions = expose;
    shared.options.log = [&](mcp::log_level, std::string_view text) { made.log += text; };
    const mcp::jsonrpc::id id("r-1");
    mcp::result_writer writer(made.text, id, r, "{}");
    writer.json().member("half", 1);
    const mcp::request_view request(id, "prompts/get", {}, r);
    made.status = mcp::detail::write_failure(shared, writer, request, failure);
    return made;
}

TEST(failure, a_protocol_error_is_shown_as_it_is) {
    const auto got = fail(thrown(mcp::protocol_error(mcp::invalid_params("no such region"))));
    EXPECT_EQ(got.text, R"({"jsonrpc":"2.0","id":"r-1","error":{"code":-32602,)"
                        R"("message":"no such region"}})");
    EXPECT_EQ(got.log, "");
    EXPECT_EQ(got.status, mcp::reply_status::ok);
}

TEST(failure, others_go_to_the_log_with_the_id_of_the_request) {
    for (const auto& failure : {thrown(std::runtime_error("secret")), thrown(std::bad_alloc()),
                                thrown(42), thrown(std::string("secret"))}) {
        const auto got = fail(failure);
        EXPECT_EQ(got.text.find("secret"), std::string::npos);
        EXPECT_NE(got.text.find("-32603"), std::string::npos);
        EXPECT_EQ(got.text.find("half"), std::string::npos);
        EXPECT_TRUE(got.log.starts_with("prompts/get failed: ")) << got.log;
        EXPECT_TRUE(got.log.ends_with(" (id \"r-1\")")) << got.log;
    }
    EXPECT_NE(fail(thrown(std::runtime_error("secret"))).log.find("secret"), std::string::npos);
    EXPECT_NE(fail(thrown(std::runtime_error("secret")), mcp::latest, true).text.find("secret"),
              std::string::npos);
}

TEST(failure, the_log_has_the_exception_whole) {
    EXPECT_EQ(fail(thrown(std::runtime_error("disk full"))).log,
              "prompts/get failed: std::runtime_error: disk full (id \"r-1\")");
    std::exception_ptr nested;
    try {
        try {
            throw std::out_of_range("no page 7");
        } catch (...) {
            std::throw_with_nested(std::logic_error("index"));
        }
    } catch (...) {
        nested = std::current_exception();
    }
    const std::string log = fail(nested).log;
    EXPECT_NE(log.find("std::logic_error"), std::string::npos) << log;
    EXPECT_NE(log.find(": index; because of std::out_of_range: no page 7 (id"), std::string::npos)
        << log;
}

TEST(failure, what_cannot_be_reached_is_named_to_the_log_alone) {
    for (const auto revision : {mcp::latest, mcp::latest_legacy}) {
        const auto got = fail(thrown(mcp::unavailable("secret-host:6379")), revision, true);
        EXPECT_EQ(got.status, mcp::reply_status::unavailable);
        EXPECT_EQ(
            got.text,
            R"({"jsonrpc":"2.0","id":"r-1","error":{"code":-32603,)"
            R"("message":"A service that the server needs is unavailable; try again later"}})");
        EXPECT_EQ(got.log, "secret-host:6379 (id \"r-1\")");
    }
}

TEST(failure, statuses_are_of_the_modern_wire) {
    mcp::client_capabilities needed;
    needed.roots = true;
    const auto lacking = thrown(mcp::protocol_error(mcp::missing_client_capability(needed)));
    EXPECT_EQ(fail(lacking).status, mcp::reply_status::bad_request);
    EXPECT_EQ(fail(lacking, mcp::latest_legacy).status, mcp::reply_status::ok);
    EXPECT_EQ(fail(thrown(mcp::forbidden({"admin"}))).status, mcp::reply_status::forbidden);
}

using test::peer;

class failing_handlers : public ::testing::TestWithParam<mcp::revision> {
protected:
    mcp::server<> server{"test", "1"};
    test::kept_log log{server};
    peer client{server, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(failure, failing_handlers, ::testing::ValuesIn(test::revisions));

/// The handlers of all kinds throw what `failure` is; two of them in a coroutine.
TEST_P(failing_handlers, a_handler_says_why_it_fails) {
    std::exception_ptr failure;
    const auto fail = [&]() -> std::string { std::rethrow_exception(failure); };
    const auto fail_later = [&]() -> asio::awaitable<std::string> {
        std::rethrow_exception(failure);
        co_return "";
    };
    server.tool<"t">("", fail);
    server.resource<"r://now">("", fail);
    server.resource<"r://{n}/later">("", [&](int) { return fail_later(); });
    server.prompt<"p">("", fail);
    server.prompt<"q">("", fail_later);
    server.complete<"p", "a">([&](std::string) { return std::vector<std::string>{fail()}; });
    const int missing = mcp::is_modern(GetParam()) ? -32602 : -32002;
    const std::string none = "Nothing there";
    struct row {
        std::exception_ptr failure;
        int resource, other;
        std::string message; ///< empty: that of an unexpected exception
    };
    const auto who = std::make_shared<mcp::principal>();
    who->subject = "ann";
    client.who = who;
    for (const row& each :
         {row{thrown(mcp::handler_error("Try later")), -32603, -32603, "Try later"},
          row{thrown(mcp::tool_error("As a tool")), -32603, -32603, "As a tool"},
          row{thrown(mcp::not_found(none)), missing, -32602, none},
          row{thrown(mcp::protocol_error(-5, "Own")), -5, -5, "Own"},
          row{thrown(std::runtime_error("secret")), -32603, -32603, ""}}) {
        failure = each.failure;
        const auto expect = [&](std::string_view entry, std::string_view method,
                                std::string_view params, int code) {
            const auto got = client.ask(method, params);
            EXPECT_EQ(got->status(), mcp::reply_status::ok);
            EXPECT_EQ(got->code(), code) << entry << each.message;
            EXPECT_EQ(got->error(), mcp::encode(each.message.empty()
                                                    ? std::string(entry) +
                                                          " failed; the server's log has the reason"
                                                    : each.message));
            EXPECT_EQ(log.has(std::string(entry) + " failed for ann: std::runtime_error: secret"),
                      each.message.empty())
                << log.text();
            return got;
        };
        const auto now =
            expect("resource r://now", "resources/read", R"({"uri":"r://now"})", each.resource);
        EXPECT_EQ(test::at(now->value(), "/error/data/uri"),
                  each.message == none ? R"("r://now")" : "");
        expect("resource r://{n}/later", "resources/read", R"({"uri":"r://7/later"})",
               each.resource);
        expect("prompt p", "prompts/get", R"({"name":"p"})", each.other);
        expect("prompt q", "prompts/get", R"({"name":"q"})", each.other);
        expect("completion of a of p", "completion/complete",
               R"({"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":""}})",
               each.other);
        const auto tool = client.tool("t");
        if (each.message == "Own") {
            EXPECT_EQ(tool->code(), -5);
        } else {
            EXPECT_TRUE(tool->is_error());
            EXPECT_EQ(tool->words(), each.message.empty()
                                         ? "tool t failed; the server's log has the reason"
                                         : each.message);
        }
        EXPECT_EQ(log.has("tool t failed for ann: std::runtime_error"), each.message.empty());
    }
}

} // namespace failure_test
