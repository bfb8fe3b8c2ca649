#include <mcp/server/metrics.hpp>

#include <mcp/http/request_record.hpp>
#include <mcp/server/observer.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace metrics_test {

using namespace std::chrono_literals;
using mcp::outcome;

static_assert(mcp::observer<mcp::metrics>);

/// Reads the text format strictly: each family has HELP, TYPE and then its samples, without
/// repetition; ranges of histograms are cumulative. Returns the samples by name with labels.
std::map<std::string, double> read(const std::string& text) {
    std::map<std::string, double> all;
    std::set<std::string> families;
    std::string family;
    std::string type;
    double last = 0;
    EXPECT_TRUE(text.ends_with('\n'));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        if (line.starts_with("# HELP ")) {
            words.ignore(7) >> family;
            EXPECT_TRUE(families.insert(family).second) << line;
            type.clear();
        } else if (line.starts_with("# TYPE ")) {
            std::string name;
            words.ignore(7) >> name >> type;
            EXPECT_EQ(name, family);
            EXPECT_EQ(type == "counter", name.ends_with("_total")) << line;
        } else {
            const auto end = line.rfind(' ');
            const std::string sample = line.substr(0, end);
            const std::string name = sample.substr(0, sample.find('{'));
            EXPECT_EQ(name.substr(0, family.size()), family) << line;
            EXPECT_FALSE(type.empty()) << line;
            std::size_t used = 0;
            const double value = std::stod(line.substr(end + 1), &used);
            EXPECT_EQ(used, line.size() - end - 1) << line;
            EXPECT_TRUE(all.emplace(sample, value).second) << line;
            if (type != "histogram") {
                EXPECT_EQ(name, family);
            } else if (name == family + "_bucket") {
                last = sample.find("le=\"0.0001\"") != sample.npos ? 0 : last;
                EXPECT_GE(value, last) << line;
                last = value;
            } else if (name == family + "_count") {
                EXPECT_EQ(value, last) << line; // the last range is +Inf
            } else {
                EXPECT_EQ(name, family + "_sum") << line;
            }
        }
    }
    return all;
}

mcp::call_info call(std::string_view method, std::string_view name = {}) {
    mcp::call_info made;
    made.method = method;
    made.name = name;
    return made;
}

TEST(metrics, counts_calls) {
    mcp::metrics all;
    struct row {
        std::string_view method;
        std::string_view name;
        outcome how;
        std::chrono::nanoseconds took;
    };
    const row rows[] = {{"tools/call", "add", outcome::ok, 50us},
                        {"tools/call", "add", outcome::ok, 2s},
                        {"tools/call", "add", outcome::tool_error, 400s},
                        {"tools/call", "", outcome::error, 1ms},
                        {"tools/call", "a\"b\\c\nd", outcome::cancelled, 1ms},
                        {"prompts/get", "greet", outcome::refused, 1ms},
                        {"", "", outcome::error, 1ms}};
    for (const row& each : rows) {
        all.begin(call(each.method, each.name));
        all.end(call(each.method, each.name), {each.how, 0, each.took});
    }
    all.begin(call("tools/list"));
    const auto got = read(all.text());
    const std::map<std::string, double> expected{
        {R"(mcp_requests_total{method="tools/call",outcome="ok"})", 2},
        {R"(mcp_requests_total{method="tools/call",outcome="error"})", 1},
        {R"(mcp_requests_total{method="prompts/get",outcome="refused"})", 1},
        {R"(mcp_requests_total{method="other",outcome="error"})", 1},
        {R"(mcp_tool_calls_total{tool="add",outcome="ok"})", 2},
        {R"(mcp_tool_calls_total{tool="add",outcome="tool_error"})", 1},
        {R"(mcp_tool_calls_total{tool="other",outcome="error"})", 1},
        {R"(mcp_tool_calls_total{tool="a\"b\\c\nd",outcome="cancelled"})", 1},
        {R"(mcp_tool_call_duration_seconds_bucket{tool="add",le="0.0001"})", 1},
        {R"(mcp_tool_call_duration_seconds_bucket{tool="add",le="1.0"})", 1},
        {R"(mcp_tool_call_duration_seconds_bucket{tool="add",le="2.5"})", 2},
        {R"(mcp_tool_call_duration_seconds_bucket{tool="add",le="300.0"})", 2},
        {R"(mcp_tool_call_duration_seconds_bucket{tool="add",le="+Inf"})", 3},
        {R"(mcp_tool_call_duration_seconds_sum{tool="add"})", 402.00005},
        {R"(mcp_requests_in_progress)", 1},
    };
    for (const auto& [name, value] : expected) {
        const auto found = got.find(name);
        ASSERT_NE(found, got.end()) << name << "\n" << all.text();
        EXPECT_DOUBLE_EQ(found->second, value) << name;
    }
    EXPECT_GT(got.at("process_start_time_seconds"), 1.7e9);
    EXPECT_EQ(all.text().find("redis"), std::string::npos);
}

