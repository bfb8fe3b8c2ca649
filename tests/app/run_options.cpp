#include <mcp/app/run_options.hpp>

#include <mcp/app/impl/run_setting.hpp>
#include <mcp/app/impl/run_sources.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace run_options_test {

using variables = std::map<std::string, std::string>;

auto parse(std::vector<const char*> arguments, const variables& environment = {},
           mcp::run_options defaults = {}) {
    arguments.insert(arguments.begin(), "weather");
    return mcp::parse_run_options(
        static_cast<int>(arguments.size()), arguments.data(),
        [&](const char* name) {
            const auto found = environment.find(name);
            return found == environment.end() ? nullptr : found->second.c_str();
        },
        "weather", "1.2.3", std::move(defaults));
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
    EXPECT_FALSE(options->shutdown_timeout);
    EXPECT_EQ(parse({"--shutdown-timeout", "20"})->shutdown_timeout, std::chrono::seconds(20));
    EXPECT_EQ(parse({}, {{"MCP_SHUTDOWN_TIMEOUT", "0"}})->shutdown_timeout,
              std::chrono::seconds(0));
    const auto local = parse({"--host=unix:/run/a.sock", "--socket-mode=660", "--drain-delay=5"});
    ASSERT_TRUE(local) << local.error().what();
    EXPECT_EQ(local->host, "unix:/run/a.sock");
    EXPECT_EQ(local->socket_mode, 0660U);
    EXPECT_EQ(local->drain_delay, std::chrono::seconds(5));
}

TEST(run_options, operations) {
    const auto options = parse({"--log-format", "JSON", "--access-log=all", "--admin-port=9100",
                                "--admin-host=::", "--operations", "--metrics"});
    ASSERT_TRUE(options) << options.error().what();
    EXPECT_EQ(options->log_format, mcp::log_format::json_lines);
    EXPECT_EQ(options->access_log, mcp::access_lines::all);
    EXPECT_EQ(options->admin_port, 9100);
    EXPECT_EQ(options->admin_host, "::");
    EXPECT_TRUE(options->operations && options->metrics);
    EXPECT_FALSE(parse({})->log_format);
    EXPECT_FALSE(parse({"--log-format", "xml"}));
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
                             "--log-level", "--shutdown-timeout", "--calls", "--version",
                             "MCP_TRANSPORT", "MCP_CALLS", "MCP_LOG_LEVEL"})
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
        {{"--calls", "many"}, {}, "--calls"},
        {{}, {{"MCP_TRANSPORT", "http"}, {"MCP_CALLS", "-1"}}, "MCP_CALLS"},
        {{"--shutdown-timeout", "soon"}, {}, "--shutdown-timeout"},
        {{}, {{"MCP_SHUTDOWN_TIMEOUT", "1.5"}}, "MCP_SHUTDOWN_TIMEOUT"},
        {{"--prot", "1"}, {}, "--prot"},
        {{"stray"}, {}, "stray"},
        {{}, {{"MCP_TRANSPORT", "http"}, {"MCP_PORT", "x"}}, "MCP_PORT"},
        {{"--transport=http"}, {{"MCP_PORT", "70000"}}, "MCP_PORT"},
        {{}, {{"MCP_TRANSPORT", "pigeon"}}, "MCP_TRANSPORT"},
        {{}, {{"MCP_TRANSPORT", "http"}, {"MCP_HOST", "http://localhost"}}, "MCP_HOST"},
        {{}, {{"MCP_TRANSPORT", "http"}, {"MCP_PATH", "mcp"}}, "MCP_PATH"},
        {{}, {{"MCP_TRANSPORT", "http"}, {"MCP_THREADS", "-1"}}, "MCP_THREADS"},
        {{}, {{"MCP_LOG_LEVEL", "loud\nweather: all is well"}}, "MCP_LOG_LEVEL"},
        {{"--port", "0x10"}, {}, "--port"},
        {{"--port", "80 80"}, {}, "--port"},
        {{"--host", "localhost/mcp"}, {}, "--host"},
        {{"--host", "[]"}, {}, "--host"},
        {{"--path", "/mcp?a"}, {}, "--path"},
        {{"--path", "/{"}, {}, "--path: "},
        {{"--transport=http"}, {{"MCP_PATH", "/{user"}}, "MCP_PATH: "},
        {{"--path", "/mcp#a"}, {}, "--path"},
        {{"--host", "unix:"}, {}, "--host"},
        {{"--socket-mode", "0888"}, {}, "--socket-mode"},
        {{"--socket-mode", "rw"}, {}, "--socket-mode"},
        {{"--socket-mode", "4777"}, {}, "--socket-mode"},
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

