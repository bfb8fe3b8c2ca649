#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/reflect/signature.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

/// The JSON-RPC error of a request that its caller may not make.
inline constexpr int forbidden_code = -31403;

/// Thrown when a caller may not do something; over HTTP the status is 403 with a challenge that
/// lists the scopes that are needed, all of them. [MCP 2026-07-28 basic/authorization]
class forbidden : public protocol_error {
public:
    explicit forbidden(std::vector<std::string> needed = {})
        : protocol_error(forbidden_code, "You may not do this", data(needed))
        , scopes_(std::move(needed)) {}

    /// What the caller's token must have been granted.
    const std::vector<std::string>& scopes() const noexcept { return scopes_; }

private:
    static std::string data(const std::vector<std::string>& needed) {
        if (needed.empty())
            return {};
        std::string text;
        json_writer w(text);
        w.begin_object();
        w.key("requiredScopes");
        w.begin_array();
        for (const std::string& each : needed)
            w.value(std::string_view(each));
        w.end_array();
        w.end_object();
        return text;
    }

    std::vector<std::string> scopes_;
};

/// Who may call something: scopes that his token must have, and predicates.
///
/// A server without an auth backend has no callers to speak of: what needs permission is then
/// refused to everybody.
class permission {
public:
    using predicate = std::function<asio::awaitable<bool>(const principal&, const json_object&)>;

    permission() = default;

    std::vector<std::string> scopes{};
    /// Is given the caller and the request's parameters.
    std::vector<predicate> predicates{};

    bool empty() const noexcept { return scopes.empty() && predicates.empty(); }

    /// Whether the caller has all scopes.
    bool has_scopes(const principal* who) const {
        if (scopes.empty())
            return who != nullptr || predicates.empty();
        if (!who)
            return false;
        for (const std::string& each : scopes)
            if (!who->has_scope(each))
                return false;
        return true;
    }

    /// Throws `forbidden` unless the caller has all scopes.
    void check_scopes(const principal* who) const {
        if (!has_scopes(who))
            throw forbidden(scopes);
    }

    /// Throws `forbidden` unless all predicates hold. After `check_scopes`.
    asio::awaitable<void> check(const principal& who, const json_object& params) const {
        for (const predicate& each : predicates) {
            const bool allowed = co_await each(who, params);
            if (!allowed)
                throw forbidden();
        }
    }

    friend permission operator&(permission a, const permission& b) {
        a.scopes.insert(a.scopes.end(), b.scopes.begin(), b.scopes.end());
        a.predicates.insert(a.predicates.end(), b.predicates.begin(), b.predicates.end());
        return a;
    }
};

/// Lets only callers pass whose token has all these scopes.
///
///     server.tool<deploy, "service">("Deploy a service", mcp::scopes("deploy"));
template <std::convertible_to<std::string>... Scopes>
permission scopes(Scopes... names) {
    permission made;
    (made.scopes.emplace_back(std::move(names)), ...);
    return made;
}

/// Lets only callers pass of whom `f` says so: `f(const mcp::principal&, const mcp::json_object&
/// params)`, returning `bool` or `asio::awaitable<bool>`. The parameters are those of the request,
/// for a tool `{"name": …, "arguments": {…}}`.
template <class F>
permission allow_if(F f) {
    using returned = std::invoke_result_t<const F&, const principal&, const json_object&>;
    static_assert(std::same_as<awaited_t<returned>, bool>,
                  "mcp: the predicate of allow_if returns bool or asio::awaitable<bool>");
    permission made;
    made.predicates.push_back([f = std::move(f)](const principal& who, const json_object& params) {
        return mcp::invoke(f, who, params);
    });
    return made;
}

} // namespace mcp