TEST(metrics, counts_http_events_and_redis) {
    mcp::metrics all;
    const asio::ip::address peer;
    const mcp::http::request_note note;
    const auto record = [&](mcp::http::verb method, int code, bool stream) {
        all.on_end()({.method = method,
                      .remote = peer,
                      .code = static_cast<mcp::http::status>(code),
                      .note = note,
                      .received = 10,
                      .sent = 20,
                      .duration = 3ms,
                      .stream = stream});
    };
    record(mcp::http::verb::post, 200, false);
    record(mcp::http::verb::post, 499, true);
    record(mcp::http::verb::other, 400, false);
    all.count("mcp.rate_limited", 3);
    all.on_redis_reply()(1ms, true);
    all.on_redis_reply()(2s, false);
    int open = 7;
    all.gauge("shop_orders", "Open orders.", [&open] { return open + 0.5; }, R"({kind="b"})");
    all.gauge("asio_first", "Another.", [] { return 1e300; });
    all.gauge("shop_orders", "Open orders.", [&open] { return open; }, R"({kind="a"})");
    open = 8;
    const auto got = read(all.text());
    const std::map<std::string, double> expected{
        {R"(mcp_http_requests_total{method="POST",status="200"})", 1},
        {R"(mcp_http_requests_total{method="POST",status="499"})", 1},
        {R"(mcp_http_requests_total{method="other",status="400"})", 1},
        {R"(mcp_http_request_duration_seconds_count{method="POST"})", 1},
        {R"(mcp_http_received_bytes_total)", 30},
        {R"(mcp_http_sent_bytes_total)", 60},
        {R"(mcp_events_total{event="mcp.rate_limited"})", 3},
        {R"(mcp_redis_command_duration_seconds_count)", 2},
        {R"(mcp_redis_failures_total)", 1},
        {R"(shop_orders{kind="b"})", 8.5},
        {R"(shop_orders{kind="a"})", 8},
        {R"(asio_first)", 1e300},
    };
    for (const auto& [name, value] : expected) {
        const auto found = got.find(name);
        ASSERT_NE(found, got.end()) << name << "\n" << all.text();
        EXPECT_DOUBLE_EQ(found->second, value) << name;
    }
    all.gauge("asio_first", "Another.", [] { return 1.0; }); // replaces
    EXPECT_EQ(read(all.text()).at("asio_first"), 1);
    all.remove_gauges("shop_orders");
    EXPECT_EQ(all.text().find("shop_orders"), std::string::npos);
    EXPECT_THROW(all.gauge("1st", "", [] { return 0.0; }), std::invalid_argument);
    EXPECT_THROW(all.gauge("a-b", "", [] { return 0.0; }), std::invalid_argument);
    EXPECT_THROW(all.gauge("a", "b\nc", [] { return 0.0; }), std::invalid_argument);
}

TEST(metrics, limits_the_names) {
    mcp::metrics all(2);
    for (const std::string_view each : {"a", "b", "c", "d", "a", "c"})
        all.end(call("tools/call", each), {outcome::ok, 0, 1ms});
    all.count("e", 1);
    const auto got = read(all.text());
    EXPECT_EQ(got.at(R"(mcp_tool_calls_total{tool="a",outcome="ok"})"), 2);
    EXPECT_EQ(got.at(R"(mcp_tool_calls_total{tool="b",outcome="ok"})"), 1);
    EXPECT_EQ(got.at(R"(mcp_tool_calls_total{tool="other",outcome="ok"})"), 3);
    EXPECT_EQ(got.at(R"(mcp_events_total{event="other"})"), 1);
    EXPECT_EQ(got.at("mcp_requests_in_progress"), 0); // one thread may begin, another end
}

TEST(metrics, adds_the_counts_of_threads) {
    mcp::metrics all;
    std::vector<std::thread> threads;
    for (int i = 0; i < 20; ++i)
        threads.emplace_back([copy = all]() mutable {
            for (int n = 0; n < 1000; ++n) {
                copy.begin(call("tools/call", "add"));
                copy.end(call("tools/call", "add"), {outcome::ok, 0, 1ms});
                if (n % 100 == 0)
                    copy.text();
            }
        });
    for (auto& each : threads)
        each.join();
    const auto got = read(all.text());
    EXPECT_EQ(got.at(R"(mcp_tool_calls_total{tool="add",outcome="ok"})"), 20'000);
    EXPECT_EQ(got.at("mcp_requests_in_progress"), 0);
}

} // namespace metrics_test