/// All that an option may be, as one line.
std::string shown(const mcp::result<mcp::run_options, mcp::usage_error>& options) {
    if (!options)
        return options.error().what();
    return std::string(options->transport == mcp::run_transport::http ? "http " : "stdio ") +
           options->host + " " + std::to_string(options->port) + " " + options->path + " " +
           std::to_string(options->threads) + " " + std::string(mcp::to_string(options->level));
}

TEST(run_options, an_empty_value_counts_as_not_set) {
    const std::string defaults = "stdio 127.0.0.1 8000 /mcp 1 info";
    for (const char* option :
         {"--transport", "--host", "--port", "--path", "--threads", "--log-level"})
        EXPECT_EQ(shown(parse({option, ""})), defaults) << option;
    for (const char* variable :
         {"MCP_TRANSPORT", "MCP_HOST", "MCP_PORT", "MCP_PATH", "MCP_THREADS", "MCP_LOG_LEVEL"}) {
        for (const char* empty : {"", " ", "\t\r\n"})
            EXPECT_EQ(shown(parse({}, {{variable, empty}})), defaults) << variable;
    }
    EXPECT_EQ(shown(parse({"--host", ""}, {{"MCP_HOST", "::1"}})), "stdio ::1 8000 /mcp 1 info");
}

TEST(run_options, usual_spellings) {
    using list = std::vector<const char*>;
    const std::pair<list, const char*> transports[] = {
        {{"stdio", "STDIO", " stdio\n"}, "stdio"},
        {{"http", "HTTP", "streamable-http", "streamable_http", "streamableHttp",
          "Streamable-HTTP"},
         "http"}};
    for (const auto& [spellings, meant] : transports) {
        for (const char* each : spellings) {
            const std::string all = std::string(meant) + " 127.0.0.1 8000 /mcp 1 info";
            EXPECT_EQ(shown(parse({"--transport", each})), all) << each;
            EXPECT_EQ(shown(parse({}, {{"MCP_TRANSPORT", each}})), all) << each;
        }
    }
    const std::pair<list, const char*> levels[] = {
        {{"debug", "DEBUG", "trace", "verbose"}, "debug"},
        {{"info", "INFO", "Information"}, "info"},
        {{"notice", "NOTICE"}, "notice"},
        {{"warning", "warn", "WARN", "WARNING"}, "warning"},
        {{"error", "ERROR", "err"}, "error"},
        {{"critical", "CRITICAL", "crit", "fatal", "FATAL"}, "critical"},
        {{"alert"}, "alert"},
        {{"emergency", "emerg", "panic"}, "emergency"}};
    for (const auto& [spellings, meant] : levels) {
        for (const char* each : spellings) {
            const std::string all = std::string("stdio 127.0.0.1 8000 /mcp 1 ") + meant;
            EXPECT_EQ(shown(parse({"--log-level", each})), all) << each;
            EXPECT_EQ(shown(parse({}, {{"MCP_LOG_LEVEL", each}})), all) << each;
        }
    }
    EXPECT_EQ(shown(parse({"--host", "[::1]", "--port", "0080", "--path", "/mcp/"})),
              "stdio ::1 80 /mcp 1 info");
    EXPECT_EQ(shown(parse({"--path", "//"})), "stdio 127.0.0.1 8000 / 1 info");
    EXPECT_EQ(shown(parse({"--port", "1", "--port", "2"})), "stdio 127.0.0.1 2 /mcp 1 info");
}

