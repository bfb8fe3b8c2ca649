// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/errors.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

/// Thrown when permission is denied. Over HTTP the status is 403, with a challenge that lists all
/// scopes that are needed. [MCP 2026-07-28 basic/authorization]
class forbidden : public protocol_error {
public:
    explicit forbidden(std::vector<std::string> needed = {});

    /// Returns the scopes that the principal's token must have.
    const std::vector<std::string>& scopes() const noexcept { return scopes_; }

private:
    std::vector<std::string> scopes_;
};

/// The scopes that a principal's token must have, and predicates.
///
/// Without an auth backend, and over stdio, there is no principal: every entry with a permission is
/// then refused.
class permission {
public:
    using predicate = std::function<asio::awaitable<bool>(const principal&, const json_object&)>;
    using caller_predicate = std::function<bool(const principal&)>;

    permission() = default;

    std::vector<std::string> scopes{};
    /// Predicates of the principal alone. Lists that hide entries evaluate them too.
    std::vector<caller_predicate> callers{};
    /// Predicates of the principal and the request's parameters.
    std::vector<predicate> predicates{};

    bool empty() const noexcept { return scopes.empty() && callers.empty() && predicates.empty(); }

    /// Returns whether the principal has all scopes.
    bool has_scopes(const principal* identity) const;

    /// Returns whether the principal has all scopes and passes the predicates of the principal
    /// alone.
    bool admits(const principal* identity) const;

    /// Throws `forbidden` unless `admits` returns true. It names the scopes if the principal lacks
    /// them.
    void check_caller(const principal* identity) const;

    /// Throws `forbidden` unless all `predicates` return true. Call it after `check_caller`. This
    /// object and all arguments must live until it has ended.
    asio::awaitable<void> check(const principal& identity, const json_object& params) const;

    /// Returns the permission that needs both.
    friend permission operator&(permission a, const permission& b);
};

/// Permits principals whose token has all these scopes.
///
///     server.tool<deploy, "service">("Deploy a service", mcp::scopes("deploy"));
template <std::convertible_to<std::string>... Scopes>
permission scopes(Scopes... names) {
    permission made;
    (made.scopes.emplace_back(std::move(names)), ...);
    return made;
}

/// Permits principals for which `f` returns true. `f` takes `const mcp::principal&`, and
/// `const mcp::json_object& params` if it wants the parameters. It returns `bool` or
/// `asio::awaitable<bool>`. It is called once for each request, and several event loops may call it
/// at once.
///
/// The parameters are those that use the entry: `{"name": …, "arguments": {…}}` for a tool or a
/// prompt, `{"uri": …}` for a resource, spelled by `normal_uri`. They are the same when a resource
/// is subscribed to, or an argument is completed (then with the arguments known so far). A template
/// refuses a URI with `.` or `..` in its path before `f` is called. An exception refuses the
/// request; `mcp::unavailable` is answered with 503. Lists that hide entries also call an `f` that
/// takes the principal alone and returns `bool`; see `server_options::hide_forbidden`.
template <class F>
permission allow_if(F f) {
    constexpr bool by_request = std::is_invocable_v<const F&, const principal&, const json_object&>;
    static_assert(by_request || std::is_invocable_v<const F&, const principal&>,
                  "mcp: the predicate of allow_if takes const mcp::principal&, and optionally "
                  "const mcp::json_object&, the parameters of the request");
    permission made;
    if constexpr (by_request) {
        using returned = std::invoke_result_t<const F&, const principal&, const json_object&>;
        static_assert(std::same_as<detail::awaited_t<returned>, bool>,
                      "mcp: the predicate of allow_if returns bool or asio::awaitable<bool>");
        made.predicates.push_back(
            [f = std::move(f)](const principal& identity, const json_object& params) {
                return detail::invoke(f, identity, params);
            });
    } else if constexpr (std::is_invocable_v<const F&, const principal&>) {
        using returned = std::invoke_result_t<const F&, const principal&>;
        static_assert(std::same_as<detail::awaited_t<returned>, bool>,
                      "mcp: the predicate of allow_if returns bool or asio::awaitable<bool>");
        if constexpr (detail::is_awaitable_v<returned>)
            made.predicates.push_back(
                [f = std::move(f)](const principal& identity, const json_object&) {
                    return f(identity);
                });
        else
            made.callers.push_back(std::move(f));
    }
    return made;
}

namespace detail {

/// Returns the parameters that predicates of a resource get: its URI in normal form.
json_object reading_params(std::string_view uri);

/// Returns the exception that refuses a principal; null if nothing refuses it. `identity` is null
/// over stdio and without an auth backend. A cancellation is also returned as an exception.
asio::awaitable<std::exception_ptr> verdict_of(std::shared_ptr<const permission> needed,
                                               std::shared_ptr<const principal> identity,
                                               json_object params);

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/permission.ipp>
#endif
