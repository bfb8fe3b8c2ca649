// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/reflect/fault.hpp>

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
    using predicate = std::function<asio::awaitable<bool>(const principal&, const json_object&,
                                                          const http::path_params&)>;
    using caller_predicate = std::function<bool(const principal&, const http::path_params&)>;

    permission() = default;

    std::vector<std::string> scopes{};
    /// Predicates that do not take the parameters of the request. Lists that hide entries evaluate
    /// them too.
    std::vector<caller_predicate> callers{};
    /// Predicates that take them, or that must be awaited.
    std::vector<predicate> predicates{};

    bool empty() const noexcept { return scopes.empty() && callers.empty() && predicates.empty(); }

    /// Returns whether the principal has all scopes.
    bool has_scopes(const principal* identity) const;

    /// Returns whether the principal has all scopes and passes `callers`. `path` are the path
    /// parameters of the endpoint, here and below; null if it has none.
    bool admits(const principal* identity, const http::path_params* path = nullptr) const;

    /// Throws `forbidden` unless `admits` returns true. It names the scopes if the principal lacks
    /// them.
    void check_caller(const principal* identity, const http::path_params* path = nullptr) const;

    /// Throws `forbidden` unless all `predicates` return true. Call it after `check_caller`. This
    /// object and all arguments must live until it has ended.
    asio::awaitable<void> check(const principal& identity, const json_object& params,
                                const http::path_params* path = nullptr) const;

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

namespace detail {

template <class F>
struct predicate_parameters {
    static_assert(never<F>,
                  "mcp: the predicate of allow_if takes const mcp::principal&, and optionally "
                  "const mcp::json_object&, the parameters of the request, and then "
                  "const mcp::http::path_params&, those of the endpoint's path");
};

template <class F, class Returned>
struct predicate_result {
    static_assert(never<F>, "mcp: the predicate of allow_if returns bool or asio::awaitable<bool>");
};

template <class F, class... Given>
consteval auto find_predicate_fault(std::type_identity<void (*)(Given...)>, auto... others) {
    if constexpr (std::is_invocable_v<const F&, Given...>) {
        using returned = std::invoke_result_t<const F&, Given...>;
        return std::type_identity<std::conditional_t<std::is_same_v<awaited_t<returned>, bool>,
                                                     no_fault, predicate_result<F, returned>>>();
    } else if constexpr (sizeof...(others) > 0) {
        return find_predicate_fault<F>(others...);
    } else {
        return std::type_identity<predicate_parameters<F>>();
    }
}

/// The fault of a predicate. The first form that fits counts: a generic one is not tried with the
/// others.
template <class F, class Who = const principal&, class Params = const json_object&,
          class Path = const http::path_params&>
using predicate_fault = typename decltype(find_predicate_fault<F>(
    std::type_identity<void (*)(Who, Params, Path)>(), std::type_identity<void (*)(Who, Params)>(),
    std::type_identity<void (*)(Who, Path)>(), std::type_identity<void (*)(Who)>()))::type;

/// Makes a permission of a predicate that takes everything. `ByRequest` says whether it uses the
/// parameters of the request.
template <bool ByRequest, class F>
permission permission_by(F f) {
    using returned = std::invoke_result_t<const F&, const principal&, const json_object&,
                                          const http::path_params&>;
    permission made;
    if constexpr (ByRequest || is_awaitable_v<returned>)
        made.predicates.push_back([f = std::move(f)](const principal& identity,
                                                     const json_object& params,
                                                     const http::path_params& path) {
            return detail::invoke(f, identity, params, path);
        });
    else
        made.callers.push_back(
            [f = std::move(f)](const principal& identity, const http::path_params& path) {
                static const json_object none;
                return f(identity, none, path);
            });
    return made;
}

} // namespace detail

/// Permits principals for which `f` returns true. `f` takes `const mcp::principal&`, then
/// `const mcp::json_object&` if it wants the parameters of the request, then
/// `const mcp::http::path_params&` if it wants those of the path at which the server is mounted,
/// such as `{tenant}`; there are none over stdio. It returns `bool` or
/// `asio::awaitable<bool>`. It is called once for each request, and several event loops may call it
/// at once.
///
/// The parameters are those that use the entry: `{"name": …, "arguments": {…}}` for a tool or a
/// prompt, `{"uri": …}` for a resource, spelled by `normal_uri`. They are the same when a resource
/// is subscribed to, or an argument is completed (then with the arguments known so far). A template
/// refuses a URI with `.` or `..` in its path before `f` is called. An exception refuses the
/// request; `mcp::unavailable` is answered with 503. Lists that hide entries also call an `f` that
/// returns `bool` and does not take the parameters of the request; see
/// `server_options::hide_forbidden`.
template <class F>
permission allow_if(F f) {
    using who = const principal&;
    using params = const json_object&;
    using path = const http::path_params&;
    using fault = detail::predicate_fault<F>;
    if constexpr (detail::is_fault<fault>)
        return fault(), permission();
    else if constexpr (std::is_invocable_v<const F&, who, params, path>)
        return detail::permission_by<true>(
            [f = std::move(f)](who a, params b, path c) { return f(a, b, c); });
    else if constexpr (std::is_invocable_v<const F&, who, params>)
        return detail::permission_by<true>(
            [f = std::move(f)](who a, params b, path) { return f(a, b); });
    else if constexpr (std::is_invocable_v<const F&, who, path>)
        return detail::permission_by<false>(
            [f = std::move(f)](who a, params, path c) { return f(a, c); });
    else
        return detail::permission_by<false>(
            [f = std::move(f)](who a, params, path) { return f(a); });
}

namespace detail {

/// Returns the parameters that predicates of a resource get: its URI in normal form.
json_object reading_params(std::string_view uri);

/// Returns the exception that refuses a principal; null if nothing refuses it. `identity` is null
/// over stdio and without an auth backend. `path` must live until it has ended. A cancellation is
/// also returned as an exception.
asio::awaitable<std::exception_ptr> verdict_of(std::shared_ptr<const permission> needed,
                                               std::shared_ptr<const principal> identity,
                                               json_object params,
                                               const http::path_params* path = nullptr);

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/permission.ipp>
#endif
