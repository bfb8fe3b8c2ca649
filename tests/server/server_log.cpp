#include <mcp/server/server_log.hpp>

#include <mcp/encoding/dates.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/options.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace server_log_test {

class server_log : public ::testing::Test {
protected:
    server_log() {
        options.log = [this](mcp::log_level level, std::string_view text) {
            lines.append(mcp::to_string(level)).append(": ").append(text).append("\n");
        };
    }
    mcp::server_info who{.name = "weather", .version = "1"};
    mcp::server_options options;
    std::string lines;
    mcp::detail::server_log log{who, options};
};

TEST_F(server_log, writes_a_line_with_the_id_of_the_request) {
    log.log({mcp::log_level::debug, "low", {}});
    log.log({mcp::log_level::info, "plain", {}});
    log.log({mcp::log_level::error, "about a request", R"("a-1")"});
    log.log({mcp::log_level::error, "over HTTP", "7", "b-2\n"});
    log.log({mcp::log_level::error, "a batch", {}, "b-2"});
    EXPECT_EQ(lines, "info: plain\nerror: about a request (id \"a-1\")\n"
                     "error: over HTTP (id 7) (request b-2\\n)\n"
                     "error: a batch (request b-2)\n");
}

TEST_F(server_log, goes_to_standard_error_by_itself) {
    options.log = {};
    ::testing::internal::CaptureStderr();
    log.log({mcp::log_level::warning, "disk full", "7"});
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "weather [warning] disk full (id 7)\n");
}

TEST_F(server_log, writes_other_forms) {
    options.log = {};
    const auto written = [&](mcp::log_format form) {
        options.log_format = form;
        ::testing::internal::CaptureStderr();
        log.log({mcp::log_level::warning, "disk\n\"full\"", R"("a-1")"});
        return ::testing::internal::GetCapturedStderr();
    };
    const std::string timed = written(mcp::log_format::timed);
    EXPECT_EQ(timed.substr(timed.find(' ')), " weather [warning] disk\\n\"full\" (id \"a-1\")\n");
    EXPECT_TRUE(mcp::parse_rfc3339<std::chrono::milliseconds>(timed.substr(0, timed.find(' '))))
        << timed;
    const std::string json = written(mcp::log_format::json_lines);
    EXPECT_TRUE(json.starts_with(R"({"time":")")) << json;
    EXPECT_EQ(json.substr(json.find(R"(,"level")")), R"(,"level":"warning","server":"weather",)"
                                                     R"("message":"disk\\n\"full\"","id":"a-1"})"
                                                     "\n");
    options.log_format = mcp::log_format::json_lines;
    ::testing::internal::CaptureStderr();
    log.log({mcp::log_level::warning, "disk full", "7", "b-2"});
    EXPECT_TRUE(::testing::internal::GetCapturedStderr().ends_with(
        R"("message":"disk full","id":7,"request_id":"b-2"})"
        "\n"));
}

TEST_F(server_log, lets_nobody_write_lines_of_his_own) {
    log.log({mcp::log_level::info, "a\nweather [error] b\r\x1b[31m\t\x7f", {}});
    EXPECT_EQ(lines, "info: a\\nweather [error] b\\x0d\\x1b[31m\\x09\\x7f\n");
    lines.clear();
    const std::pair<const char*, const char*> table[] = {
        {"\xc2\x80 \xc2\x85 \xc2\x9b[31m", "\\u0080 \\u0085 \\u009b[31m"}, // C1
        {"a\xe2\x80\xa8"
         "b\xe2\x80\xa9"
         "c",
         "a\\u2028b\\u2029c"},
        {"\xe2\x80\xae \xe2\x81\xa6 \xe2\x80\x8f \xd8\x9c", "\\u202e \\u2066 \\u200f \\u061c"},
        {"\x9b"
         "31m \xff \xe2\x80",
         "\\x9b31m \\xff \\xe2\\x80"}, // no UTF-8
        {"Z\xc3\xbcrich \xe6\x9d\xb1 \xf0\x9f\x98\x80 \xc2\xa0 \xe2\x80\xa7", nullptr}};
    for (const auto& [text, shown] : table) {
        log.log({mcp::log_level::info, text, {}});
        EXPECT_EQ(lines, std::string("info: ") + (shown ? shown : text) + "\n");
        lines.clear();
    }
    log.log({mcp::log_level::info, "x", "\"\xc2\x85\""});
    EXPECT_EQ(lines, "info: x (id \"\\u0085\")\n");
    lines.clear();
    log.log({mcp::log_level::info, "x", std::string(1000, '9')});
    EXPECT_EQ(lines, "info: x (id " + std::string(80, '9') + "...)\n");
}

TEST_F(server_log, tells_at_level_debug_when_requests_begin_and_end) {
    constexpr std::string_view parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    mcp::call_info call{"tools/call", "add", mcp::latest, "7", {parent, ""}};
    log.begin(call);
    log.end(call, {mcp::outcome::ok, 0, std::chrono::microseconds(12)});
    EXPECT_EQ(lines, "");
    options.level = mcp::log_level::debug;
    log.begin(call);
    log.end(call, {mcp::outcome::ok, 0, std::chrono::microseconds(12)});
    log.end({}, {mcp::outcome::error, -32601, {}});
    const mcp::json arguments = *mcp::parse_json(R"({"a":1})");
    call.arguments = arguments;
    call.trace = {};
    log.begin(call);
    EXPECT_EQ(lines, "debug: tools/call add begins, trace 4bf92f3577b34da6a3ce929d0e0e4736 (id "
                     "7)\ndebug: tools/call add ended: ok after 12 us (id 7)\ndebug: a request "
                     "with an unknown method ended: error -32601 after 0 us\ndebug: tools/call add "
                     "begins, arguments {\"a\":1} (id 7)\n");
}

} // namespace server_log_test
