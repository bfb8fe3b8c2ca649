// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/value.hpp>
#include <mcp/result.hpp>

#include <boost/assert/source_location.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Why a text is not acceptable JSON.
struct parse_error {
    parse_error() = default;
    // Not an aggregate, so that a result can tell it from a string.
    parse_error(std::string message_, std::size_t offset_)
        : message{std::move(message_)}
        , offset{offset_} {}

    /// One sentence, safe to show to the peer that sent the text.
    std::string message;

    /// The place in the text, in bytes from its start.
    std::size_t offset = 0;

    /// Returns message and place: "expected ',' or ']', got '}' at byte 17".
    std::string what() const { return message + " at byte " + std::to_string(offset); }
};

/// Lets `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const parse_error& error,
                                             const boost::source_location&);

/// Reads one JSON text [RFC 8259] strictly. It must be one value with nothing after it, in UTF-8,
/// without repeated keys in an object [RFC 7493 §2], unpaired surrogates, or numbers too large for
/// a double. Integers of 64 bits are exact; other numbers become the nearest double.
///
/// `storage` provides the memory of the value; the default is the heap.
result<json, parse_error> parse_json(std::string_view text, const json_limits& limits = {},
                                     json_storage storage = {});

/// Reads one text after another like `parse_json`. It keeps its memory, so that a usual request
/// needs no allocation. Memory for a text of more than 16 KiB is released with the value. It can
/// replace unpaired surrogates instead of refusing them. Not safe for concurrent use.
class json_parser {
public:
    /// `memory` is the number of bytes kept for values; larger values also use the heap.
    explicit json_parser(const json_limits& limits = {},
                         unpaired_surrogates surrogates = unpaired_surrogates::refuse,
                         std::size_t memory = 4096);
    json_parser(const json_parser&) = delete;
    json_parser& operator=(const json_parser&) = delete;
    ~json_parser();

    /// Reads `text` as `parse_json` does. The value is valid until the next call. Its strings are
    /// copies, so `text` need not outlive the call.
    result<const json*, parse_error> parse(std::string_view text);

    /// Releases the value of the last `parse` and the memory that it took from the heap.
    void clear();

private:
    struct state;

    std::unique_ptr<state> state_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/parse.ipp>
#endif
