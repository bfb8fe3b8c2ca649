// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/compression.hpp>: which coding a response gets.

#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mcp::http::detail {

enum class coding : std::uint8_t { identity, gzip, deflate };

constexpr std::string_view to_string(coding which) noexcept {
    return which == coding::gzip ? "gzip" : which == coding::deflate ? "deflate" : "identity";
}

/// Reads a weight in thousandths; -1 if it is invalid. [RFC 9110 §12.4.2]
constexpr int read_weight(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.')) {
        return -1;
    }
    int weight = (text[0] - '0') * 1000;
    int unit = 100;
    for (const char c : text.substr(text.size() > 1 ? 2 : 1)) {
        if (c < '0' || c > '9') {
            return -1;
        }
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight > 1000 ? -1 : weight;
}

/// The weights of the codings in Accept-Encoding; -1 for one that is not named.
struct coding_weights {
    int gzip = -1;
    int deflate = -1;
    int identity = -1;
    int any = -1;

    constexpr void read(std::string_view list) noexcept {
        while (!list.empty()) {
            std::string_view parameters = take_element(list, ',');
            const std::string_view name = take_element(parameters, ';');
            int weight = 1000;
            while (!parameters.empty()) {
                const std::string_view one = take_element(parameters, ';');
                if (one.size() > 1 && iequals(one.substr(0, 2), "q=")) {
                    weight = read_weight(one.substr(2));
                }
            }
            int* const to = iequals(name, "gzip") || iequals(name, "x-gzip") ? &gzip
                            : iequals(name, "deflate")                       ? &deflate
                            : iequals(name, "identity")                      ? &identity
                            : name == "*"                                    ? &any
                                                                             : nullptr;
            if (to != nullptr) {
                *to = weight < 0 ? 0 : weight; // an invalid weight asks for nothing
            }
        }
    }
};

/// Returns the coding that the client prefers; gzip among equals. A client without the field, and
/// one that accepts nothing else, gets no coding.
inline coding choose_coding(const fields& headers) noexcept {
    coding_weights found;
    for (const field& each : headers) {
        if (iequals(each.name, "accept-encoding")) {
            found.read(each.value);
        }
    }
    const int any = found.any < 0 ? 0 : found.any;
    const int gzip = found.gzip < 0 ? any : found.gzip;
    const int deflate = found.deflate < 0 ? any : found.deflate;
    if (gzip == 0 && deflate == 0) {
        return coding::identity;
    }
    const coding best = gzip >= deflate ? coding::gzip : coding::deflate;
    return found.identity > (best == coding::gzip ? gzip : deflate) ? coding::identity : best;
}

/// Returns whether bodies of the type are text, which becomes much smaller.
inline bool is_compressible(std::string_view content_type) noexcept {
    std::string name(content_type.substr(0, content_type.find(';')));
    for (char& c : name) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    name.erase(name.find_last_not_of(" \t") + 1);
    return name.starts_with("text/") || name.ends_with("+json") || name.ends_with("+xml") ||
           name == "application/json" || name == "application/xml" ||
           name == "application/javascript" || name == "application/openmetrics-text";
}

/// Returns the value of the first field line with this name; empty if there is none.
inline std::string_view line_value(std::string_view lines, std::string_view name) noexcept {
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find("\r\n"));
        const auto colon = line.find(':');
        if (iequals(line.substr(0, colon), name)) {
            const auto value = line.find_first_not_of(" \t", colon + 1);
            return value == line.npos ? std::string_view() : line.substr(value);
        }
        lines.remove_prefix(line.size() + 2);
    }
    return {};
}

} // namespace mcp::http::detail
