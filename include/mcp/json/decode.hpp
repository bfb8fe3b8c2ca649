// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/json/impl/decoder.hpp>
#include <mcp/json/view.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/parameters.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string_view>

namespace mcp {

/// Reads a C++ value from JSON, as strictly as `schema_of<T>` describes it and in the forms that
/// `write` lists:
///
/// - A struct takes an object without unknown members. A member may be absent if it is an
///   `optional` or has a default, which it then keeps. Null counts as absent there, because models
///   and serialisers write it for "none"; the schema does not offer it. It does not count as absent
///   if null is a value of the member's type (`json`, a variant with `std::monostate`).
/// - An integer must be in the range of its type; 3.0 is an integer, 3.5 is not.
/// - A set refuses equal elements. `std::array`, tuple and pair require their exact size.
/// - A variant takes the first alternative that can be read.
///
/// `T` must have a default constructor. The error gives the path from `root`:
/// `arguments.filter.tags[2]: expected string, got number`. If there are several faults, its path
/// is empty, and its message lists up to ten of them, each with its path, separated by "; ".
template <class T>
result<T, decode_error> decode(json_view value, std::string_view root = {}) {
    using fault = detail::form_fault<detail::json_use::reading, T>;
    if constexpr (detail::is_fault<fault>) {
        return (fault(), decode_error());
    } else {
        T out{};
        detail::decoder decoder{root};
        if (!decoder.read(value, out, nullptr)) {
            return decoder.take_error();
        }
        return out;
    }
}

/// Reads into `out`, which holds its default value. Returns the error if there is one; `out` is
/// then incomplete. It is `decode` without a `result`, which takes longer to compile for each type.
template <class T>
std::optional<decode_error> decode_into(T& out, json_view value, std::string_view root = {}) {
    using fault = detail::form_fault<detail::json_use::reading, T>;
    if constexpr (detail::is_fault<fault>) {
        return (fault(), std::nullopt);
    } else {
        detail::decoder decoder{root};
        if (!decoder.read(value, out, nullptr)) {
            return decoder.take_error();
        }
        return std::nullopt;
    }
}

/// Reads the arguments of a function whose parameters are described at run time. An absent one has
/// its default, and each obeys its attributes. `described` must outlive the call.
template <class... Args, class... Described>
std::optional<decode_error>
decode_into(arguments<Args...>& out, json_view value, std::string_view root,
            const reflect::parameter_descriptions<Described...>& described) {
    detail::decoder decoder{root};
    if (!decoder.read(value, out, described)) {
        return decoder.take_error();
    }
    return std::nullopt;
}

} // namespace mcp
