// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/version.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace mcp {

class response_cache;

/// What a client knows of a server once it has connected. A program may keep it and give it to the
/// next client as `client_options::prior`.
struct server_facts {
    server_facts() {}

    mcp::revision revision = latest; ///< the one that both sides use
    implementation info{};           ///< its name and version; the name is empty if it is unknown
    server_capabilities capabilities{};
    std::string instructions{}; ///< for the model; empty if there are none
};

/// The settings of a `client`.
struct client_options {
    std::string name = "asio-mcp";            ///< of the program, for the server
    std::string version = MCP_VERSION_STRING; ///< of the program
    std::string title{};                      ///< its name for people; empty for none
    /// The only revision to use. Without it the client asks the server: `server/discover` first,
    /// and the handshake of the legacy era where the server refuses that.
    std::optional<mcp::revision> revision{};
    /// What is known of the server already: it is not asked again.
    std::optional<server_facts> prior{};
    /// The time in which `server/discover` must be answered, where the handshake is still possible.
    std::chrono::milliseconds probe_timeout = std::chrono::seconds(10);
    /// The time in which a response must come; zero for no limit. The time in which handlers of the
    /// client answer questions of the server does not count.
    std::chrono::milliseconds timeout = std::chrono::seconds(60);
    /// The time for a call with all its rounds of questions; zero for no limit.
    std::chrono::milliseconds total_timeout{0};
    /// Whether progress of a call begins its `timeout` anew.
    bool progress_extends_timeout = false;
    /// How often a modern server may ask for input within one call.
    std::size_t rounds = 10;
    /// How many pages a list may have.
    std::size_t pages = 64;
    /// Whether results of tools that have been listed are checked against their `outputSchema`. A
    /// misfit is a `transport_error`.
    bool check_results = true;
    /// Where responses are kept for as long as the server allows; modern only. Without it, the
    /// client has a cache of its own.
    std::shared_ptr<response_cache> cache{};
    /// Identifies the user whom the server sees. Clients with the same text share private responses
    /// in `cache`; a client without it shares none.
    std::string cache_partition{};
    /// The least severe log messages that the server sends. Without it, a modern server sends none,
    /// and a legacy one as it likes.
    std::optional<mcp::log_level> log_level{};
    /// Whether a client over legacy HTTP keeps a stream open for messages that belong to no call,
    /// and whether a modern client with a handler of changes of lists begins to listen by itself.
    bool listen = true;
    /// How often in a row a subscription is begun again that the server does not keep open.
    std::size_t listen_attempts = 20;
    /// The time before the first of these attempts. It doubles with each, up to 30 seconds.
    std::chrono::milliseconds listen_delay{500};
    /// Whether a request for which the server has forgotten the legacy session begins a new session
    /// and is sent again, once.
    bool renew_session = true;
    /// Extensions that the client supports, with their settings; modern only.
    json_object extensions{};
};

/// How a call uses the cache of its client. Lists and `resources/read` may be kept.
enum class cache_use : std::uint8_t {
    use,     ///< Takes a response that is kept, if it is fresh.
    refresh, ///< Asks the server, and keeps its response.
    bypass,  ///< Asks the server, and keeps nothing.
};

/// The settings of one call.
///
///     mcp::call_options options;
///     options.timeout = std::chrono::seconds(5);
///     options.on_progress = [](const mcp::progress_update& now) { std::puts(now.message.c_str()); };
///     auto rows = co_await client.call<int>("import", {{"file", "a.csv"}}, options);
struct call_options {
    call_options() {}

    std::optional<std::chrono::milliseconds> timeout{};       ///< instead of that of the client
    std::optional<std::chrono::milliseconds> total_timeout{}; ///< instead of that of the client
    std::optional<bool> progress_extends_timeout{};           ///< instead of that of the client
    /// Called for the progress of the call; the server is asked for it only if this is set.
    std::function<void(const progress_update&)> on_progress{};
    /// Instead of that of the client; modern only.
    std::optional<mcp::log_level> log_level{};
    cache_use cache = cache_use::use; ///< how lists and resources use the cache
    /// Further members of `_meta`, such as `traceparent`.
    json_object meta{};
};

} // namespace mcp
