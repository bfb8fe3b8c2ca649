// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>

namespace mcp::schema::validation {

/// Converts to a number with at least 64 bits of mantissa where the machine has it, so that
/// integers and doubles compare exactly.
inline long double wide(const json& number) {
    switch (number.kind()) {
    case json_kind::int64:
        return static_cast<long double>(number.get_int64());
    case json_kind::uint64:
        return static_cast<long double>(number.get_uint64());
    default:
        return static_cast<long double>(number.get_double());
    }
}

inline bool is_integer(const json& value) {
    return value.is_int64() || value.is_uint64() ||
           (value.is_double() && std::trunc(value.get_double()) == value.get_double());
}

/// Returns whether `number` is a whole multiple of `unit`, which is above zero. Decimal fractions
/// are not exact in binary, so a quotient within rounding of a whole number counts as whole.
inline bool is_multiple(const json& number, const json& unit) {
    if (number.is_int64() && unit.is_int64()) {
        return number.get_int64() % unit.get_int64() == 0;
    }
    const double a = number.to_number<double>();
    const double b = unit.to_number<double>();
    const double quotient = a / b;
    if (!std::isfinite(quotient)) {
        return std::fmod(a, b) == 0;
    }
    constexpr double tolerance = 4 * std::numeric_limits<double>::epsilon();
    return std::abs(quotient - std::round(quotient)) <= tolerance * std::abs(quotient);
}

/// Compares as JSON Schema does: 1 and 1.0 are equal, and the order of members does not matter
/// [JSON Schema 2020-12 core §4.2.2]. `cost` grows with the amount of data compared.
inline bool equal(const json& a, const json& b, std::size_t& cost) {
    ++cost;
    if (a.is_number() || b.is_number()) {
        return a.is_number() && b.is_number() && wide(a) == wide(b);
    }
    if (a.kind() != b.kind()) {
        return false;
    }
    switch (a.kind()) {
    case json_kind::bool_:
        return a.get_bool() == b.get_bool();
    case json_kind::string:
        cost += a.get_string().size() / 64;
        return a.get_string() == b.get_string();
    case json_kind::array:
        return std::equal(a.get_array().begin(), a.get_array().end(), b.get_array().begin(),
                          b.get_array().end(),
                          [&](const json& x, const json& y) { return equal(x, y, cost); });
    case json_kind::object:
        return a.get_object().size() == b.get_object().size() &&
               std::all_of(a.get_object().begin(), a.get_object().end(), [&](const auto& entry) {
                   const json* other = b.get_object().if_contains(entry.key());
                   return other != nullptr && equal(entry.value(), *other, cost);
               });
    default:
        return true;
    }
}

/// Returns a hash that agrees with `equal`, at the same cost.
inline std::size_t hash(const json& value, std::size_t& cost) {
    const auto mix = [](std::size_t a, std::size_t b) {
        return (a ^ (b + 0x9E3779B97F4A7C15u + (a << 6) + (a >> 2))) * 0x100000001B3u;
    };
    ++cost;
    switch (value.kind()) {
    case json_kind::null:
        return 1;
    case json_kind::bool_:
        return value.get_bool() ? 3 : 2;
    case json_kind::string:
        cost += value.get_string().size() / 64;
        return std::hash<std::string_view>{}(std::string_view{value.get_string()});
    case json_kind::array: {
        std::size_t sum = 5;
        for (const json& element : value.get_array()) {
            sum = mix(sum, hash(element, cost));
        }
        return sum;
    }
    case json_kind::object: {
        std::size_t sum = 7;
        for (const auto& entry : value.get_object()) {
            sum += mix(std::hash<std::string_view>{}(entry.key()), hash(entry.value(), cost));
        }
        return sum;
    }
    default: {
        // Hashes all digits of an integer; as doubles, many integers beyond 2^53 would share a
        // hash.
        const long double number = wide(value);
        constexpr long double end = 18446744073709551616.0L; // 2^64
        if (number >= 0 && number < end && is_integer(value)) {
            return std::hash<std::uint64_t>{}(static_cast<std::uint64_t>(number));
        }
        if (number < 0 && number > -end / 2 && is_integer(value)) {
            return std::hash<std::int64_t>{}(static_cast<std::int64_t>(number));
        }
        return std::hash<double>{}(static_cast<double>(number));
    }
    }
}

} // namespace mcp::schema::validation
