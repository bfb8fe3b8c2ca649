// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/mcp_servers.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/member.hpp>
#include <mcp/protocol/member_reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace mcp {

namespace detail {

/// Replaces the variables in texts of one entry, and keeps the first fault.
class variable_expander {
public:
    variable_expander(member_reader& entry, const variable_lookup& find)
        : entry_(entry)
        , find_(find) {}

    void expand(std::string_view member, std::string& text) {
        std::string out;
        std::size_t at = 0;
        for (;;) {
            const std::size_t start = text.find("${", at);
            const std::size_t end = start == text.npos ? start : text.find('}', start);
            out.append(text, at, (end == text.npos ? text.size() : start) - at);
            if (end == text.npos)
                break;
            const std::string inner = text.substr(start + 2, end - start - 2);
            at = end + 1;
            out.append(value(member, inner));
        }
        text = std::move(out);
    }

    void expand(std::string_view member, std::vector<std::pair<std::string, std::string>>& pairs) {
        for (auto& [name, text] : pairs)
            expand(member, text);
    }

private:
    std::string value(std::string_view member, std::string inner) {
        const auto split = inner.find(":-");
        std::optional<std::string> otherwise;
        if (split != inner.npos) {
            otherwise = inner.substr(split + 2);
            inner.erase(split);
        }
        if (inner.starts_with("env:"))
            inner.erase(0, 4);
        if (inner.starts_with("input:")) {
            entry_.fail(member, "asks the user for a value by ${" + inner +
                                    "}, which is not "
                                    "supported");
            return {};
        }
        if (auto found = find_(inner))
            return *std::move(found);
        if (!otherwise)
            entry_.fail(member, "names the variable " + inner + ", which is not set");
        return std::move(otherwise).value_or(std::string());
    }

    member_reader& entry_;
    const variable_lookup& find_;
};

/// Reads an object of texts. A number or a boolean counts as its JSON text.
inline std::vector<std::pair<std::string, std::string>> read_texts(member_reader& entry,
                                                                   std::string_view member) {
    std::vector<std::pair<std::string, std::string>> out;
    const json_view object = entry.find_present(member);
    if (object && !find_members(object)) {
        entry.fail(member, member_reader::expected("object", object));
        return out;
    }
    for (const auto& [name, value] : find_members(object).members()) {
        if (value.is_object() || value.is_array())
            entry.fail(member, std::string(name) + " must be a text");
        else if (!value.is_null())
            out.emplace_back(name, value.is_string() ? std::string(value.get_string())
                                                     : encode(value.to_json()));
    }
    return out;
}

inline void read_kind(member_reader& entry, server_entry& into) {
    std::string kind;
    entry.take("type", kind);
    if (kind.empty())
        entry.take("transport", kind);
    if (kind.empty())
        kind = into.command.empty() && !into.url.empty() ? "http" : "stdio";
    if (kind == "stdio")
        into.kind = server_kind::process;
    else if (kind == "sse")
        into.kind = server_kind::sse;
    else if (kind == "http" || kind == "streamable-http" || kind == "streamableHttp")
        into.kind = server_kind::http;
    else
        entry.fail("type", "must be stdio, http or sse");
    const bool process = into.kind == server_kind::process;
    if (process && into.command.empty())
        entry.fail("command", into.url.empty() ? "is missing, and so is url" : "is missing");
    if (!process && into.url.empty())
        entry.fail("url", "is missing");
    if (process && !into.url.empty())
        entry.fail("url", "must not stand beside command");
    if (!process && !into.command.empty())
        entry.fail("command", "must not stand beside url");
}

inline result<server_entry, decode_error> read_server_entry(std::string_view name, json_view value,
                                                            std::string_view path,
                                                            const variable_lookup& find) {
    member_reader r(value, path);
    server_entry entry;
    entry.name = name;
    r.take("command", entry.command);
    r.take("args", entry.arguments);
    r.take("cwd", entry.folder);
    r.take("url", entry.url);
    entry.environment = read_texts(r, "env");
    entry.headers = read_texts(r, "headers");
    if (!r.failed())
        read_kind(r, entry);
    variable_expander variables(r, find);
    variables.expand("command", entry.command);
    for (std::string& each : entry.arguments)
        variables.expand("args", each);
    variables.expand("cwd", entry.folder);
    variables.expand("url", entry.url);
    variables.expand("env", entry.environment);
    variables.expand("headers", entry.headers);
    return r.finish(std::move(entry));
}

} // namespace detail

MCP_DECL std::optional<std::string> environment_variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

MCP_DECL result<std::vector<server_entry>, decode_error>
read_mcp_servers(json_view configuration, const variable_lookup& find) {
    std::string member = "mcpServers";
    if (!find_member(configuration, member))
        member = "servers";
    const json_view all = find_member(configuration, member);
    if (!all)
        return decode_error({}, "the configuration has neither mcpServers nor servers");
    if (!find_members(all))
        return decode_error(member, member_reader::expected("object", all));
    std::vector<server_entry> entries;
    for (const auto& [name, value] : find_members(all).members()) {
        const std::string path = member + '.' + std::string(name);
        if (!value.is_object())
            return decode_error(path, member_reader::expected("object", value));
        const json_view disabled = value.find("disabled");
        if (disabled && disabled.is_bool() && disabled.get_bool())
            continue;
        auto entry = detail::read_server_entry(name, value, path, find);
        if (!entry)
            return std::move(entry).error();
        entries.push_back(*std::move(entry));
    }
    return entries;
}

} // namespace mcp
