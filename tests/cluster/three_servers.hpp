#pragma once

// Three server processes on one Redis, and clients for them.

#include <array>
#include <cluster/process.hpp>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <redis/redis_server.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <utility>
#include <vector>

namespace cluster {

/// A temporary folder for the data of Redis. It is in memory if the machine has such a folder,
/// because Redis syncs every write.
class data_folder {
public:
    data_folder() {
        const bool memory = std::filesystem::is_directory("/dev/shm");
        path_ =
            (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
            "asio-mcp-XXXXXX";
        std::string name = path_.string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no folder for Redis");
        path_ = name;
    }
    data_folder(const data_folder&) = delete;
    data_folder& operator=(const data_folder&) = delete;
    ~data_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

/// Returns the request with the token of a principal.
inline wire::request as(wire::request q, std::string_view who = "ann") {
    return q.set("Authorization", "Bearer " + std::string(who) + "-token");
}

class three_servers {
public:
    static constexpr std::size_t size = 3;

    /// Redis writes each command to disk before it replies, so confirmed data survives a crash.
    three_servers()
        : redis({"--appendonly", "yes", "--appendfsync", "always", "--dir", folder_.path()})
        , servers{process(redis.url()), process(redis.url()), process(redis.url())} {}

    wire::client at(std::size_t server) { return wire::client(servers[server].port()); }
    wire::answer ask(std::size_t server, wire::request q) { return at(server).ask(as(q)); }

    /// Starts a session at a server and returns its id.
    std::string session(std::size_t server = 0) {
        return ask(server, wire::initialize()).header("Mcp-Session-Id");
    }

    /// Opens the stream of a session, and reads its priming event.
    wire::client events(std::size_t server, std::string_view session, std::string_view last = {}) {
        wire::client c = at(server);
        wire::request q = as(wire::get(session));
        if (!last.empty())
            q.add("Last-Event-ID", std::string(last));
        c.send(q);
        const wire::answer head = c.head();
        EXPECT_EQ(head.code, 200) << head.body;
        EXPECT_EQ(c.event(), "");
        return c;
    }

    /// Sends numbered messages to the stream of a session. Returns whether a subscriber took all.
    bool publish(std::size_t server, std::string_view session, int number, int count = 1) {
        const std::string result =
            call(server, session, "publish",
                 R"({"session":")" + std::string(session) + R"(","who":1,"from":)" +
                     std::to_string(number) + R"(,"count":)" + std::to_string(count) + "}");
        return result == '"' + std::to_string(count) + '"';
    }

    /// Calls a tool and returns the text of its result, as JSON.
    std::string call(std::size_t server, std::string_view session, std::string_view tool,
                     std::string_view arguments = "{}") {
        const wire::answer a = ask(server, wire::legacy_tool(session, tool, arguments));
        const auto events = a.events();
        return wire::at(events.empty() ? a.body : events.back(), "/result/content/0/text");
    }

private:
    data_folder folder_;

public:
    test::redis_server redis;
    std::array<process, size> servers;
};

/// Returns the number of a message of `publish`; empty for another event.
inline std::string number_of(const std::optional<std::string>& event) {
    return wire::at(event.value_or(""), "/params/data/n");
}

} // namespace cluster
