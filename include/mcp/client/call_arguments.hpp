// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/encode.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace mcp {

namespace detail {

/// One argument: a name and any value that has a JSON form. Absent by default.
class call_argument {
public:
    call_argument() = default;
    template <class Value>
    call_argument(std::string_view name, const Value& value) : member_(encode(name) + ':') {
        encode(member_, value);
    }

    /// Returns `"name":value`; empty if absent.
    const std::string& member() const noexcept { return member_; }

private:
    std::string member_;
};

} // namespace detail

/// The arguments of a tool or a prompt.
///
///     auto first = co_await client.call<int>("add", {{"a", 2}, {"b", 3}});
///     const std::map<std::string, int> terms{{"a", 2}, {"b", 3}};
///     auto second = co_await client.call<int>("add", terms);
///
/// Up to sixteen pairs of name and value, or a struct, a map or an `mcp::json_object` with all of
/// them. The text of a `json_view` is copied.
class call_arguments {
public:
    call_arguments() = default;

    // Not an initializer_list: g++ 12 cannot compile its array inside a co_await expression.
    using argument = detail::call_argument;
    call_arguments(const argument& a, const argument& b = {}, const argument& c = {},
                   const argument& d = {}, const argument& e = {}, const argument& f = {},
                   const argument& g = {}, const argument& h = {}, const argument& i = {},
                   const argument& j = {}, const argument& k = {}, const argument& l = {},
                   const argument& m = {}, const argument& n = {}, const argument& o = {},
                   const argument& p = {});

    /// Takes the members of an object.
    template <class Object>
        requires(!std::same_as<Object, call_arguments> && !std::same_as<Object, argument>)
    call_arguments(const Object& object) : text_(encode(object)) {}

    /// Returns the JSON text of an object.
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_ = "{}";
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/call_arguments.ipp>
#endif
