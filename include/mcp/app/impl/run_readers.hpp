// SPDX-License-Identifier: MIT
#pragma once

// Reads the values of settings. A reader returns an error without the name of the setting, or an
// empty string.

#include <mcp/http/message.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/url.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace mcp::detail {

template <class T>
struct run_spelling {
    std::string_view text; ///< lower case, without `-` and `_`
    T value;
    bool shown = false; ///< by `--help` and by errors
};

/// Removes blanks and line ends, such as those of a file of variables, around the text.
inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto begin = text.find_first_not_of(blank);
    return begin == text.npos ? std::string_view()
                              : text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

inline std::string lower_case(std::string_view text) {
    std::string made(text);
    for (char& c : made)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return made;
}

inline std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

/// Reads one of the `known` values; the error lists them.
template <class T, std::size_t N>
std::string read_choice(std::string_view text, T& value, const run_spelling<T> (&known)[N]) {
    std::string plain = lower_case(text);
    std::erase_if(plain, [](char c) { return c == '-' || c == '_'; });
    std::string list;
    for (const auto& each : known) {
        if (each.text == plain) {
            value = each.value;
            return {};
        }
        if (each.shown)
            list.append(list.empty() ? "" : ", ").append(each.text);
    }
    return quoted(text) + " is invalid; expected one of " + list;
}

inline std::string read_flag(std::string_view text, bool& value) {
    constexpr run_spelling<bool> known[] = {
        {"true", true, true}, {"false", false, true}, {"yes", true}, {"no", false},
        {"on", true},         {"off", false},         {"1", true},   {"0", false}};
    return read_choice(text, value, known);
}

/// Reads a decimal number from `least` to `most`.
template <class T>
std::string read_number(std::string_view text, T& value, T most, T least = 0) {
    T number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size() || number > most ||
        number < least)
        return quoted(text) + " is not a number from " + std::to_string(least) + " to " +
               std::to_string(most);
    value = number;
    return {};
}

/// A unit of times or sizes.
struct run_unit {
    std::string_view name; ///< lower case
    std::uint64_t factor;
};

/// Reads a number with a unit. Returns false if it is none.
template <std::size_t N>
bool read_units(std::string_view text, const run_unit (&units)[N], std::uint64_t& value) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    std::uint64_t number = 0;
    if (!read_number<std::uint64_t>(text.substr(0, digits), number, 1'000'000'000'000).empty())
        return false;
    const std::string name = lower_case(trimmed(text.substr(digits)));
    for (const run_unit& each : units) {
        if (each.name == name && number <= std::numeric_limits<std::int64_t>::max() / each.factor) {
            value = number * each.factor;
            return true;
        }
    }
    return false;
}

inline std::string read_size(std::string_view text, std::size_t& value) {
    constexpr std::uint64_t k = 1024;
    constexpr run_unit units[] = {{"", 1},
                                  {"b", 1},
                                  {"kib", k},
                                  {"mib", k * k},
                                  {"gib", k * k * k},
                                  {"k", k},
                                  {"m", k * k},
                                  {"g", k * k * k},
                                  {"kb", 1000},
                                  {"mb", 1'000'000},
                                  {"gb", 1'000'000'000}};
    std::uint64_t bytes = std::numeric_limits<std::size_t>::max();
    if (lower_case(text) != "none" && !read_units(text, units, bytes))
        return quoted(text) + " is not a size; expected a number of bytes, or as in 64KiB, 10MiB, "
                              "1GiB or none";
    value = static_cast<std::size_t>(bytes);
    return {};
}

inline std::string shown_size(std::size_t bytes) {
    if (bytes == std::numeric_limits<std::size_t>::max())
        return "none";
    const char* unit = "";
    for (const char* larger : {"KiB", "MiB", "GiB"}) {
        if (bytes == 0 || bytes % 1024 != 0)
            break;
        bytes /= 1024;
        unit = larger;
    }
    return std::to_string(bytes) + unit;
}

/// Reads a time; a number without a unit is in seconds.
inline std::string read_time(std::string_view text, std::chrono::milliseconds& value) {
    constexpr run_unit units[] = {{"", 1000},    {"s", 1000},     {"ms", 1},
                                  {"m", 60'000}, {"min", 60'000}, {"h", 3'600'000}};
    std::uint64_t time = 0;
    if (lower_case(text) == "none")
        value = std::chrono::milliseconds::max();
    else if (read_units(text, units, time) && time <= 1'000'000'000'000)
        value = std::chrono::milliseconds(time);
    else
        return quoted(text) + " is not a time; expected a number of seconds, or as in 500ms, 30s, "
                              "5m, 1h or none";
    return {};
}

inline std::string shown_time(std::chrono::milliseconds time) {
    if (time == std::chrono::milliseconds::max())
        return "none";
    return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000)
                                    : std::to_string(time.count()) + "ms";
}

/// Splits a list at its commas, and drops empty elements.
inline std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> all;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view each = trimmed(text.substr(0, comma));
        if (!each.empty())
            all.push_back(each);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return all;
}

