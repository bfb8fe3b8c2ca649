#pragma once

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

} // namespace detail

/// An MCP server: what it offers (see `registration`) and the collaborators that it is made of.
///
///     mcp::server server{"weather", "1.0.0"};
///     mcp::server cluster{mcp::server_info{.name = "weather", .version = "1.0.0"},
///                         mcp::sealed_state{key}};
///
/// A collaborator is anything that fits one of the concepts (`request_state`); what is not given has
/// an embedded default. A server is not copied or moved: transports refer to it and must end first.
/// Any number of transports and threads may serve one server.
template <class... Collaborators>
class server : public registration {
    static_assert((request_state<Collaborators> && ...),
                  "mcp: a collaborator of mcp::server fits none of its concepts; a request state "
                  "needs seal(const mcp::state_binding&, std::string) -> std::string and "
                  "open(const mcp::state_binding&, std::string_view) -> std::optional<std::string>, "
                  "or awaitables of these");
    static_assert((0 + ... + (request_state<Collaborators> ? 1 : 0)) <= 1,
                  "mcp: give mcp::server one request state, not several");

public:
    using state_type = typename detail::choose<detail::plays_request_state, parked_state,
                                               Collaborators...>::type;

    server(std::string name, std::string version, Collaborators... collaborators)
        : server(server_info{.name = std::move(name), .version = std::move(version)},
                 std::move(collaborators)...) {}

    explicit server(server_info who, Collaborators... collaborators)
        : registration(std::move(who),
                       any_request_state(make<state_type>(collaborators...))) {}

    /// Waits for the blocking handlers that still run.
    ~server() { environment().join_pool(); }

private:
    template <class Part>
    static std::shared_ptr<Part> make(Collaborators&... given) {
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
