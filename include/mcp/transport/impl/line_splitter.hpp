// SPDX-License-Identifier: MIT
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

/// Splits a stream of bytes, in pieces of any size, into lines. Leaves out blank lines, a byte
/// order mark before the first line, and a carriage return at the end of a line.
class line_splitter {
public:
    /// A line that is much longer than `limit` is replaced by the outline of its message, or by its
    /// beginning if it is not a message. The result is longer than `limit` too, so that the caller
    /// can refuse it and the sender learns which of its requests was refused.
    explicit line_splitter(std::size_t limit) : limit_(limit) {}

    /// Sets the next bytes. They must stay valid until `next` has returned false.
    void feed(std::string_view bytes) noexcept { bytes_ = bytes; }

    /// Moves the next whole line into `line`. Returns false if more bytes are needed.
    bool next(std::string& line) {
        while (!bytes_.empty()) {
            const auto end = bytes_.find('\n');
            const std::string_view part = bytes_.substr(0, end);
            const std::size_t mark = first_ ? 3 : 0; // room for a byte order mark
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

    /// Moves the bytes after the last line break into `line`. Returns false if there are none.
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
    std::string line_; // the known part: at most limit_, its ends and one byte
    std::optional<jsonrpc::outline_scanner> outline_; // of a line that is longer
    bool first_ = true;
};

} // namespace mcp
