#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/server/registration.hpp>
#include <mcp/state/parked_state.hpp>
#include <mcp/state/request_state.hpp>

#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

/// The first of the collaborators that plays a part, or the embedded default.
template <template <class> class Plays, class Default, class... Collaborators>
struct choose {
    using type = Default;
};
template <template <class> class Plays, class Default, class First, class... Rest>
struct choose<Plays, Default, First, Rest...> {
    using type = typename std::conditional_t<Plays<First>::value, std::type_identity<First>,
                                             choose<Plays, Default, Rest...>>::type;
};

template <class T>
struct plays_request_state : std::bool_constant<request_state<T>> {};
template <class T>
struct plays_auth_backend : std::bool_constant<auth_backend<T>> {};
template <class T>
struct plays_rate_limiter : std::bool_constant<rate_limiter<T>> {};

/// How many of the concepts a collaborator fits: it must be one.
template <class T>
inline constexpr int parts_played =
    (request_state<T> ? 1 : 0) + (auth_backend<T> ? 1 : 0) + (rate_limiter<T> ? 1 : 0);

} // namespace detail

/// An MCP server: what it offers (see `registration`) and the collaborators that it is made of.
///
///     mcp::server server{"weather", "1.0.0"};
///     mcp::server guarded{mcp::server_info{.name = "weather", .version = "1.0.0"},
///                         my_auth{}, mcp::sealed_state{key}};
///
/// A collaborator is anything that fits one of the concepts (`auth_backend`, `rate_limiter`,
/// `request_state`), in any order; what is not given has an embedded default, or is not done. A
/// server is not copied or moved: transports refer to it and must end first. Any number of
/// transports and threads may serve one server.
template <class... Collaborators>
class server : public registration {
    static_assert(((detail::parts_played<Collaborators> == 1) && ...),
                  "mcp: a collaborator of mcp::server must fit one concept: an auth backend has "
                  "authenticate(const mcp::http::request&) -> mcp::auth_result, a rate limiter "
                  "acquire(std::string) -> mcp::rate_decision, a request state seal(const "
                  "mcp::state_binding&, std::string) -> std::string and open(const "
                  "mcp::state_binding&, std::string_view) -> std::optional<std::string>; each may "
                  "return an asio::awaitable of it");
    static_assert((0 + ... + (request_state<Collaborators> ? 1 : 0)) <= 1 &&
                      (0 + ... + (auth_backend<Collaborators> ? 1 : 0)) <= 1 &&
                      (0 + ... + (rate_limiter<Collaborators> ? 1 : 0)) <= 1,
                  "mcp: give mcp::server one collaborator of each kind, not several");

    struct none {};
    template <template <class> class Plays, class Default>
    using chosen = typename detail::choose<Plays, Default, Collaborators...>::type;

public:
    using state_type = chosen<detail::plays_request_state, parked_state>;
    using auth_type = chosen<detail::plays_auth_backend, none>;
    using limiter_type = chosen<detail::plays_rate_limiter, none>;

    server(std::string name, std::string version, Collaborators... collaborators)
        : server(server_info{.name = std::move(name), .version = std::move(version)},
                 std::move(collaborators)...) {}

    explicit server(server_info who, Collaborators... collaborators)
        : registration(std::move(who), any_request_state(make<state_type>(collaborators...))) {
        server_environment& shared = environment();
        const pool_source pool = [&shared] { return shared.pool(); };
        if constexpr (!std::is_same_v<auth_type, none>)
            shared.auth.emplace(make<auth_type>(collaborators...), pool);
        if constexpr (!std::is_same_v<limiter_type, none>)
            shared.limiter.emplace(make<limiter_type>(collaborators...), pool);
    }

    /// Waits for the blocking handlers that still run.
    ~server() { environment().join_pool(); }

private:
    template <class Part>
    static std::shared_ptr<Part> make([[maybe_unused]] Collaborators&... given) {
        if constexpr ((std::is_same_v<Part, Collaborators> || ...))
            return std::make_shared<Part>(std::move(std::get<Part&>(std::tie(given...))));
        else
            return std::make_shared<Part>();
    }
};

template <class... Collaborators>
server(const char*, const char*, Collaborators...) -> server<Collaborators...>;
template <class... Collaborators>
server(std::string, std::string, Collaborators...) -> server<Collaborators...>;
template <class... Collaborators>
server(server_info, Collaborators...) -> server<Collaborators...>;

} // namespace mcp
