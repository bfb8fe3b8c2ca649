#include <mcp/app/run_options.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace {

using variables = std::map<std::string, std::string>;

auto parse(std::vector<const char*> arguments, const variables& environment = {}) {
    arguments.insert(arguments.begin(), "weather");
    return mcp::parse_run_options(
        static_cast<int>(arguments.size()), arguments.data(),
        [&](const char* name) {
            const auto found = environment.find(name);
            return found == environment.end() ? nullptr : found->second.c_str();
        },
        "weather", "1.2.3");
}

TEST(run_options, defaults) {
    const auto options = parse({});
    ASSERT_TRUE(options);
    EXPECT_EQ(options->transport, mcp::run_transport::stdio);
    EXPECT_EQ(options->host, "127.0.0.1");
    EXPECT_EQ(options->port, 8000);
    EXPECT_EQ(options->path, "/mcp");
    EXPECT_EQ(options->threads, 1U);
    EXPECT_EQ(options->level, mcp::log_level::info);
    EXPECT_FALSE(options->answer);
}

TEST(run_options, each_option_from_the_command_line) {
    const auto options = parse({"--transport", "http", "--host", "::1", "--port=0", "--path",
                                "/a/{user}", "--threads", "0", "--log-level", "debug"});
    ASSERT_TRUE(options) << options.error().what();
    EXPECT_EQ(options->transport, mcp::run_transport::http);
    EXPECT_EQ(options->host, "::1");
    EXPECT_EQ(options->port, 0);
    EXPECT_EQ(options->path, "/a/{user}");
    EXPECT_EQ(options->threads, 0U);
    EXPECT_EQ(options->level, mcp::log_level::debug);
}

TEST(run_options, each_option_from_the_environment) {
    const auto options = parse({}, {{"MCP_TRANSPORT", "http"},
                                    {"MCP_HOST", "0.0.0.0"},
                                    {"MCP_PORT", "65535"},
                                    {"MCP_PATH", "/"},
                                    {"MCP_THREADS", "8"},
                                    {"MCP_LOG_LEVEL", "emergency"}});
    ASSERT_TRUE(options) << options.error().what();
    EXPECT_EQ(options->transport, mcp::run_transport::http);
    EXPECT_EQ(options->host, "0.0.0.0");
    EXPECT_EQ(options->port, 65535);
    EXPECT_EQ(options->path, "/");
    EXPECT_EQ(options->threads, 8U);
    EXPECT_EQ(options->level, mcp::log_level::emergency);
}

TEST(run_options, the_command_line_wins) {
    const auto options = parse({"--port", "1"}, {{"MCP_PORT", "no number"}, {"MCP_HOST", "::"}});
    ASSERT_TRUE(options) << options.error().what();
    EXPECT_EQ(options->port, 1);
    EXPECT_EQ(options->host, "::");
}

TEST(run_options, answers_instead_of_serving) {
    const auto version = parse({"--version"});
    ASSERT_TRUE(version);
    EXPECT_EQ(version->answer, "weather 1.2.3\n");

    const auto help = parse({"--help"});
    ASSERT_TRUE(help);
    ASSERT_TRUE(help->answer);
    for (const char* word : {"--transport", "--host", "--port", "--path", "--threads",
                             "--log-level", "--version", "MCP_TRANSPORT", "MCP_LOG_LEVEL"})
        EXPECT_NE(help->answer->find(word), std::string::npos) << word;
}

struct wrong {
    std::vector<const char*> arguments;
    variables environment;
    const char* names; ///< what the error must name
};

TEST(run_options, errors_are_one_line_that_names_the_option) {
    const wrong table[] = {
        {{"--transport", "pigeon"}, {}, "--transport"},
        {{"--transport"}, {}, "--transport"},
        {{"--port", "65536"}, {}, "--port"},
        {{"--port", "-1"}, {}, "--port"},
        {{"--port", "http"}, {}, "--port"},
        {{"--path", "mcp"}, {}, "--path"},
        {{"--threads", "many"}, {}, "--threads"},
        {{"--log-level", "loud"}, {}, "--log-level"},
        {{"--prot", "1"}, {}, "--prot"},
        {{"stray"}, {}, "stray"},
        {{}, {{"MCP_PORT", "x"}}, "MCP_PORT"},
        {{}, {{"MCP_PORT", "70000"}}, "MCP_PORT"},
        {{}, {{"MCP_TRANSPORT", "pigeon"}}, "MCP_TRANSPORT"},
        {{}, {{"MCP_LOG_LEVEL", ""}}, "MCP_LOG_LEVEL"},
    };
    for (const wrong& one : table) {
        const auto options = parse(one.arguments, one.environment);
        ASSERT_FALSE(options) << one.names;
        EXPECT_NE(options.error().what().find(one.names), std::string::npos)
            << options.error().what();
        EXPECT_EQ(options.error().what().find('\n'), std::string::npos) << options.error().what();
    }
}

TEST(run_options, an_error_is_thrown_by_value) {
    EXPECT_THROW(parse({"--port", "x"}, {}).value(), std::invalid_argument);
}

} // namespace
