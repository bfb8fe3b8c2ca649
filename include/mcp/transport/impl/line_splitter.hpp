#pragma once

#include <mcp/encoding/utf8.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/outline.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Splits a stream of bytes into lines, whatever pieces it comes in. Blank lines are left out, and
/// a byte order mark before the first line, and a carriage return at the end of a line.
class line_splitter {
public:
    /// Of a line that is much longer than `limit` only the outline of its message is given, or the
    /// beginning if it is no message. That is longer than `limit` too, so that it can be told, and
    /// the sender learns which of its requests was refused.
    explicit line_splitter(std::size_t limit) : limit_(limit) {}

    /// Gives the next bytes. They must stay where they are until `next` has returned false.
    void feed(std::string_view bytes) noexcept { bytes_ = bytes; }

    /// Moves the next whole line into `line`; false if more bytes are needed.
    bool next(std::string& line) {
        while (!bytes_.empty()) {
            const auto end = bytes_.find('\n');
            const std::string_view part = bytes_.substr(0, end);
            const std::size_t mark = first_ ? 3 : 0; // counts only when it is known to be none
            const std::size_t room = limit_ + mark + 2 - line_.size();
            if (part.size() > room && !outline_)
                outline_.emplace().feed(line_);
            if (outline_)
                outline_->feed(part);
            line_.append(part.substr(0, room));
            bytes_.remove_prefix(end == bytes_.npos ? bytes_.size() : end + 1);
            if (end != bytes_.npos && rest(line))
                return true;
        }
        return false;
    }

    /// Moves what came after the last line end into `line`; false if that is nothing.
    bool rest(std::string& line) {
        if (std::exchange(first_, false))
            line_.erase(0, line_.size() - without_byte_order_mark(line_).size());
        if (line_.ends_with('\r'))
            line_.pop_back();
        if (line_.size() <= limit_ && line_.find_first_not_of(" \t") == line_.npos) {
            line_.clear();
            return false;
        }
        line = std::exchange(line_, {});
        if (outline_)
            shorten(line);
        outline_.reset();
        return true;
    }

private:
    void shorten(std::string& line) const {
        const json outline = outline_->take();
        if (outline.is_null())
            return;
        line.clear();
        json_writer(line).value(outline);
        line.resize(std::max(line.size(), limit_ + 1), ' ');
    }

    const std::size_t limit_;
    std::string_view bytes_;
    std::string line_; // as far as it is known, at most limit_, its ends and one more
    std::optional<jsonrpc::outline_scanner> outline_; // of a line that is longer
    bool first_ = true;
};

} // namespace mcp
