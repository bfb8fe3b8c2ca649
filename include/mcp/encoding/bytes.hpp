// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mcp {

/// Binary data as a parameter or a result. It is encoded as one base64 string, whereas a
/// `std::vector<std::uint8_t>` is encoded as an array of numbers.
class bytes : public std::vector<std::uint8_t> {
public:
    using vector::vector;

    /// Copies the bytes of `text`, for instance of a file that was read into a string.
    explicit bytes(std::string_view text) : vector(text.begin(), text.end()) {}

    /// Returns the bytes as text, valid until this object changes.
    std::string_view view() const { return {reinterpret_cast<const char*>(data()), size()}; }
};

} // namespace mcp
