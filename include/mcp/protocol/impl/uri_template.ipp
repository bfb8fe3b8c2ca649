// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/protocol/uri_template.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

inline void append_uri_value(std::string& out, std::string_view value, bool reserved) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (is_uri_unreserved(c) ||
            (reserved && (is_uri_reserved(c) || is_uri_triplet(value, i)))) {
            out.push_back(c);
        } else {
            append_uri_byte(out, c);
        }
    }
}

inline std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
        } else if (is_uri_triplet(text, i)) {
            out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
            i += 2;
        } else {
            return std::nullopt;
        }
    }
    if (!is_utf8(out)) {
        return std::nullopt;
    }
    return out;
}

} // namespace detail

MCP_DECL void uri_variables::set(std::string_view name, std::string value) {
    for (auto& [known, old] : values_) {
        if (known == name) {
            old = std::move(value);
            return;
        }
    }
    values_.emplace_back(std::string{name}, std::move(value));
}

MCP_DECL const std::string* uri_variables::find(std::string_view name) const noexcept {
    for (const auto& [known, value] : values_) {
        if (known == name) {
            return &value;
        }
    }
    return nullptr;
}

MCP_DECL uri_template::uri_template(std::string_view text) {
    if (const char* why = uri_template_error(text)) {
        throw std::invalid_argument{why};
    }
    read(text);
}

MCP_DECL std::optional<uri_template> uri_template::parse(std::string_view text) {
    if (uri_template_error(text)) {
        return std::nullopt;
    }
    return uri_template{text};
}

MCP_DECL void uri_template::read(std::string_view text) {
    text_ = text;
    detail::uri_template_piece piece;
    while (!text.empty() && !detail::take_uri_piece(text, piece)) {
        part& added = parts_.emplace_back();
        for (const char c : piece.literal) {
            if (static_cast<unsigned char>(c) < 0x80) {
                added.literal.push_back(c);
            } else {
                append_uri_byte(added.literal, c);
            }
        }
        added.pattern = normal_escapes(piece.literal);
        added.variables.op = piece.op;
        for (bool more = piece.has_expression; more;) {
            added.variables.names.emplace_back(detail::take_uri_name(piece.names, more));
        }
    }
}

MCP_DECL std::vector<std::string_view> uri_template::variables() const {
    std::vector<std::string_view> names;
    for (const part& p : parts_) {
        for (const std::string& name : p.variables.names) {
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                names.emplace_back(name);
            }
        }
    }
    return names;
}

MCP_DECL std::string uri_template::expand(const uri_variables& values) const {
    std::string out;
    for (const part& p : parts_) {
        out += p.literal;
        const detail::uri_operator how = detail::uri_operator_of(p.variables.op);
        bool first = true;
        for (const std::string& name : p.variables.names) {
            const std::string* value = values.find(name);
            if (!value) {
                continue;
            }
            if (const char before = first ? how.prefix : how.separator) {
                out.push_back(before);
            }
            first = false;
            if (how.named) {
                out += name;
                if (!value->empty() || p.variables.op != ';') {
                    out.push_back('=');
                }
            }
            detail::append_uri_value(out, *value, how.reserved);
        }
    }
    return out;
}

/// Backtracks over the end of each variable, longest value first, in a limited number of steps.
class uri_template::matcher {
public:
    matcher(const std::vector<part>& parts, std::string_view uri)
        : parts_{parts}
        , uri_{uri}
        , front_{uri} {}

    std::optional<uri_variables> run() {
        if (!at_part(0, 0)) {
            return std::nullopt;
        }
        uri_variables found;
        for (const capture& c : captures_) {
            auto value = detail::percent_decoded(c.value);
            const std::string* before = found.find(c.name);
            if (!value || (before && *before != *value)) {
                return std::nullopt;
            }
            found.set(c.name, *std::move(value));
        }
        return found;
    }

private:
    struct capture {
        std::string_view name;
        std::string_view value;
    };

    bool spend() { return steps_ > 0 && --steps_ > 0; }

    bool at_part(std::size_t index, std::size_t at) {
        if (!spend()) {
            return false;
        }
        if (index == parts_.size()) {
            return at == uri_.size();
        }
        const part& p = parts_[index];
        if (!has_literal(at, p.pattern)) {
            return false;
        }
        at += p.pattern.size();
        if (p.variables.names.empty()) {
            return at_part(index + 1, at);
        }
        if (detail::uri_operator_of(p.variables.op).named) {
            return at_pair(index, at, captures_.size());
        }
        return at_variable(index, 0, at);
    }

