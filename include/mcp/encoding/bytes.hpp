#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mcp {

/// Binary data as a parameter or a result: a vector of bytes, which travels as one base64 string
/// where a plain `std::vector<std::uint8_t>` would travel as an array of numbers.
class bytes : public std::vector<std::uint8_t> {
public:
    using vector::vector;

    /// The bytes of `text`, for instance of a file that was read into a string.
    explicit bytes(std::string_view text) : vector(text.begin(), text.end()) {}

    /// The same bytes seen as text, valid as long as this is not changed.
    std::string_view view() const { return {reinterpret_cast<const char*>(data()), size()}; }
};

} // namespace mcp
