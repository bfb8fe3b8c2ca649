// SPDX-License-Identifier: MIT
#pragma once

// Reports each missing or wrong method of a collaborator in one sentence.

#include <mcp/async/invoke.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/state/request_state.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

template <class R, class T>
concept gives = std::same_as<awaited_t<R>, T>;

template <class R>
concept gives_count = std::convertible_to<awaited_t<R>, std::size_t>;

// Arguments are const, as in the concepts: a method that takes `std::string&` cannot be called.

template <class T>
consteval bool fits_auth_backend() {
    static_assert(
        requires(T& x, const http::request& request) {
            { x.authenticate(request) } -> gives<auth_result>;
        }, "mcp: an auth_backend has authenticate(const mcp::http::request&), which returns "
           "mcp::auth_result or an asio::awaitable of it");
    return true;
}

template <class T>
consteval bool fits_rate_limiter() {
    static_assert(
        requires(T& x, const std::string key) {
            { x.acquire(key) } -> gives<rate_decision>;
        },
        "mcp: a rate_limiter has acquire(std::string key), which returns mcp::rate_decision or an "
        "asio::awaitable of it");
    return true;
}

template <class T>
consteval bool fits_session_store() {
    static_assert(
        requires(T& x, const session_record record) {
            { x.create(record) } -> gives<bool>;
        }, "mcp: a session_store has create(mcp::session_record), which returns bool or an "
           "asio::awaitable of it");
    static_assert(
        requires(T& x, const std::string id) {
            { x.find(id) } -> gives<session_ptr>;
        }, "mcp: a session_store has find(std::string id), which returns mcp::session_ptr or an "
           "asio::awaitable of it");
    static_assert(
        requires(T& x, const session_record record) {
            { x.update(record) } -> gives<bool>;
        }, "mcp: a session_store has update(mcp::session_record), which returns bool or an "
           "asio::awaitable of it");
    static_assert(
        requires(T& x, const std::string id) {
            { x.erase(id) } -> gives<bool>;
        },
        "mcp: a session_store has erase(std::string id), which returns bool or an asio::awaitable "
        "of it");
    return true;
}

template <class T>
consteval bool fits_sse_broker() {
    static_assert(
        requires(T& x, const std::string topic, const std::shared_ptr<subscriber> receiver) {
            { x.subscribe(topic, receiver) } -> gives<void>;
        }, "mcp: an sse_broker has subscribe(std::string topic, std::shared_ptr<mcp::subscriber>), "
           "which returns void or an asio::awaitable of it");
    static_assert(
        requires(T& x, const std::string topic, const std::shared_ptr<subscriber> receiver) {
            { x.claim(topic, receiver) } -> gives<void>;
        },
        "mcp: an sse_broker has claim(std::string topic, std::shared_ptr<mcp::subscriber>), which "
        "returns void or an asio::awaitable of it");
    static_assert(
        requires(T& x, const std::string topic, const subscriber* receiver) {
            { x.unsubscribe(topic, receiver) } -> std::same_as<void>;
        }, "mcp: an sse_broker has unsubscribe(std::string topic, const mcp::subscriber*), which "
           "returns void and is never awaitable");
    static_assert(
        requires(T& x, const std::string topic, const std::string message) {
            { x.publish(topic, message) } -> gives_count;
        }, "mcp: an sse_broker has publish(std::string topic, std::string message), which returns "
           "the number of receivers as std::size_t, or an asio::awaitable of it");
    return true;
}

template <class T>
consteval bool fits_replay_log() {
    static_assert(
        requires(T& x, const std::string text, const std::uint64_t stream) {
            { x.append(text, stream, text) } -> gives<std::uint64_t>;
        }, "mcp: a replay_log has append(std::string session, std::uint64_t stream, std::string "
           "message), which returns std::uint64_t or an asio::awaitable of it");
    static_assert(
        requires(T& x, const std::string session, const std::uint64_t number) {
            { x.after(session, number, number) } -> gives<replayed>;
        }, "mcp: a replay_log has after(std::string session, std::uint64_t stream, std::uint64_t "
           "sequence), which returns mcp::replayed or an asio::awaitable of it");
    static_assert(
        requires(T& x, const std::string session) {
            { x.forget(session) } -> gives<void>;
        }, "mcp: a replay_log has forget(std::string session), which returns void or an "
           "asio::awaitable of it");
    return true;
}

