#include <mcp/server/failure.hpp>

#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/result_writer.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

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
    made.status = mcp::detail::write_failure(shared, writer, "prompts/get", id, failure);
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

} // namespace failure_test
