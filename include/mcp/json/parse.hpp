#pragma once

#include <mcp/json/impl/reader.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/value.hpp>
#include <mcp/result.hpp>

#include <boost/json/monotonic_resource.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Why a text is not JSON that we take.
struct parse_error {
    parse_error() = default;
    // Not an aggregate: a result must tell a string from it.
    parse_error(std::string message_, std::size_t offset_)
        : message{std::move(message_)}
        , offset{offset_} {}

    /// One sentence, safe to show to the peer who sent the text.
    std::string message;

    /// Where in the text, in bytes from its start.
    std::size_t offset = 0;

    /// "expected ',' or ']', got '}' at byte 17"
    std::string what() const { return message + " at byte " + std::to_string(offset); }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const parse_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

/// Reads one JSON text [RFC 8259], strictly: one value and nothing after it, UTF-8, no key twice in
/// an object [RFC 7493 §2], no unpaired surrogates, no number beyond a double. Integers of 64 bits
/// are exact, other numbers are the nearest double.
///
/// `storage` is where the value lives; the default is the heap.
inline result<json, parse_error> parse_json(std::string_view text, const json_limits& limits = {},
                                            json_storage storage = {}) {
    detail::json_reader reader;
    if (!reader.read(text, limits, storage)) {
        return parse_error{std::move(reader.message()), reader.offset()};
    }
    return reader.release();
}

/// `parse_json` for one text after another: it keeps its memory, so that a usual request costs no
/// allocation; what a text of more than 16 KiB took goes with its value. It can be told to be
/// lenient with unpaired surrogates. For one thread at a time.
class json_parser {
public:
    /// `memory`: the bytes held for values; a text that needs more borrows from the heap.
    explicit json_parser(const json_limits& limits = {},
                         unpaired_surrogates surrogates = unpaired_surrogates::refuse,
                         std::size_t memory = 4096)
        : limits_{limits}
        , surrogates_{surrogates}
        , size_{memory}
        , buffer_{std::make_unique_for_overwrite<unsigned char[]>(memory)} {
        reader_.emplace();
        memory_.emplace(buffer_.get(), size_);
    }

    json_parser(const json_parser&) = delete;
    json_parser& operator=(const json_parser&) = delete;

    /// Reads `text` as `parse_json` does. The value lives until the next call; its strings are
    /// copies, so `text` may go before it.
    result<const json*, parse_error> parse(std::string_view text) {
        clear();
        large_ = text.size() > usual;
        if (!reader_->read(text, limits_, &*memory_, surrogates_)) {
            return parse_error{std::move(reader_->message()), reader_->offset()};
        }
        return &value_.emplace(reader_->release());
    }

    /// Gives up the value of the last `parse`, and the memory that it had borrowed.
    void clear() {
        value_.reset();
        if (std::exchange(large_, false)) {
            reader_.emplace(); // its stacks have grown with the text
        } else {
            reader_->clear();
        }
        // Made anew, because its release() lets the next block double each time.
        memory_.emplace(buffer_.get(), size_);
    }

private:
    static constexpr std::size_t usual = 16 * 1024;

    json_limits limits_;
    unpaired_surrogates surrogates_;
    std::size_t size_;
    std::unique_ptr<unsigned char[]> buffer_;
    std::optional<boost::json::monotonic_resource> memory_;
    std::optional<detail::json_reader> reader_; ///< always there; made anew after a large text
    std::optional<json> value_;
    bool large_ = false;
};

} // namespace mcp