TEST(run_options, what_kubernetes_sets_for_a_service_called_mcp_is_ignored) {
    for (const char* link : {"tcp://10.0.0.1:8000", "udp://10.0.0.1:53", "tcp://[fd00::1]:8000"}) {
        EXPECT_EQ(shown(parse({}, {{"MCP_PORT", link}})), "stdio 127.0.0.1 8000 /mcp 1 info");
        EXPECT_EQ(shown(parse({"--transport", "http"}, {{"MCP_PORT", link}})),
                  "http 127.0.0.1 8000 /mcp 1 info");
    }
    EXPECT_NE(shown(parse({"--port", "tcp://10.0.0.1:8000"})).find("--port: "), std::string::npos);
}

TEST(run_options, over_stdio_the_variables_of_http_may_hold_anything) {
    EXPECT_EQ(shown(parse({}, {{"MCP_PORT", "x"}, {"MCP_PATH", "mcp"}, {"MCP_THREADS", "many"}})),
              "stdio 127.0.0.1 8000 /mcp 1 info");
    EXPECT_EQ(shown(parse({}, {{"MCP_LOG_LEVEL", "loud"}})),
              "MCP_LOG_LEVEL: 'loud' is invalid; expected one of debug, info, notice, warning, "
              "error, critical, alert, emergency");
    EXPECT_EQ(shown(parse({"--transport", "http"}, {{"MCP_PORT", "65536"}})),
              "MCP_PORT: '65536' is not a number from 0 to 65535");
}

TEST(run_options, what_is_not_given_is_as_in_the_defaults) {
    mcp::run_options defaults;
    defaults.transport = mcp::run_transport::http;
    defaults.host = "0.0.0.0";
    defaults.port = 9000;
    defaults.path = "/tools";
    defaults.threads = 4;
    defaults.level = mcp::log_level::debug;
    defaults.shutdown_timeout = std::chrono::seconds(3);
    defaults.endpoint.calls = 7;
    defaults.limits.connections = 5;

    const auto kept = parse({}, {}, defaults);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->transport, mcp::run_transport::http);
    EXPECT_EQ(kept->host, "0.0.0.0");
    EXPECT_EQ(kept->port, 9000);
    EXPECT_EQ(kept->path, "/tools");
    EXPECT_EQ(kept->threads, 4U);
    EXPECT_EQ(kept->level, mcp::log_level::debug);
    EXPECT_EQ(kept->shutdown_timeout, std::chrono::seconds(3));
    EXPECT_EQ(kept->endpoint.calls, 7U);
    EXPECT_EQ(kept->limits.connections, 5U);

    const auto given =
        parse({"--port", "1", "--transport", "stdio"}, {{"MCP_THREADS", "2"}}, defaults);
    ASSERT_TRUE(given);
    EXPECT_EQ(given->transport, mcp::run_transport::stdio);
    EXPECT_EQ(given->port, 1);
    EXPECT_EQ(given->threads, 2U);
    EXPECT_EQ(given->path, "/tools");

    // CLI11 shows a default as `=value` or, in newer versions, as `[value]`.
    const auto shows = [](const std::string& help, const std::string& value) {
        return help.find("=" + value) != help.npos || help.find("[" + value + "]") != help.npos;
    };
    const auto help = parse({"--help"}, {}, defaults);
    for (const char* value : {"http", "0.0.0.0", "9000", "/tools", "4", "debug", "3", "7"})
        EXPECT_TRUE(shows(*help->answer, value)) << value << *help->answer;
    EXPECT_TRUE(shows(*parse({"--help"})->answer, "1 over stdio, 8 over http"));
}

TEST(run_options, the_limit_of_calls_is_the_programs_unless_it_is_given) {
    EXPECT_EQ(parse({})->endpoint.calls, 100U);
    EXPECT_EQ(parse({"--calls", ""}, {{"MCP_CALLS", " "}})->endpoint.calls, 100U);
    EXPECT_EQ(parse({"--calls", "7"}, {{"MCP_CALLS", "8"}})->endpoint.calls, 7U);
    EXPECT_EQ(parse({}, {{"MCP_CALLS", "8"}})->endpoint.calls, 8U);
    EXPECT_EQ(parse({"--calls", "0"})->endpoint.calls, 0U);
}

