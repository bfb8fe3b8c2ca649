// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/caching.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// The settings of a `response_cache`.
struct response_cache_options {
    std::size_t entries = 1000;          ///< the most responses; the oldest use goes first
    std::size_t bytes = 8 * 1024 * 1024; ///< the most memory, for texts and keys
    /// A server that allows more is not believed.
    std::chrono::milliseconds longest = std::chrono::hours(24);
    /// The clock; for tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// Keeps responses for as long as servers allow: lists, resources, and what a server says of itself
/// [MCP 2026-07-28 server/utilities/caching].
///
/// Each client has one of its own. Clients share one that is given to them as
/// `client_options::cache`: the public responses of one server, and the private ones too if
/// `client_options::cache_partition` is the same. All members may be called by any thread.
///
///     auto cache = std::make_shared<mcp::response_cache>();
///     mcp::client first{{.cache = cache, .cache_partition = "alice"}};
///     mcp::client second{{.cache = cache, .cache_partition = "alice"}};
class response_cache {
public:
    explicit response_cache(response_cache_options options = {});
    response_cache(const response_cache&) = delete;
    response_cache& operator=(const response_cache&) = delete;

    /// What a response belongs to.
    struct key {
        key(std::string_view server_, std::string_view partition_, std::string_view method_,
            std::string_view target_ = {})
            : server(server_)
            , partition(partition_)
            , method(method_)
            , target(target_) {}

        std::string_view server;    ///< identifies the server
        std::string_view partition; ///< of the principal; for private responses
        std::string_view method;
        std::string_view target; ///< the URI of a resource
    };

    /// Returns a response that is still fresh.
    std::optional<std::string> find(const key& of);

    /// Returns a number to give to `put` once the response has come.
    std::uint64_t begin() const;

    /// Keeps a response, unless something has been dropped since `begun`: it could be out of date.
    void put(const key& of, const cache_policy& policy, std::string text, std::uint64_t begun);

    /// Drops the responses of a server to a method, of all principals; only those for one target if
    /// that is given.
    void drop(std::string_view server, std::string_view method,
              std::optional<std::string_view> target = {});

    /// Drops everything.
    void clear();

    /// Returns the number of responses.
    std::size_t size() const;

private:
    struct entry {
        std::string text;
        std::chrono::steady_clock::time_point end;
        std::list<const std::string*>::iterator use;
    };
    using entries = std::map<std::string, entry, std::less<>>;

    std::optional<std::string> find_entry(const std::string& name);
    void erase(entries::iterator found);

    const response_cache_options options_;
    mutable std::mutex mutex_;
    entries entries_;
    std::list<const std::string*> uses_; ///< their names, the last use first
    std::size_t bytes_ = 0;
    std::uint64_t drops_ = 0;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/response_cache.ipp>
#endif
