#include <mcp/server/access_log.hpp>

#include <mcp/http/request_record.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/server/options.hpp>
#include <mcp/server/server.hpp>

#include <asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace access_log_test {

using namespace std::chrono_literals;
using mcp::access_lines;

class access_log : public ::testing::Test {
protected:
    access_log() {
        server.options().log = [this](mcp::log_level level, std::string_view text) {
            EXPECT_EQ(level, mcp::log_level::info);
            lines.append(text).append("\n");
        };
    }

    mcp::http::request_record record() const {
        return {.id = "r-1",
                .method = mcp::http::verb::post,
                .path = "/mcp",
                .remote = peer,
                .code = mcp::http::status::ok,
                .note = note,
                .received = 10,
                .sent = 412,
                .duration = 1'300us};
    }

    mcp::server<> server{"weather", "1.0.0"};
    asio::ip::address peer = asio::ip::make_address("192.0.2.7");
    mcp::http::request_note note;
    std::string lines;
};

TEST_F(access_log, writes_what_is_known_of_a_request) {
    const mcp::access_log log(server, access_lines::all);
    auto plain = record();
    plain.complete = true;
    log.record(plain);
    EXPECT_EQ(lines, "192.0.2.7 POST /mcp 200 412 bytes 1.300 ms request r-1\n");

    lines.clear();
    note.method = "tools/call";
    note.name = "fore\ncast";
    note.session = "secret-session";
    note.subject = "ann";
    note.client = "203.0.113.9";
    note.reason = "This Origin is not allowed";
    auto full = record();
    full.method = mcp::http::verb::other;
    full.code = mcp::http::status::forbidden;
    log.record(full);
    EXPECT_EQ(lines, "203.0.113.9 ? /mcp 403 412 bytes 1.300 ms tools/call fore\\ncast "
                     "session secret... for ann request r-1 the connection ended first "
                     "refused: This Origin is not allowed\n");
}

TEST_F(access_log, writes_json) {
    server.options().log = {};
    server.options().log_format = mcp::log_format::json_lines;
    note.method = "tools/call";
    note.subject = "\"ann\"\xff";
    const mcp::access_log log(server, access_lines::all);
    ::testing::internal::CaptureStderr();
    auto whole = record();
    whole.complete = true;
    log.record(whole);
    const std::string line = ::testing::internal::GetCapturedStderr();
    EXPECT_TRUE(line.ends_with("}\n")) << line;
    mcp::json got = mcp::parse_json(line).value();
    auto& members = got.as_object();
    EXPECT_EQ(members["time"].as_string().size(),
              std::string_view("2026-11-30T14:05:06.789Z").size());
    members.erase("time");
    EXPECT_EQ(got, mcp::parse_json(R"({"level":"info","server":"weather",
        "message":"192.0.2.7 POST /mcp 200 412 bytes 1.300 ms tools/call for \"ann\"\\xff request r-1",
        "peer":"192.0.2.7","method":"POST","path":"/mcp","status":200,"bytes":412,
        "milliseconds":1.300,"mcp_method":"tools/call","subject":"\"ann\"\\xff",
        "request_id":"r-1"})")
                       .value())
        << line;
}

TEST_F(access_log, writes_refusals_only_and_not_too_many) {
    const mcp::access_log log(server, access_lines::refused);
    EXPECT_FALSE(log.settings().detailed);
    EXPECT_FALSE(log.settings().request_ids);
    auto refused = record();
    refused.complete = true;
    refused.code = mcp::http::status::not_found;
    log.record(refused); // by a handler
    log.record(record());
    EXPECT_EQ(lines, "");
    note.reason = "nothing is at this path";
    for (int i = 0; i < 100; ++i)
        log.settings().on_end(refused);
    const std::string line = "192.0.2.7 POST /mcp 404 412 bytes 1.300 ms request r-1 "
                             "refused: nothing is at this path\n";
    EXPECT_TRUE(lines.starts_with(line)) << lines;
    EXPECT_GE(lines.size(), 10 * line.size());
    EXPECT_LE(lines.size(), 30 * line.size()); // this machine may be slow
}

TEST_F(access_log, may_be_off) {
    EXPECT_FALSE(mcp::access_log(server, access_lines::none).settings().on_end);
    server.options().level = mcp::log_level::notice;
    mcp::access_log(server, access_lines::all).record(record());
    EXPECT_EQ(lines, "");
}

} // namespace access_log_test