    /// Returns whether the literal is at this position. Ignores case in the scheme and the host.
    bool has_literal(std::size_t at, std::string_view literal) const {
        if (uri_.size() - at < literal.size()) {
            return false;
        }
        const auto small = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        for (std::size_t i = 0; i < literal.size(); ++i) {
            const char c = uri_[at + i];
            if (c != literal[i] && !(front_.is_caseless(at + i) && small(c) == small(literal[i]))) {
                return false;
            }
        }
        return true;
    }

    /// Matches an unnamed variable, or the end of its expression if it and the later ones are
    /// undefined.
    bool at_variable(std::size_t index, std::size_t which, std::size_t at) {
        const expression& e = parts_[index].variables;
        const detail::uri_operator how = detail::uri_operator_of(e.op);
        const char before = which == 0 ? how.prefix : how.separator;
        if (which < e.names.size() && (!before || (at < uri_.size() && uri_[at] == before))) {
            const std::size_t begin = before ? at + 1 : at;
            for (std::size_t end = longest(index, begin); end > begin; --end) {
                if (may_end_at(end)) {
                    captures_.push_back({e.names[which], uri_.substr(begin, end - begin)});
                    if (at_variable(index, which + 1, end)) {
                        return true;
                    }
                    captures_.pop_back();
                }
                if (!spend()) {
                    return false;
                }
            }
        }
        return (which > 0 || how.prefix) && at_part(index + 1, at);
    }

    /// Matches `name=value` pairs in any order. `first` is the index of the expression's first
    /// capture.
    bool at_pair(std::size_t index, std::size_t at, std::size_t first) {
        const expression& e = parts_[index].variables;
        const detail::uri_operator how = detail::uri_operator_of(e.op);
        const char before = captures_.size() == first ? how.prefix : how.separator;
        if (at < uri_.size() && uri_[at] == before) {
            const std::size_t end = longest(index, at + 1);
            const std::string_view pair = uri_.substr(at + 1, end - at - 1);
            const std::size_t equals = pair.find('=');
            const std::string_view name = pair.substr(0, equals);
            const bool has_value = equals != std::string_view::npos;
            if (is_open(e, name, first) && (has_value || e.op == ';')) {
                captures_.push_back({name, has_value ? pair.substr(equals + 1) : ""});
                if (at_pair(index, end, first)) {
                    return true;
                }
                captures_.pop_back();
            }
        }
        return at_part(index + 1, at);
    }

    /// Returns whether the expression has this name and has not captured it yet.
    bool is_open(const expression& e, std::string_view name, std::size_t first) const {
        return std::find(e.names.begin(), e.names.end(), name) != e.names.end() &&
               std::none_of(captures_.begin() + static_cast<std::ptrdiff_t>(first), captures_.end(),
                            [&](const capture& c) { return c.name == name; });
    }

    bool has_later(std::size_t index, char op) const {
        return std::any_of(parts_.begin() + static_cast<std::ptrdiff_t>(index), parts_.end(),
                           [op](const part& p) { return p.variables.op == op; });
    }

    /// Returns the maximum end of a value of this part's expression that begins at `at`.
    std::size_t longest(std::size_t index, std::size_t at) const {
        const expression& e = parts_[index].variables;
        std::string_view stops = "/?#";
        if (e.op == '+' && has_later(index, '?')) {
            stops = "?#";
        } else if (e.op == '+' && has_later(index, '#')) {
            stops = "#";
        } else if (e.op == '+' || e.op == '#') {
            stops = "";
        } else if (e.op == '?' || e.op == '&') {
            stops = "&#";
        } else if (e.op == ';') {
            stops = ";/?#";
        }
        std::size_t stop = uri_.find_first_of(stops, at);
        if (e.names.size() > 1) {
            stop = std::min(stop, uri_.find(detail::uri_operator_of(e.op).separator, at));
        }
        return stop == std::string_view::npos ? uri_.size() : stop;
    }

    /// Returns whether a value may end here; it must not end inside a %XX triplet.
    bool may_end_at(std::size_t end) const {
        return uri_[end - 1] != '%' && !(end >= 2 && uri_[end - 2] == '%');
    }

    const std::vector<part>& parts_;
    std::string_view uri_;
    uri_front front_;
    std::vector<capture> captures_;
    std::size_t steps_ = 200'000;
};

MCP_DECL std::optional<uri_variables> uri_template::match(std::string_view uri) const {
    constexpr std::size_t longest_uri = 64 * 1024;
    if (uri.size() > longest_uri) {
        return std::nullopt;
    }
    const std::string normal = normal_escapes(uri);
    return matcher{parts_, normal}.run();
}

} // namespace mcp