TEST(run_options, times_have_units) {
    const std::pair<const char*, std::chrono::milliseconds> table[] = {
        {"20", std::chrono::seconds(20)},
        {"20s", std::chrono::seconds(20)},
        {"500ms", std::chrono::milliseconds(500)},
        {"5 MIN", std::chrono::minutes(5)},
        {"1h", std::chrono::hours(1)},
        {"none", std::chrono::milliseconds::max()}};
    for (const auto& [text, meant] : table)
        EXPECT_EQ(parse({"--shutdown-timeout", text})->shutdown_timeout, meant) << text;
    for (const char* text : {"1.5", "-1", "5 parsecs", "ms", "1000000000000h", "1e3"})
        EXPECT_FALSE(parse({"--shutdown-timeout", text})) << text;
}

/// A file of settings that is gone after the test.
class settings_file {
public:
    explicit settings_file(const std::string& text)
        : name_(testing::TempDir() + "run_options." + std::to_string(::getpid()) + ".toml") {
        std::ofstream(name_) << text;
    }
    settings_file(const settings_file&) = delete;
    settings_file& operator=(const settings_file&) = delete;
    ~settings_file() { std::remove(name_.c_str()); }

    const char* name() const { return name_.c_str(); }

private:
    std::string name_;
};

TEST(run_options, a_file_gives_what_neither_the_command_line_nor_a_variable_gives) {
    const settings_file file("# of the weather\n"
                             "transport = \"http\"\n"
                             "host = '::1'  # this machine\n"
                             "port = 1\n"
                             "path = \"/file\"\n"
                             "log-level = warn\n"
                             "threads =\n");
    EXPECT_EQ(shown(parse({"--config", file.name()})), "http ::1 1 /file 1 warning");
    EXPECT_EQ(shown(parse({}, {{"MCP_CONFIG", file.name()}})), "http ::1 1 /file 1 warning");
    EXPECT_EQ(shown(parse({"--config", file.name(), "--port", "3"},
                          {{"MCP_PORT", "2"}, {"MCP_PATH", "/variable"}})),
              "http ::1 3 /variable 1 warning");
    EXPECT_EQ(
        shown(parse({"--config", file.name(), "--transport", ""}, {{"MCP_TRANSPORT", "stdio"}})),
        "stdio ::1 1 /file 1 warning");
}

TEST(run_options, errors_of_the_file_name_it_and_the_key) {
    const std::pair<const char*, const char*> table[] = {
        {"prot = 1", ": prot is unknown; did you mean port?"},
        {"Log_Level = 1", ": Log_Level is unknown; did you mean log-level?"},
        {"something-else = 1", ": something-else is unknown"},
        {"config = 1", ": config is unknown"},
        {"port = 65536", ": port: '65536' is not a number from 0 to 65535"},
        {"port = [1, 2]", ": port: a single value is expected"},
        {"[http]\nport = 1", ": the section http is unknown; settings have no sections"},
    };
    for (const auto& [text, message] : table) {
        const settings_file file(std::string(text) + "\n");
        for (const auto& options :
             {parse({"--config", file.name()}), parse({}, {{"MCP_CONFIG", file.name()}})}) {
            ASSERT_FALSE(options) << text;
            EXPECT_EQ(options.error().what(), file.name() + std::string(message));
        }
    }
    EXPECT_EQ(shown(parse({"--config", "/no/such/file"})),
              "--config: cannot read /no/such/file: No such file or directory");
    EXPECT_EQ(shown(parse({"--config", "/"})), "--config: cannot read /: Is a directory");
}

TEST(run_options, an_unknown_option_is_answered_by_the_most_similar) {
    const std::pair<std::vector<const char*>, const char*> table[] = {
        {{"--prot", "1"}, "--prot is unknown; did you mean --port?"},
        {{"--prot=1"}, "--prot is unknown; did you mean --port?"},
        {{"--PORT", "1"}, "--PORT is unknown; did you mean --port?"},
        {{"--loglevel", "info"}, "--loglevel is unknown; did you mean --log-level?"},
        {{"--verison"}, "--verison is unknown; did you mean --version?"},
        {{"--colour"}, "--colour is unknown"},
        {{"stray"}, "stray is unknown"},
    };
    for (const auto& [arguments, message] : table)
        EXPECT_EQ(shown(parse(arguments)), message);
}

