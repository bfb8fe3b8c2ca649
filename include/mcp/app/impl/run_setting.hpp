// SPDX-License-Identifier: MIT
#pragma once

// One setting of `mcp::run`, and the kinds of values that settings have.

#include <mcp/app/impl/run_readers.hpp>
#include <mcp/http/cors.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Connects a setting with a member of the options.
struct run_value {
    std::function<std::string(std::string_view)> read; ///< returns an error, or an empty string
    std::function<std::string()> show;                 ///< as `read` takes it; empty if it is unset
    bool list = false;                                 ///< several values, separated by commas
    bool flag = false;                                 ///< the option may stand without a value
};

/// The groups of settings in `--help`. Over stdio only those of `general` matter.
namespace run_group {
inline constexpr std::string_view general = "Options";
inline constexpr std::string_view http = "HTTP";
inline constexpr std::string_view clients = "Clients and proxies";
inline constexpr std::string_view limits = "Limits of HTTP";
inline constexpr std::string_view operations = "Operations of HTTP";
} // namespace run_group

/// A row of the table: an option of the command line, which is also a variable and a key of the
/// file: `--max-body`, `MCP_MAX_BODY`, `max-body`.
struct run_setting {
    std::string_view option;
    const char* type;
    const char* help;
    std::string_view group;
    run_value value;
    std::string unset{};  ///< what applies if `show` returns nothing
    bool secret = false;  ///< never printed
    std::string source{}; ///< where the value comes from; empty for a default

    std::string_view key() const { return option.substr(2); }

    std::string variable() const {
        std::string name = "MCP_";
        for (const char c : key())
            name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return name;
    }
};

/// A value that one of the `known` spellings names.
template <class T, std::size_t N>
run_value as_choice(T& to, const run_spelling<T> (&known)[N]) {
    return {[&](std::string_view text) { return read_choice(text, to, known); },
            [&] {
                const auto found =
                    std::find_if(std::begin(known), std::end(known),
                                 [&](const auto& each) { return each.shown && each.value == to; });
                return found == std::end(known) ? std::string() : std::string(found->text);
            }};
}

template <class T, std::size_t N>
run_value as_choice(std::optional<T>& to, const run_spelling<T> (&known)[N]) {
    return {[&](std::string_view text) {
                T value{};
                std::string wrong = read_choice(text, value, known);
                if (wrong.empty())
                    to = value;
                return wrong;
            },
            [&] {
                T value = to.value_or(T());
                return to ? as_choice(value, known).show() : std::string();
            }};
}

template <class T>
run_value as_number(T& to, T most = std::numeric_limits<T>::max(), T least = 0) {
    return {
        [&to, most, least](std::string_view text) { return read_number(text, to, most, least); },
        [&to] { return std::to_string(to); }};
}

/// `true` or `false`. The option alone means `true`.
inline run_value as_flag(bool& to) {
    return {[&to](std::string_view text) { return read_flag(text, to); },
            [&to] { return std::string(to ? "true" : "false"); }, false, true};
}

/// A number of bytes; `none` is no limit.
inline run_value as_size(std::size_t& to) {
    return {[&to](std::string_view text) { return read_size(text, to); },
            [&to] { return shown_size(to); }};
}

inline run_value as_size(std::optional<std::size_t>& to) {
    return {[&to](std::string_view text) {
                std::size_t size = 0;
                std::string wrong = read_size(text, size);
                if (wrong.empty())
                    to = size;
                return wrong;
            },
            [&to] { return to ? shown_size(*to) : std::string(); }};
}

/// A time; `none` is no limit, for which the library takes the time `unlimited`.
inline run_value as_time(std::chrono::milliseconds& to,
                         std::chrono::milliseconds unlimited = std::chrono::milliseconds::max()) {
    return {[&to, unlimited](std::string_view text) {
                std::string wrong = read_time(text, to);
                if (wrong.empty() && to == std::chrono::milliseconds::max())
                    to = unlimited;
                return wrong;
            },
            [&to, unlimited] { return to == unlimited ? "none" : shown_time(to); }};
}

inline run_value as_time(std::optional<std::chrono::milliseconds>& to) {
    return {[&to](std::string_view text) {
                std::chrono::milliseconds time{};
                std::string wrong = read_time(text, time);
                if (wrong.empty())
                    to = time;
                return wrong;
            },
            [&to] { return to ? shown_time(*to) : std::string(); }};
}

/// The permissions of a file.
inline run_value as_mode(std::optional<unsigned>& to) {
    return {[&to](std::string_view text) { return read_mode(text, to); },
            [&to] { return to ? shown_mode(*to) : std::string(); }};
}

/// A function that checks a text and stores it.
using text_reader = std::string (*)(std::string_view text, std::string& to);

inline run_value as_text(std::string& to, text_reader read) {
    return {[&to, read](std::string_view text) { return read(text, to); }, [&to] { return to; }};
}

inline std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& each : texts)
        all.append(all.empty() ? "" : ",").append(each);
    return all;
}

inline std::string joined(const std::optional<std::vector<std::string>>& texts) {
    return texts ? joined(*texts) : std::string();
}

/// Several texts, separated by commas. `List` is a vector, or an optional one.
template <class List>
run_value as_list(List& to, text_reader read) {
    return {[&to, read](std::string_view text) {
                std::vector<std::string> all;
                std::string wrong;
                for (const std::string_view each : split_list(text))
                    if (wrong.empty())
                        wrong = read(each, all.emplace_back());
                if (wrong.empty())
                    to = std::move(all);
                return wrong;
            },
            [&to] { return joined(to); }, true};
}

/// Origins of pages, separated by commas; `none` permits no page.
inline run_value as_pages(std::optional<http::cors_options>& to) {
    return {[&to](std::string_view text) {
                std::vector<std::string> origins;
                std::string wrong;
                if (lower_case(text) != "none")
                    wrong = as_list(origins, read_origin).read(text);
                if (!wrong.empty())
                    return wrong;
                if (!to)
                    to.emplace();
                to->origins = std::move(origins);
                return wrong;
            },
            [&to] { return !to                   ? ""
                           : to->origins.empty() ? "none"
                                                 : joined(to->origins); }, true};
}

} // namespace mcp::detail
