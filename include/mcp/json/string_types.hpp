// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/encoding/uuid.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/reflect/constraints.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// Allows URIs with a scheme.
struct uri_rule {
    using value_type = std::string;
    static constexpr std::string_view name = "uri";

    [[nodiscard]] static constexpr bool admits(std::string_view text) noexcept {
        return is_uri(text);
    }

    [[nodiscard]] static std::string expectation() {
        return "URI such as \"https://example.com/a?b=c\"";
    }
};

/// A URI, as its text. It is checked: it has a scheme and no character that a URI cannot hold.
using uri_text = constrained<uri_rule>;

/// A UUID is its text, in either case when read.
template <>
struct text_form<uuid> {
    static constexpr std::string_view format = "uuid";

    static std::string what() { return "UUID such as \"123e4567-e89b-12d3-a456-426614174000\""; }

    static bool append(std::string& out, const uuid& id) {
        out += id.to_string();
        return true;
    }

    static std::optional<uuid> parse(std::string_view text) { return uuid::parse(text); }
};

namespace detail {

/// `std::filesystem::path`, without its header, which takes long to compile.
template <class T>
concept filesystem_path = requires(const T& path) {
    { path.lexically_normal() } -> std::same_as<T>;
    { path.native() } -> std::same_as<const std::string&>;
};

} // namespace detail

/// A `std::filesystem::path` is its text, in UTF-8 and without a zero byte. Where it may lead is
/// for the handler to check.
template <detail::filesystem_path T>
struct text_form<T> {
    static constexpr std::string_view description = "Path of a file or directory";

    static std::string what() { return "path in UTF-8 without a zero byte"; }

    static bool append(std::string& out, const T& path) {
        if (path.native().find('\0') != std::string::npos || !is_utf8(path.native()))
            return false;
        out += path.native();
        return true;
    }

    static std::optional<T> parse(std::string_view text) {
        return text.find('\0') == text.npos ? std::optional{T{text}} : std::nullopt;
    }
};

} // namespace mcp
