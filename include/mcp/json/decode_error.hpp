#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace mcp {

/// Why a JSON value is not the C++ value that was asked for. Safe to show to the peer who sent it.
struct decode_error {
    decode_error() = default;
    // Not an aggregate: result<std::string, decode_error> must tell the two from each other.
    decode_error(std::string path_, std::string message_)
        : path{std::move(path_)}
        , message{std::move(message_)} {}

    /// Where: "arguments.filter.tags[2]"; empty for the value itself.
    std::string path;

    /// One sentence: "expected string, got number".
    std::string message;

    /// "arguments.filter.tags[2]: expected string, got number"
    std::string what() const { return path.empty() ? message : path + ": " + message; }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const decode_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

} // namespace mcp
