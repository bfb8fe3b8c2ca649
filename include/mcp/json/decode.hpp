#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/impl/decoder.hpp>
#include <mcp/json/value.hpp>
#include <mcp/result.hpp>

#include <string_view>
#include <utility>

namespace mcp {

/// Reads a C++ value from JSON, as strictly as `schema_of<T>` describes it and in the forms that
/// `write` lists:
///
/// - A struct takes an object without unknown members. A member may be absent if it is an
///   `optional` or has a default; it keeps that default then. Null is absent there, unless the
///   member's type has a null of its own (`json`, a variant with `std::monostate`): models and
///   serialisers write it for "none". Its schema does not offer it.
/// - An integer must be in the range of its type; 3.0 is one, 3.5 is not.
/// - A set refuses equal elements; `std::array`, tuple and pair want their exact number.
/// - A variant is the first alternative that can be read.
///
/// `T` must have a default constructor. The error says where, from `root` on:
/// `arguments.filter.tags[2]: expected string, got number`.
template <class T>
result<T, decode_error> decode(const json& value, std::string_view root = {}) {
    T out{};
    detail::decoder decoder{root};
    if (!decoder.read(value, out, nullptr)) {
        return decoder.take_error();
    }
    return out;
}

} // namespace mcp