template <class T>
consteval bool fits_request_state() {
    static_assert(
        requires(T& x, const state_binding& binding, std::string payload) {
            { x.seal(binding, std::move(payload)) } -> gives<std::string>;
        }, "mcp: a request_state has seal(const mcp::state_binding&, std::string payload), which "
           "returns std::string or an asio::awaitable of it");
    static_assert(
        requires(T& x, const state_binding& binding, const std::string_view text) {
            { x.open(binding, text) } -> gives<std::optional<std::string>>;
        }, "mcp: a request_state has open(const mcp::state_binding&, std::string_view text), which "
           "returns std::optional<std::string> or an asio::awaitable of it");
    return true;
}

template <class T>
consteval bool fits_observer() {
    static_assert(observer<T>,
                  "mcp: an observer has begin(const mcp::call_info&), which returns a state, and "
                  "end(state&, const mcp::call_info&, const mcp::call_end&); or log(const "
                  "mcp::log_line&); or count(std::string_view name, std::uint64_t by); all but "
                  "begin return void, and none is awaited");
    return true;
}

template <class T>
consteval bool fits_nothing() {
    static_assert(
        sizeof(T) == 0,
        "mcp: a collaborator of mcp::server must fit one of its concepts: auth_backend "
        "(authenticate), rate_limiter (acquire), session_store (create, find, update, erase), "
        "sse_broker (subscribe, claim, unsubscribe, publish), replay_log (append, after, forget), "
        "request_state (seal, open), observer (begin and end, log, count)");
    return true;
}

enum class part {
    none,
    auth_backend,
    rate_limiter,
    session_store,
    sse_broker,
    replay_log,
    request_state,
    observer
};

// clang-format off
/// Returns the concept that a collaborator is meant to fit: that of which it has most methods, by
/// name. Overloaded methods are not seen, but one of the others will be.
template <class T>
consteval part meant_as() {
    const int names[] = {
        0,
        requires { &T::authenticate; },
        requires { &T::acquire; },
        requires { &T::create; } + requires { &T::find; } + requires { &T::update; } +
            requires { &T::erase; },
        requires { &T::subscribe; } + requires { &T::claim; } + requires { &T::unsubscribe; } +
            requires { &T::publish; },
        requires { &T::append; } + requires { &T::after; } + requires { &T::forget; },
        requires { &T::seal; } + requires { &T::open; },
        requires { &T::begin; } + requires { &T::end; } + requires { &T::log; } +
            requires { &T::count; },
    };
    std::size_t most = 0;
    for (std::size_t each = 1; each < std::size(names); ++each)
        if (names[each] > names[most])
            most = each;
    return static_cast<part>(most);
}
// clang-format on

/// Always returns true. If a collaborator fits no concept, or cannot be called, the compiler stops
/// here with a sentence that says why. `Fits` is the number of concepts that it fits.
template <class T, int Fits>
consteval bool is_collaborator() {
    static_assert(
        Fits <= 1,
        "mcp: a collaborator of mcp::server fits several concepts; use one object for each");
    constexpr part meant = meant_as<T>();
    if constexpr (auth_backend<T> || (Fits == 0 && meant == part::auth_backend))
        return fits_auth_backend<T>();
    else if constexpr (rate_limiter<T> || (Fits == 0 && meant == part::rate_limiter))
        return fits_rate_limiter<T>();
    else if constexpr (session_store<T> || (Fits == 0 && meant == part::session_store))
        return fits_session_store<T>();
    else if constexpr (sse_broker<T> || (Fits == 0 && meant == part::sse_broker))
        return fits_sse_broker<T>();
    else if constexpr (replay_log<T> || (Fits == 0 && meant == part::replay_log))
        return fits_replay_log<T>();
    else if constexpr (request_state<T> || (Fits == 0 && meant == part::request_state))
        return fits_request_state<T>();
    else if constexpr (Fits == 0 && meant == part::observer)
        return fits_observer<T>();
    else if constexpr (Fits == 0)
        return fits_nothing<T>();
    return true;
}

} // namespace mcp::detail
