// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace mcp {

/// What a client keeps of its authorization at one MCP server. All of it belongs to one issuer.
struct stored_authorization {
    std::string issuer{};   ///< the authorization server that has given all of this
    std::string resource{}; ///< for which the tokens are [RFC 8707]

    std::string client_id{};
    std::string client_secret{}; ///< of a dynamic registration
    std::string client_method{}; ///< how the client authenticates at the token endpoint
    std::string redirect_uri{};  ///< as registered
    std::optional<std::chrono::sys_seconds> client_expires{};

    std::string access_token{};
    std::string refresh_token{};
    std::string scope{};                               ///< that was asked for, separated by spaces
    std::optional<std::chrono::sys_seconds> expires{}; ///< of the access token
};

/// Keeps the authorization of a client, by server.
///
/// - `load(server)`: returns a `std::optional<stored_authorization>`. `server` is the URL of the
///   MCP endpoint, in its canonical form.
/// - `save(server, authorization)`: adds or replaces it.
/// - `erase(server)`: removes it, if there is one.
///
/// All members may be sync or awaitable. An exception ends the request, with its `what()` in the
/// text of the error: it must contain no secret. The tokens are secrets: keep them where other
/// users cannot read them. A store is for one user.
template <class T>
concept token_store =
    requires(T& store, const std::string server, const stored_authorization authorization) {
        store.load(server);
        store.save(server, authorization);
        store.erase(server);
        requires std::same_as<detail::awaited_t<decltype(store.load(server))>,
                              std::optional<stored_authorization>>;
    };

/// Keeps the authorization while the program runs; the default. A handle: copies share it, on any
/// thread.
class memory_tokens {
public:
    std::optional<stored_authorization> load(const std::string& server) const {
        const std::lock_guard lock(self_->mutex);
        const auto found = self_->kept.find(server);
        return found == self_->kept.end() ? std::nullopt : std::optional(found->second);
    }

    void save(const std::string& server, const stored_authorization& authorization) const {
        const std::lock_guard lock(self_->mutex);
        self_->kept[server] = authorization;
    }

    void erase(const std::string& server) const {
        const std::lock_guard lock(self_->mutex);
        self_->kept.erase(server);
    }

private:
    struct state {
        std::mutex mutex;
        std::map<std::string, stored_authorization> kept;
    };

    std::shared_ptr<state> self_ = std::make_shared<state>();
};

namespace detail {

/// Any `token_store`, type-erased.
class any_token_store {
public:
    template <token_store Store>
        requires(!std::same_as<Store, any_token_store>)
    explicit any_token_store(Store store)
        : self_(std::make_shared<model<Store>>(std::move(store))) {}

    /// The arguments must live until the result is awaited.
    asio::awaitable<std::optional<stored_authorization>> load(const std::string& server) const {
        return self_->load(server);
    }
    asio::awaitable<void> save(const std::string& server, const stored_authorization& what) const {
        return self_->save(server, what);
    }
    asio::awaitable<void> erase(const std::string& server) const { return self_->erase(server); }

private:
    struct interface {
        virtual ~interface() = default;
        virtual asio::awaitable<std::optional<stored_authorization>> load(const std::string&) = 0;
        virtual asio::awaitable<void> save(const std::string&, const stored_authorization&) = 0;
        virtual asio::awaitable<void> erase(const std::string&) = 0;
    };

    template <class Store>
    struct model final : interface {
        explicit model(Store s) : store(std::move(s)) {}

        asio::awaitable<std::optional<stored_authorization>>
        load(const std::string& server) override {
            if constexpr (is_awaitable_v<decltype(store.load(server))>)
                return store.load(server);
            else
                return ready_value<std::optional<stored_authorization>>(store.load(server));
        }
        asio::awaitable<void> save(const std::string& server,
                                   const stored_authorization& what) override {
            if constexpr (is_awaitable_v<decltype(store.save(server, what))>)
                co_await store.save(server, what);
            else
                store.save(server, what);
            co_return;
        }
        asio::awaitable<void> erase(const std::string& server) override {
            if constexpr (is_awaitable_v<decltype(store.erase(server))>)
                co_await store.erase(server);
            else
                store.erase(server);
            co_return;
        }

        Store store;
    };

    std::shared_ptr<interface> self_;
};

} // namespace detail

} // namespace mcp
