// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/impl/client_core.hpp>
#include <mcp/client/impl/client_exchange.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/discover.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/initialize.hpp>
#include <mcp/protocol/revision.hpp>

#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Returns the newest modern revision that both sides know.
inline std::optional<revision> newest_common(const std::vector<std::string>& versions) {
    std::optional<revision> best;
    for (const std::string& each : versions)
        if (const auto known = parse_revision(each); known && is_modern(*known))
            best = best ? std::max(*best, *known) : *known;
    return best;
}

/// Returns the versions in the `data` of an error `unsupported_protocol_version`.
inline std::vector<std::string> supported_versions(const jsonrpc::error& error) {
    std::vector<std::string> versions;
    if (const auto data = parse_json(error.data))
        if (const json_view list = json_view(*data).find("supported"); list && list.is_array())
            for (const json_view each : list.elements())
                if (const auto text = each.if_string())
                    versions.emplace_back(*text);
    return versions;
}

inline asio::awaitable<void> client_core::connect(std::unique_ptr<client_transport> transport) {
    const auto self = shared_from_this();
    stop();
    executor_ = co_await asio::this_coro::executor;
    clock_ = std::make_shared<call_clock>(
        executor_, std::bind_front(&client_core::wake_overdue, this)); // ends with `stop`
    transport_ = std::move(transport);
    const transport_ptr opened = transport_;
    ended_ = nullptr;
    name_ = transport_->name();
    ++session_;
    facts = server_facts();
    modern_meta_.clear();
    tools.clear();
    cache.begin(transport_->identity());
    try {
        co_await opened->open(*this);
        co_await negotiate();
        if (ended_)
            std::rethrow_exception(ended_);
    } catch (...) {
        if (transport_ == opened) // else another connection has begun
            stop();
        throw;
    }
    connected_ = true;
    listen_by_itself();
}

inline asio::awaitable<void> client_core::negotiate() {
    negotiated_ = false;
    if (options.prior) {
        facts = *options.prior;
        if (is_modern(facts.revision))
            agree(facts.revision);
        else
            co_await handshake(facts.revision);
    } else if (options.revision && is_legacy(*options.revision)) {
        co_await handshake(*options.revision);
    } else if (options.revision || !legacy_servers_.contains(name_)) {
        co_await ask_and_shake_hands();
    } else {
        bool still_legacy = true;
        try {
            co_await handshake(latest_legacy);
        } catch (const protocol_error&) {
            still_legacy = false;
        }
        if (!still_legacy) {
            legacy_servers_.erase(name_);
            co_await ask_and_shake_hands();
        }
    }
    negotiated_ = true;
}

inline asio::awaitable<void> client_core::ask_and_shake_hands() {
    const bool modern = co_await discover(!options.revision);
    if (modern)
        co_return;
    co_await handshake(latest_legacy);
    legacy_servers_.insert(name_);
}

/// Asks a server which modern revisions it knows. Returns false if it is a legacy server, which
/// only the handshake finds out; throws then unless `or_handshake`.
inline asio::awaitable<bool> client_core::discover(bool or_handshake) {
    call_options asked;
    asked.timeout = or_handshake ? options.probe_timeout : options.timeout;
    revision with = options.revision.value_or(latest);
    std::exception_ptr failure;
    transport_failure kind = transport_failure::closed;
    int status = 0;
    for (int attempt = 0; attempt < 2; ++attempt) {
        facts = server_facts();
        facts.revision = with;
        modern_meta_.clear();
        const client_request what("server/discover");
        client_response response;
        const auto kept = attempt == 0 ? cache.find(what.method, {}, asked) : nullptr;
        cache_deposit deposit(cache, what.method, {}, asked);
        try {
            if (kept)
                response = kept->first();
            else
                response = co_await exchange(what, asked, {}, call_times::clock::time_point::max());
        } catch (const transport_error& why) {
            failure = std::current_exception();
            kind = why.why();
            status = why.status();
        }
        if (failure)
            break;
        if (response.message.kind == jsonrpc::message_kind::error) {
            const jsonrpc::error& error = response.message.error;
            if (error.code == errc::unsupported_protocol_version && !options.revision) {
                const auto common = newest_common(supported_versions(error));
                if (common && attempt == 0) {
                    with = *common;
                    continue;
                }
            }
            if (!or_handshake)
                throw protocol_error(error);
            co_return false;
        }
        auto found = read_discover_result(response.result());
        const auto common = found ? newest_common(found->supported_versions) : std::nullopt;
        if (!found ||
            (options.revision && found &&
             std::find(found->supported_versions.begin(), found->supported_versions.end(),
                       to_string(*options.revision)) == found->supported_versions.end()) ||
            !common) {
            if (or_handshake)
                co_return false;
            throw broken(found ? "the server does not support revision " +
                                     std::string(to_string(with))
                               : "bad result of server/discover: " + found.error().what());
        }
        if (!kept) {
            deposit.add(response.result());
            deposit.keep();
        }
        facts.capabilities = std::move(found->capabilities);
        facts.instructions = std::move(found->instructions);
        facts.info = found->server_info.value_or(implementation());
        agree(options.revision.value_or(*common));
        co_return true;
    }
    // A legacy server over HTTP refuses the request by a status of its own. One over stdio may
    // ignore it, or end: it is started again.
    const bool refused = kind == transport_failure::http_status && status >= 400 && status < 500 &&
                         status != 401 && status != 403 && status != 429;
    const bool lost = !transport().has_streams() &&
                      (kind == transport_failure::timeout || kind == transport_failure::closed);
    const bool not_a_response = kind == transport_failure::bad_message;
    if (!or_handshake || (!refused && !lost && !not_a_response))
        std::rethrow_exception(failure);
    if (kind == transport_failure::closed) {
        const transport_ptr again = transport_;
        ended_ = nullptr;
        co_await again->open(*this);
    }
    co_return false;
}

