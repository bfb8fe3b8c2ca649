// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/progress.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mcp_app {

inline bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

/// Returns the width of the terminal of standard output; a large number if it is none.
inline std::size_t width_of_output() {
    winsize size{};
    if (!is_terminal(STDOUT_FILENO))
        return 1'000'000;
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

inline bool has_colour() {
    const char* refused = std::getenv("NO_COLOR");
    return is_terminal(STDOUT_FILENO) && !(refused && *refused);
}

/// Replaces control characters, by which a server could drive the terminal of the user.
inline std::string printable(std::string_view text, bool lines = false) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool line = byte == '\n' || byte == '\t';
        // U+0080 to U+009F are controls as well.
        const bool wide = byte == 0xC2 && i + 1 < text.size() &&
                          static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (wide)
            ++i;
        if (wide || byte == 0x7F || (byte < 0x20 && !(lines && line)))
            out += line ? ' ' : '?';
        else
            out += text[i];
    }
    return out;
}

/// Returns the number of characters of a text, of which each takes one column.
inline std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned>(c) & 0xC0) != 0x80; }));
}

/// Cuts a text to a number of columns.
inline std::string cut(const std::string& text, std::size_t room) {
    if (columns(text) <= room)
        return text;
    std::string out;
    for (std::size_t i = 0, used = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned>(text[i]) & 0xC0) != 0x80 && ++used >= std::max(room, std::size_t(1)))
            break;
        out += text[i];
    }
    return out + "…";
}

/// Prints rows of two columns under a heading, as wide as the terminal is.
inline void print_table(const char* heading, std::vector<std::pair<std::string, std::string>> rows) {
    if (rows.empty())
        return;
    const bool bold = has_colour();
    std::printf("%s%s%s\n", bold ? "\033[1m" : "", heading, bold ? "\033[0m" : "");
    const std::size_t width = width_of_output();
    std::size_t first = 0;
    for (auto& [name, text] : rows) {
        name = cut(printable(name), width > 4 ? width - 4 : 1);
        text = printable(text.substr(0, text.find('\n')));
        first = std::max(first, columns(name));
    }
    first = std::min(first, std::max(width / 2, std::size_t(24)));
    for (const auto& [name, text] : rows) {
        std::string line = "  " + name;
        if (!text.empty()) {
            const std::size_t used = std::max(columns(name), first);
            line.append(used - columns(name) + 2, ' ');
            line.append(cut(text, width > used + 4 ? width - used - 4 : 1));
        }
        std::puts(line.c_str());
    }
}

/// Shows the progress of a call on standard error, if that is a terminal.
class progress_line {
public:
    ~progress_line() { clear(); }

    void show(const mcp::progress_update& now) {
        if (!is_terminal(STDERR_FILENO))
            return;
        constexpr int cells = 30;
        const double part = now.total && *now.total > 0 ? now.progress / *now.total : -1;
        std::string bar;
        if (part >= 0) {
            const int full = static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * cells));
            bar = '[' + std::string(static_cast<std::size_t>(full), '#') +
                  std::string(static_cast<std::size_t>(cells - full), '.') + "] ";
        }
        const std::string message = cut(printable(now.message), 40);
        std::fprintf(stderr, "\r\033[K%s%g%s %s", bar.c_str(), part >= 0 ? part * 100 : now.progress,
                     part >= 0 ? "%" : "", message.c_str());
        std::fflush(stderr);
        shown_ = true;
    }

    void clear() {
        if (std::exchange(shown_, false))
            std::fputs("\r\033[K", stderr);
    }

private:
    bool shown_ = false;
};

} // namespace mcp_app
