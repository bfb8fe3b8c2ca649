#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Splits a stream of bytes into lines, whatever pieces it comes in. Blank lines are left out, and
/// a byte order mark before the first line, and a carriage return at the end of a line.
class line_splitter {
public:
    /// Of a line longer than `limit` only the beginning is given, which is longer too, so that it
    /// can be told.
    explicit line_splitter(std::size_t limit) : limit_(limit) {}

    /// Gives the next bytes. They must stay where they are until `next` has returned false.
    void feed(std::string_view bytes) noexcept { bytes_ = bytes; }

    /// Moves the next whole line into `line`; false if more bytes are needed.
    bool next(std::string& line) {
        while (!bytes_.empty()) {
            const auto end = bytes_.find('\n');
            const std::string_view part = bytes_.substr(0, end);
            line_.append(part.substr(0, std::min(part.size(), limit_ + 2 - line_.size())));
            bytes_.remove_prefix(end == bytes_.npos ? bytes_.size() : end + 1);
            if (end != bytes_.npos && rest(line))
                return true;
        }
        return false;
    }

    /// Moves what came after the last line end into `line`; false if that is nothing.
    bool rest(std::string& line) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (std::exchange(first_, false) && line_.starts_with(byte_order_mark))
            line_.erase(0, byte_order_mark.size());
        if (line_.ends_with('\r'))
            line_.pop_back();
        if (line_.size() <= limit_ && line_.find_first_not_of(" \t") == line_.npos) {
            line_.clear();
            return false;
        }
        line = std::exchange(line_, {});
        return true;
    }

private:
    const std::size_t limit_;
    std::string_view bytes_;
    std::string line_; // as far as it is known, at most limit_ and a carriage return and one more
    bool first_ = true;
};

} // namespace mcp