TEST(run_options, prints_all_settings_as_a_file_that_says_the_same) {
    const settings_file file("path = /file\n");
    const auto printed = parse({"--config", file.name(), "--port", "1", "--print-config"},
                               {{"MCP_HOST", "::1"}, {"MCP_THREADS", "many"}});
    ASSERT_TRUE(printed && printed->answer);
    const std::string& text = *printed->answer;
    for (const std::string& line :
         {std::string("transport = \"stdio\"  # default\n"),
          std::string("host = \"::1\"  # MCP_HOST\n"), std::string("port = 1  # --port\n"),
          std::string("threads = 1  # default\n"),
          "path = \"/file\"  # " + std::string(file.name()) + "\n",
          std::string("# shutdown-timeout is not set: 1 over stdio, 8 over http\n")})
        EXPECT_NE(text.find(line), text.npos) << line << text;

    const settings_file again(text);
    EXPECT_EQ(shown(parse({"--config", again.name()})), "stdio ::1 1 /file 1 info");
}

/// The line of `--print-config` for a key, without the source.
std::string printed(std::vector<const char*> arguments, const std::string& key) {
    arguments.push_back("--print-config");
    const auto options = parse(arguments);
    if (!options)
        return options.error().what();
    const std::string text = "\n" + *options->answer;
    const auto begin = text.find("\n" + key + " = ");
    return begin == text.npos ? std::string()
                              : text.substr(begin + 1, text.find("  #", begin) - begin - 1);
}

TEST(run_options, each_setting_reads_and_shows_its_values) {
    struct {
        const char* option;
        const char* given;
        const char* shown; ///< in the file; an error if it begins with --
    } const table[] = {
        {"--sessions", "Required", "\"required\""},
        {"--sessions", "some",
         "--sessions: 'some' is invalid; expected one of offered, required, none"},
        {"--http-sse", "/old/", "\"/old\""},
        {"--http-sse", "old", "--http-sse: 'old' does not begin with /"},
        {"--always-stream", "yes", "true"},
        {"--always-stream", "maybe",
         "--always-stream: 'maybe' is invalid; expected one of true, false"},
        {"--stream-after", "none", "\"none\""},
        {"--stream-after", "1500ms", "\"1500ms\""},
        {"--keep-alive", "5s", "5"},
        {"--retry", "2m", "120"},
        {"--strict-accept", "OFF", "false"},
        {"--public-url", "https://example.com/t/{tenant}/mcp",
         "\"https://example.com/t/{tenant}/mcp\""},
        {"--public-url", "example.com/mcp",
         "--public-url: 'example.com/mcp' is not a URL such as https://example.com/mcp"},
        {"--public-url", "https://ann:secret@example.com",
         "--public-url: 'https://ann:secret@example.com' is not a URL such as "
         "https://example.com/mcp"},
        {"--public-url", "https://example.com/mcp?a=b",
         "--public-url: '/mcp?a=b' is not a path: a path has no ?, # or space"},
        {"--allowed-hosts", "a.example, [::1],*", "[\"a.example\", \"::1\", \"*\"]"},
        {"--allowed-hosts", "a.example:80",
         "--allowed-hosts: 'a.example:80' has a port; expected a host name alone"},
        {"--allowed-origins", "https://a.example/,http://b:8080",
         "[\"https://a.example\", \"http://b:8080\"]"},
        {"--allowed-origins", "a.example",
         "--allowed-origins: 'a.example' is not an origin such as https://app.example.com"},
        {"--cors-origins", "*", "[\"*\"]"},
        {"--cors-origins", "none", "[\"none\"]"},
        {"--trusted-proxies", "2", "2"},
        {"--forwarded-header", "X-Real-IP", "\"X-Real-IP\""},
        {"--forwarded-header", "a b",
         "--forwarded-header: 'a b' is not the name of a header field"},
        {"--limit-by-address", "true", "true"},
        {"--max-connections", "5", "5"},
        {"--max-body", "10MiB", "\"10MiB\""},
        {"--max-body", "10 mb", "10000000"},
        {"--max-body", "65536", "\"64KiB\""},
        {"--max-body", "none", "\"none\""},
        {"--max-body", "0", "0"},
        {"--max-body", "10 apples",
         "--max-body: '10 apples' is not a size; expected a number of bytes, or as in 64KiB, "
         "10MiB, "
         "1GiB or none"},
        {"--max-body", "99999999999GiB",
         "--max-body: '99999999999GiB' is not a size; expected a number of bytes, or as in 64KiB, "
         "10MiB, 1GiB or none"},
        {"--max-head", "8k", "\"8KiB\""},
        {"--max-in-flight", "1G", "\"1GiB\""},
        {"--max-batch", "1", "1"},
        {"--max-listens", "10", "10"},
        {"--max-result", "1MiB", "\"1MiB\""},
        {"--call-timeout", "30s", "30"},
        {"--handshake-timeout", "3s", "3"},
        {"--header-timeout", "1", "1"},
        {"--body-timeout", "1h", "3600"},
        {"--write-timeout", "none", "\"none\""},
        {"--idle-timeout", "1ms", "\"1ms\""},
    };
    for (const auto& [option, given, line] : table) {
        const std::string key = option + 2;
        EXPECT_EQ(printed({option, given}, key),
                  std::string(line).starts_with("--") ? line : key + " = " + line);
    }
    EXPECT_EQ(printed({"--always-stream"}, "always-stream"), "always-stream = true");
    EXPECT_EQ(printed({"--allowed-hosts", "a", "--allowed-hosts", "b,c"}, "allowed-hosts"),
              "allowed-hosts = [\"a\", \"b\", \"c\"]");
}