/// Begins the session of the legacy era.
inline asio::awaitable<void> client_core::handshake(mcp::revision asked) {
    facts.revision = asked;
    modern_meta_.clear();
    initialize_params hello;
    hello.protocol_version = to_string(asked);
    hello.capabilities = capabilities();
    hello.client_info = implementation(options.name, options.version);
    hello.client_info.title = options.title;
    std::string params;
    json_writer w(params);
    write(w, hello, asked);
    const client_request what("initialize", params.substr(1, params.size() - 2));
    const call_options given;
    const client_response response =
        co_await exchange(what, given, {}, call_times::clock::time_point::max());
    if (response.message.kind == jsonrpc::message_kind::error)
        throw protocol_error(response.message.error);
    auto agreed = read_initialize_result(response.result());
    if (!agreed)
        throw broken("bad result of initialize: " + agreed.error().what());
    if (options.revision && agreed->protocol_version != *options.revision)
        throw broken("the server does not support revision " +
                     std::string(to_string(*options.revision)) + ", it answers with " +
                     std::string(to_string(agreed->protocol_version)));
    facts.capabilities = std::move(agreed->capabilities);
    facts.info = std::move(agreed->server_info);
    facts.instructions = std::move(agreed->instructions);
    agree(agreed->protocol_version);
    std::string message;
    jsonrpc::write_notification(message, "notifications/initialized");
    co_await notify(std::move(message));
    negotiated_ = true;
    if (options.log_level && facts.capabilities.logging) {
        const client_request level(
            "logging/setLevel", "\"level\":\"" + std::string(to_string(*options.log_level)) + '"');
        co_await exchange(level, given, {}, call_times::clock::time_point::max());
    }
}

inline void client_core::agree(mcp::revision on) {
    facts.revision = on;
    cache.agreed(on);
    modern_meta_.clear();
    transport().agreed(on, options.listen);
}

/// Ends a renewal, also if it is cancelled.
struct renewal_place {
    std::shared_ptr<session_renewal>& place;

    renewal_place(std::shared_ptr<session_renewal>& place_, const asio::any_io_executor& executor)
        : place(place_) {
        place = std::make_shared<session_renewal>(executor);
    }
    renewal_place(const renewal_place&) = delete;
    renewal_place& operator=(const renewal_place&) = delete;
    ~renewal_place() {
        place->ended.cancel();
        place.reset();
    }
};

/// Begins a new session in place of number `session`, once for all requests that miss it.
inline asio::awaitable<void> client_core::renew_session(std::uint64_t session) {
    while (renewing_ && session == session_) {
        const auto other = renewing_;
        std::error_code woken;
        co_await other->ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (other->failure)
            std::rethrow_exception(other->failure);
    }
    if (session != session_)
        co_return;
    const renewal_place place(renewing_, executor_);
    try {
        co_await handshake(facts.revision);
        co_await restore_subscriptions();
        ++session_;
    } catch (const std::system_error&) { // cancelled: the next request tries
        throw;
    } catch (...) {
        renewing_->failure = std::current_exception();
        throw;
    }
}

inline asio::awaitable<void> client_core::close() {
    const auto self = shared_from_this();
    const transport_ptr transport = transport_;
    if (!transport)
        co_return;
    std::exception_ptr failure;
    try {
        co_await transport->close();
    } catch (...) {
        failure = std::current_exception();
    }
    if (transport == transport_)
        stop();
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const transport_error& unheard) { // the server, of the end
        fault(nullptr, unheard.what());
    }
}

inline void client_core::stop() noexcept {
    if (clock_)
        clock_->stop();
    connected_ = false;
    negotiated_ = false;
    const auto why = std::make_exception_ptr(
        transport_error(transport_failure::closed, "the client has closed the connection"));
    end_listenings();
    for (const auto& [id, call] : std::exchange(under_way_, {})) {
        call->fail(why);
        call->abort.emit(asio::cancellation_type::terminal);
    }
    for (const auto& [id, signal] : std::exchange(answers_, {}))
        signal->emit(asio::cancellation_type::terminal);
    transport_.reset();
}

} // namespace mcp::detail
