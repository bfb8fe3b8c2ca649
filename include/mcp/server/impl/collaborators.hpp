// SPDX-License-Identifier: MIT
#pragma once

// Reports each missing or wrong method of a collaborator in one sentence.

#include <mcp/async/invoke.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/reflect/fault.hpp>
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
#include <type_traits>
#include <utility>

namespace mcp::detail {

template <class R, class T>
concept gives = std::same_as<awaited_t<R>, T>;

template <class R>
concept gives_count = std::convertible_to<awaited_t<R>, std::size_t>;

// Arguments are const, as in the concepts: a method that takes `std::string&` cannot be called.

// Each is a named constant, because compilers print the whole of a condition that fails.
// clang-format off

template <class T>
inline constexpr bool authenticates = requires(T& x, const http::request& request) {
    { x.authenticate(request) } -> gives<auth_result>;
};

template <class T>
inline constexpr bool acquires = requires(T& x, const std::string key) {
    { x.acquire(key) } -> gives<rate_decision>;
};

template <class T>
inline constexpr bool creates = requires(T& x, const session_record record) {
    { x.create(record) } -> gives<bool>;
};
template <class T>
inline constexpr bool finds = requires(T& x, const std::string id) {
    { x.find(id) } -> gives<session_ptr>;
};
template <class T>
inline constexpr bool updates = requires(T& x, const session_record record) {
    { x.update(record) } -> gives<bool>;
};
template <class T>
inline constexpr bool erases = requires(T& x, const std::string id) {
    { x.erase(id) } -> gives<bool>;
};

template <class T>
inline constexpr bool subscribes =
    requires(T& x, const std::string topic, const std::shared_ptr<subscriber> receiver) {
        { x.subscribe(topic, receiver) } -> gives<void>;
    };
template <class T>
inline constexpr bool claims =
    requires(T& x, const std::string topic, const std::shared_ptr<subscriber> receiver) {
        { x.claim(topic, receiver) } -> gives<void>;
    };
template <class T>
inline constexpr bool unsubscribes =
    requires(T& x, const std::string topic, const subscriber* receiver) {
        { x.unsubscribe(topic, receiver) } -> std::same_as<void>;
    };
template <class T>
inline constexpr bool publishes =
    requires(T& x, const std::string topic, const std::string message) {
        { x.publish(topic, message) } -> gives_count;
    };

template <class T>
inline constexpr bool appends = requires(T& x, const std::string text, const std::uint64_t stream) {
    { x.append(text, stream, text) } -> gives<std::uint64_t>;
};
template <class T>
inline constexpr bool replays =
    requires(T& x, const std::string session, const std::uint64_t number) {
        { x.after(session, number, number) } -> gives<replayed>;
    };
template <class T>
inline constexpr bool forgets = requires(T& x, const std::string session) {
    { x.forget(session) } -> gives<void>;
};

template <class T>
inline constexpr bool seals = requires(T& x, const state_binding& binding, std::string payload) {
    { x.seal(binding, std::move(payload)) } -> gives<std::string>;
};
template <class T>
inline constexpr bool opens =
    requires(T& x, const state_binding& binding, const std::string_view text) {
        { x.open(binding, text) } -> gives<std::optional<std::string>>;
    };

// clang-format on

template <class T>
inline constexpr bool is_observer = observer<T>;

template <class T>
struct fits_auth_backend {
    static_assert(authenticates<T>,
                  "mcp: an auth_backend has authenticate(const mcp::http::request&), which returns "
                  "mcp::auth_result or an asio::awaitable of it");
};

template <class T>
struct fits_rate_limiter {
    static_assert(acquires<T>, "mcp: a rate_limiter has acquire(std::string key), which returns "
                               "mcp::rate_decision or an asio::awaitable of it");
};

template <class T>
struct fits_session_store {
    static_assert(creates<T>, "mcp: a session_store has create(mcp::session_record), which returns "
                              "bool or an asio::awaitable of it");
    static_assert(finds<T>, "mcp: a session_store has find(std::string id), which returns "
                            "mcp::session_ptr or an asio::awaitable of it");
    static_assert(updates<T>, "mcp: a session_store has update(mcp::session_record), which returns "
                              "bool or an asio::awaitable of it");
    static_assert(erases<T>, "mcp: a session_store has erase(std::string id), which returns bool "
                             "or an asio::awaitable of it");
};

template <class T>
struct fits_sse_broker {
    static_assert(
        subscribes<T>,
        "mcp: an sse_broker has subscribe(std::string topic, std::shared_ptr<mcp::subscriber>), "
        "which returns void or an asio::awaitable of it");
    static_assert(
        claims<T>,
        "mcp: an sse_broker has claim(std::string topic, std::shared_ptr<mcp::subscriber>), which "
        "returns void or an asio::awaitable of it");
    static_assert(unsubscribes<T>, "mcp: an sse_broker has unsubscribe(std::string topic, const "
                                   "mcp::subscriber*), which returns void and is never awaitable");
    static_assert(publishes<T>,
                  "mcp: an sse_broker has publish(std::string topic, std::string message), which "
                  "returns the number of receivers as std::size_t, or an asio::awaitable of it");
};

template <class T>
struct fits_replay_log {
    static_assert(appends<T>,
                  "mcp: a replay_log has append(std::string session, std::uint64_t stream, "
                  "std::string message), which returns std::uint64_t or an asio::awaitable of it");
    static_assert(
        replays<T>,
        "mcp: a replay_log has after(std::string session, std::uint64_t stream, std::uint64_t "
        "sequence), which returns mcp::replayed or an asio::awaitable of it");
    static_assert(forgets<T>, "mcp: a replay_log has forget(std::string session), which returns "
                              "void or an asio::awaitable of it");
};

template <class T>
struct fits_request_state {
    static_assert(seals<T>, "mcp: a request_state has seal(const mcp::state_binding&, std::string "
                            "payload), which returns std::string or an asio::awaitable of it");
    static_assert(opens<T>,
                  "mcp: a request_state has open(const mcp::state_binding&, std::string_view "
                  "text), which returns std::optional<std::string> or an asio::awaitable of it");
};

template <class T>
struct fits_observer {
    static_assert(is_observer<T>,
                  "mcp: an observer has begin(const mcp::call_info&), which returns a state, and "
                  "end(state&, const mcp::call_info&, const mcp::call_end&); or log(const "
                  "mcp::log_line&); or count(std::string_view name, std::uint64_t by); all but "
                  "begin return void, and none is awaited");
};

template <class T>
struct fits_nothing {
    static_assert(
        never<T>,
        "mcp: a collaborator of mcp::server must fit one of its concepts: auth_backend "
        "(authenticate), rate_limiter (acquire), session_store (create, find, update, erase), "
        "sse_broker (subscribe, claim, unsubscribe, publish), replay_log (append, after, forget), "
        "request_state (seal, open), observer (begin and end, log, count)");
};

template <class T>
struct fits_several {
    static_assert(
        never<T>,
        "mcp: a collaborator of mcp::server fits several concepts; use one object for each");
};

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

/// Finds the type whose instantiation says why a collaborator fits no concept, or cannot be called.
/// `Fits` is the number of concepts that it fits.
template <class T, int Fits>
consteval auto find_collaborator_fault() {
    constexpr part meant = meant_as<T>();
    if constexpr (Fits > 1)
        return std::type_identity<fits_several<T>>();
    else if constexpr (auth_backend<T> || (Fits == 0 && meant == part::auth_backend))
        return std::type_identity<fits_auth_backend<T>>();
    else if constexpr (rate_limiter<T> || (Fits == 0 && meant == part::rate_limiter))
        return std::type_identity<fits_rate_limiter<T>>();
    else if constexpr (session_store<T> || (Fits == 0 && meant == part::session_store))
        return std::type_identity<fits_session_store<T>>();
    else if constexpr (sse_broker<T> || (Fits == 0 && meant == part::sse_broker))
        return std::type_identity<fits_sse_broker<T>>();
    else if constexpr (replay_log<T> || (Fits == 0 && meant == part::replay_log))
        return std::type_identity<fits_replay_log<T>>();
    else if constexpr (request_state<T> || (Fits == 0 && meant == part::request_state))
        return std::type_identity<fits_request_state<T>>();
    else if constexpr (Fits == 0 && meant == part::observer)
        return std::type_identity<fits_observer<T>>();
    else if constexpr (Fits == 0)
        return std::type_identity<fits_nothing<T>>();
    else
        return std::type_identity<no_fault>();
}

template <class T, int Fits>
using collaborator_fault = typename decltype(find_collaborator_fault<T, Fits>())::type;

} // namespace mcp::detail
