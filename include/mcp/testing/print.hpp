// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/revision.hpp>

#include <concepts>
#include <cstdint>
#include <ostream>
#include <string>

namespace mcp {

struct log_message;
enum class elicit_action : std::uint8_t;

namespace testing::detail {

template <class T, class... Types>
concept one_of = (std::same_as<T, Types> || ...);

template <class T>
concept printed_as_json =
    one_of<T, content, tool_definition, tool_result, resource_definition,
           resource_template_definition, resource_contents, resource_result, prompt_definition,
           prompt_result, completion_result, sampling_request, sampling_result, log_message>;

template <class T>
concept printed_as_name = one_of<T, revision, log_level, elicit_action>;

} // namespace testing::detail

/// Prints a result or a definition as the JSON that a client of the newest revision gets, so that
/// GoogleTest, Catch2 and others show it in a failure.
template <testing::detail::printed_as_json T>
std::ostream& operator<<(std::ostream& out, const T& value) {
    std::string text;
    json_writer w(text);
    if constexpr (requires { write(w, value, latest); })
        write(w, value, latest);
    else
        write(w, value);
    return out << text;
}

/// Prints an enumerator by its name in the protocol.
template <testing::detail::printed_as_name T>
std::ostream& operator<<(std::ostream& out, T value) {
    return out << to_string(value);
}

} // namespace mcp
