#include <mcp/server/observation.hpp>

#include <mcp/server/options.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace observation_test {

using notes = std::vector<std::string>;

/// Has a span of its own that cannot be copied.
struct spans {
    std::shared_ptr<notes> to;
    std::unique_ptr<std::string> begin(const mcp::call_info& call) {
        to->push_back("begin " + std::string(call.name));
        return std::make_unique<std::string>(call.name);
    }
    void end(const std::unique_ptr<std::string>& span, const mcp::call_info& call,
             const mcp::call_end& how) {
        EXPECT_EQ(*span, call.name);
        to->push_back("end " + *span + " " + std::string(mcp::to_string(how.outcome)));
    }
};
struct lines {
    std::shared_ptr<notes> to;
    void log(const mcp::log_line& line) { to->push_back("line " + std::string(line.text)); }
};
struct counts {
    std::shared_ptr<notes> to;
    void count(std::string_view name, std::uint64_t by) {
        to->push_back("count " + std::string(name) + " " + std::to_string(by));
    }
};
struct throwing {
    std::shared_ptr<notes> to;
    int begin(const mcp::call_info&) { throw std::runtime_error("begin"); }
    void end(int, const mcp::call_info&, const mcp::call_end&) { to->push_back("never"); }
    void log(const mcp::log_line&) { throw 42; }
    void count(std::string_view, std::uint64_t) { throw std::runtime_error("count"); }
};
struct throwing_at_the_end {
    void begin(const mcp::call_info&) {}
    void end(const mcp::call_info&, const mcp::call_end&) { throw 42; }
};

class observation : public ::testing::Test {
protected:
    observation() {
        options.log = [this](mcp::log_level, std::string_view text) {
            log->push_back("own " + std::string(text));
        };
    }
    template <class Observer>
    void add(Observer one) {
        all->add(std::make_shared<Observer>(std::move(one)));
    }
    notes taken() { return std::exchange(*log, {}); }

    mcp::server_info who{.name = "weather", .version = "1"};
    mcp::server_options options;
    std::shared_ptr<notes> log = std::make_shared<notes>();
    std::shared_ptr<mcp::observation> all = std::make_shared<mcp::observation>(who, options);
    mcp::call_info call{"tools/call", "add", mcp::latest, "7", {}};
};

TEST_F(observation, nobody_wants_to_know_of_calls_unless_somebody_does) {
    EXPECT_FALSE(all->calls());
    options.level = mcp::log_level::debug; // the server's own log does
    EXPECT_TRUE(all->calls());
    add(lines{log}); // takes its place
    EXPECT_FALSE(all->calls());
    add(spans{log});
    EXPECT_TRUE(all->calls());
    options.level = mcp::log_level::info;
    EXPECT_TRUE(all->calls());
}

TEST_F(observation, an_observer_of_lines_replaces_the_servers_own_log) {
    all->log({mcp::log_level::info, "a", {}});
    add(counts{log});
    all->log({mcp::log_level::info, "b", {}});
    add(lines{log});
    all->log({mcp::log_level::info, "c", {}});
    all->log({mcp::log_level::debug, "d", {}});
    EXPECT_EQ(taken(), (notes{"own a", "own b", "line c"}));
}

TEST_F(observation, each_observer_is_told_what_it_wants_to_know) {
    add(spans{log});
    add(counts{log});
    add(spans{log});
    all->count("hits", 3);
    mcp::detail::call_span span(all, call);
    span.end(mcp::outcome::tool_error);
    span.end(mcp::outcome::ok); // too late
    EXPECT_EQ(taken(), (notes{"count hits 3", "begin add", "begin add", "end add tool_error",
                              "end add tool_error"}));
}

TEST_F(observation, a_span_that_is_dropped_was_cancelled) {
    add(spans{log});
    {
        mcp::detail::call_span span(all, call);
        const mcp::detail::call_span copy = span;
        span = {};
        EXPECT_FALSE(span);
        EXPECT_EQ(taken(), (notes{"begin add"}));
    }
    EXPECT_EQ(taken(), (notes{"end add cancelled"}));
    mcp::detail::call_span none;
    none.end(mcp::outcome::ok);
}

TEST_F(observation, a_span_may_outlive_the_server) {
    add(spans{log});
    mcp::detail::call_span span(all, call);
    all.reset();
    span.end(mcp::outcome::ok);
    EXPECT_EQ(taken(), (notes{"begin add"}));
}

TEST_F(observation, what_an_observer_throws_harms_nobody) {
    add(throwing{log});
    add(throwing_at_the_end{});
    add(spans{log});
    add(lines{log});
    all->count("hits", 1);
    all->log({mcp::log_level::error, "e", {}});
    {
        mcp::detail::call_span span(all, call);
        span.end(mcp::outcome::ok);
    }
    EXPECT_EQ(taken(), (notes{"line e", "begin add", "end add ok"}));
}

} // namespace observation_test
