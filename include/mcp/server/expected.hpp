// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/protocol/errors.hpp>

#include <concepts>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp {

/// A value or an error: `std::expected`, `mcp::result`, or another type with their functions. A
/// tool that returns one has the schema of the value. Its error is a tool error with the text of
/// the error: the error itself if it is text, its `message()` or `what()`, the name of an
/// enumerator, or else its JSON. The error of a resource or a prompt is thrown: as it is if it is a
/// `handler_error` or a `protocol_error`, or else as a `handler_error` with that text.
template <class R>
concept expected_like = std::is_class_v<R> && requires(const R& returned) {
    { returned.has_value() } -> std::convertible_to<bool>;
    returned.error();
    *returned;
};

namespace detail {

template <class R>
struct delivered {
    using type = R;
};
template <expected_like R>
struct delivered<R> {
    using type = std::remove_cvref_t<decltype(*std::declval<const R&>())>;
};

/// The type of the value that a tool delivers if it returns an `R`.
template <class R>
using delivered_t = typename delivered<R>::type;

template <expected_like R>
using error_type = std::remove_cvref_t<decltype(std::declval<const R&>().error())>;

template <class E>
concept texts_itself = std::convertible_to<const E&, std::string_view>;

template <class E>
concept has_what = requires(const E& error) {
    { error.what() } -> std::convertible_to<std::string>;
};

template <class E>
concept has_message = requires(const E& error) {
    { error.message() } -> std::convertible_to<std::string>;
};

/// Returns the text of an error. Rethrows an exception.
template <class E>
std::string error_text(const E& error) {
    if constexpr (std::same_as<E, std::exception_ptr>)
        std::rethrow_exception(error);
    else if constexpr (texts_itself<E>)
        return std::string(std::string_view(error));
    else if constexpr (has_message<E>)
        return error.message();
    else if constexpr (has_what<E>)
        return error.what();
    else if constexpr (json_enum<E>)
        return std::string(name_or_throw(error));
    else
        return encode(error);
}

/// Throws the error that a resource or a prompt has returned instead of a value.
template <class E>
[[noreturn]] void throw_returned(const E& error) {
    if constexpr (std::derived_from<E, handler_error> || std::derived_from<E, protocol_error>)
        throw error;
    else
        throw handler_error(error_text(error));
}

template <class E>
consteval auto find_error_fault() {
    if constexpr (std::same_as<E, std::exception_ptr> || texts_itself<E> || has_what<E> ||
                  has_message<E>)
        return std::type_identity<no_fault>();
    else
        return std::type_identity<form_fault<json_use::writing, E>>();
}

} // namespace detail

} // namespace mcp