/// Reads a host, or `unix:` and a path; an IPv6 address may be in brackets, as in a URL.
inline std::string read_host(std::string_view text, std::string& value) {
    if (text.starts_with("unix:")) {
        value = text;
        return text.size() > 5 ? "" : "'unix:' has no path, as in unix:/run/app.sock";
    }
    if (text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    if (text.empty() || text.find_first_of("/[] \t") != text.npos)
        return quoted(text) + " is not an address or a host name";
    value = text;
    return {};
}

/// Reads the permissions of a file in octal digits.
inline std::string read_mode(std::string_view text, std::optional<unsigned>& value) {
    unsigned mode = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    if (failure != std::errc() || end != text.data() + text.size() || mode > 0777)
        return quoted(text) + " is not a mode of a file; expected octal digits, as in 0660";
    value = mode;
    return {};
}

inline std::string shown_mode(unsigned mode) {
    std::string text = "0000";
    for (std::size_t i = 4; i-- > 1; mode /= 8)
        text[i] = static_cast<char>('0' + mode % 8);
    return text;
}

/// Reads the name of a file, which need not exist.
inline std::string read_file_name(std::string_view text, std::string& value) {
    if (text.find("-----BEGIN") != text.npos)
        return "expected the name of a file, not its text";
    value = text;
    return {};
}

inline std::string read_path(std::string_view text, std::string& value) {
    if (!text.starts_with('/'))
        return quoted(text) + " does not begin with /";
    if (text.find_first_of("?# \t") != text.npos)
        return quoted(text) + " is not a path: a path has no ?, # or space";
    while (text.size() > 1 && text.ends_with('/'))
        text.remove_suffix(1);
    try {
        http::path_pattern pattern(text);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    value = text;
    return {};
}

/// Reads the name of a host that clients use, without a port; `*` is all.
inline std::string read_host_name(std::string_view text, std::string& value) {
    if (text.find(':') != text.npos && text.find(':') == text.rfind(':'))
        return quoted(text) + " has a port; expected a host name alone";
    return read_host(text, value);
}

/// Reads an origin; `*` is all.
inline std::string read_origin(std::string_view text, std::string& value) {
    while (text.ends_with('/'))
        text.remove_suffix(1);
    if (text != "*" && !http::parse_origin(text))
        return quoted(text) + " is not an origin such as https://app.example.com";
    value = text;
    return {};
}

/// Reads the URL of an endpoint, whose path may have parameters.
inline std::string read_url(std::string_view text, std::string& value) {
    const std::size_t scheme = text.find("://");
    const std::size_t path =
        scheme == text.npos ? text.npos : std::min(text.find('/', scheme + 3), text.size());
    if (path == text.npos || !http::parse_origin(text.substr(0, path)))
        return quoted(text) + " is not a URL such as https://example.com/mcp";
    std::string checked;
    std::string wrong = path == text.size() ? "" : read_path(text.substr(path), checked);
    if (wrong.empty())
        value = text;
    return wrong;
}

inline std::string read_field_name(std::string_view text, std::string& value) {
    if (!http::is_field_name(text))
        return quoted(text) + " is not the name of a header field";
    value = text;
    return {};
}

} // namespace mcp::detail
