// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/oauth_challenge.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// A cursor in a field value.
class challenge_scanner {
public:
    explicit challenge_scanner(std::string_view text) : rest_(text) {}

    bool ended() const noexcept { return rest_.empty(); }

    void skip_spaces() { rest_.remove_prefix(prefix(" \t")); }

    void skip_commas() { rest_.remove_prefix(prefix(" \t,")); }

    bool take(char c) {
        if (!rest_.starts_with(c))
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Takes a token [RFC 9110 §5.6.2]; empty if there is none.
    std::string_view take_token() {
        std::size_t size = 0;
        while (size < rest_.size() && is_token(rest_[size]))
            ++size;
        return take_front(size);
    }

    /// Takes a token68 that ends its challenge.
    std::optional<std::string_view> take_token68() {
        std::size_t size = 0;
        while (size < rest_.size() && (is_alnum(rest_[size]) || contains("-._~+/", rest_[size])))
            ++size;
        if (size == 0)
            return std::nullopt;
        while (size < rest_.size() && rest_[size] == '=')
            ++size;
        challenge_scanner after(rest_.substr(size));
        after.skip_spaces();
        if (!after.ended() && !after.take(','))
            return std::nullopt;
        return take_front(size);
    }

    /// Takes a token or a quoted string.
    std::optional<std::string> take_value() {
        if (!take('"')) {
            const auto token = take_token();
            return token.empty() ? std::nullopt : std::optional(std::string(token));
        }
        std::string out;
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == '"') {
                rest_.remove_prefix(i + 1);
                return out;
            }
            if (rest_[i] == '\\' && ++i == rest_.size())
                break;
            out += rest_[i];
        }
        return std::nullopt;
    }

private:
    static bool contains(std::string_view set, char c) { return set.find(c) != set.npos; }

    static bool is_alnum(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    static bool is_token(char c) { return is_alnum(c) || contains("!#$%&'*+-.^_`|~", c); }

    std::size_t prefix(std::string_view set) const {
        return std::min(rest_.find_first_not_of(set), rest_.size());
    }

    std::string_view take_front(std::size_t size) {
        const auto out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }

    std::string_view rest_;
};

inline std::string to_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

MCP_DECL std::string_view http_challenge::find(std::string_view name) const noexcept {
    for (const auto& [key, value] : parameters)
        if (key == name)
            return value;
    return {};
}

MCP_DECL std::vector<http_challenge> read_challenges(std::string_view field) {
    std::vector<http_challenge> out;
    challenge_scanner scan(field);
    for (scan.skip_commas(); !scan.ended(); scan.skip_commas()) {
        const auto name = scan.take_token();
        if (name.empty())
            return out;
        challenge_scanner ahead = scan;
        ahead.skip_spaces();
        if (ahead.take('=') && !out.empty()) { // a parameter of the challenge before
            ahead.skip_spaces();
            auto value = ahead.take_value();
            if (!value)
                return out;
            out.back().parameters.emplace_back(to_lower(name), std::move(*value));
            scan = ahead;
            continue;
        }
        out.push_back({to_lower(name)});
        scan.skip_spaces();
        if (const auto token = scan.take_token68())
            out.back().token68 = *token;
        else if (scan.ended())
            return out;
        // A first parameter follows without a comma.
        else if (const auto first = scan.take_token(); !first.empty()) {
            scan.skip_spaces();
            const bool equal = scan.take('=');
            scan.skip_spaces();
            auto value = equal ? scan.take_value() : std::nullopt;
            if (!value)
                return out;
            out.back().parameters.emplace_back(to_lower(first), std::move(*value));
        }
    }
    return out;
}

MCP_DECL std::optional<oauth_challenge>
find_bearer_challenge(const std::vector<std::string>& fields) {
    for (const std::string& field : fields)
        for (const http_challenge& each : read_challenges(field))
            if (each.scheme == "bearer")
                return oauth_challenge{std::string(each.find("resource_metadata")),
                                       join_scopes(each.find("scope"), {}),
                                       std::string(each.find("error"))};
    return std::nullopt;
}

MCP_DECL std::vector<std::string> split_scopes(std::string_view text) {
    std::vector<std::string> out;
    std::string one;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool inside = i < text.size() && text[i] > 0x20 && text[i] < 0x7f && text[i] != '"' &&
                            text[i] != '\\';
        if (inside)
            one += text[i];
        else if (!one.empty() && std::find(out.begin(), out.end(), one) == out.end())
            out.push_back(std::exchange(one, {}));
        else
            one.clear();
    }
    return out;
}

MCP_DECL std::string join_scopes(std::string_view first, std::string_view second) {
    std::string all;
    for (const std::string& each : split_scopes(std::string(first).append(" ").append(second)))
        all.append(all.empty() ? "" : " ").append(each);
    return all;
}

} // namespace mcp::detail