TEST(run_options, what_is_printed_can_be_read) {
    const auto first = parse({"--allowed-hosts", "a,b", "--cors-origins", "none", "--max-body",
                              "none", "--http-sse", "/", "--stream-after=none", "--print-config"});
    ASSERT_TRUE(first && first->answer);
    const settings_file file(*first->answer);
    const auto second = parse({"--config", file.name(), "--print-config"});
    ASSERT_TRUE(second) << second.error().what();
    const auto values = [](const std::string& text) {
        std::string left;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            left += line.substr(0, line.find("  # ")) + "\n";
        return left;
    };
    EXPECT_EQ(values(*first->answer), values(*second->answer));
    EXPECT_EQ(second->endpoint.policy.hosts, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(second->limits.body_bytes, SIZE_MAX);
    EXPECT_EQ(second->endpoint.stream_after, std::chrono::milliseconds(0));
    EXPECT_TRUE(second->cors && second->cors->origins.empty());
}

TEST(run_options, secrets_are_not_shown) {
    using namespace mcp::detail;
    std::string token = "hunter2";
    const text_reader any = [](std::string_view text, std::string& to) {
        to = text;
        return std::string();
    };
    const std::vector<run_setting> rows = {{.option = "--token",
                                            .type = "TEXT",
                                            .help = "A token",
                                            .group = run_group::general,
                                            .value = as_text(token, any),
                                            .secret = true}};
    EXPECT_EQ(print_settings(rows), "# Options\n# token is secret  # default\n");
    const char* const arguments[] = {"weather", "--help"};
    const auto help = read_command_line(2, arguments, rows, "weather", "1.2.3");
    ASSERT_TRUE(help && help->answer);
    EXPECT_EQ(help->answer->find(token), std::string::npos) << *help->answer;
}

TEST(run_options, lists_of_a_file_may_be_arrays_or_repeated) {
    const settings_file file("allowed-hosts = [\"a\", \"b\"]\n"
                             "port = 1\n"
                             "allowed-hosts = \"c, d\"\n"
                             "always-stream = true\n");
    const auto options = parse({"--config", file.name()});
    ASSERT_TRUE(options) << options.error().what();
    EXPECT_EQ(options->endpoint.policy.hosts, (std::vector<std::string>{"a", "b", "c", "d"}));
    EXPECT_TRUE(options->endpoint.always_stream);
}

} // namespace run_options_test
