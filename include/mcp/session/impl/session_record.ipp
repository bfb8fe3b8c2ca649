// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/document.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/session/session_record.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

MCP_DECL std::string to_text(const session_record& record) {
    using std::chrono::milliseconds;
    std::string text;
    json_writer w(text);
    w.begin_object();
    w.member("id", std::string_view(record.id));
    w.member("owner", std::string_view(record.owner));
    w.member("revision", to_string(record.revision));
    w.key("client");
    write(w, record.client, latest);
    w.key("capabilities");
    write(w, record.capabilities, record.revision);
    w.member("threshold", to_string(record.threshold));
    w.key("subscriptions");
    w.begin_array();
    for (const std::string& uri : record.subscriptions)
        w.value(std::string_view(uri));
    w.end_array();
    w.member("created",
             std::chrono::duration_cast<milliseconds>(record.created.time_since_epoch()).count());
    if (record.awaits_initialized)
        w.member("awaitsInitialized", true);
    if (record.version != 0)
        w.member("version", static_cast<std::int64_t>(record.version));
    w.end_object();
    return text;
}

namespace detail {

inline std::size_t memory_of_json(const json& value) {
    std::size_t sum = sizeof value;
    if (const json_string* text = value.if_string())
        return sum + text->size();
    if (const json_array* array = value.if_array())
        for (const json& each : *array)
            sum += memory_of_json(each);
    else if (const json_object* object = value.if_object())
        for (const auto& [key, member] : *object)
            sum += sizeof(json_object::value_type) + key.size() + memory_of_json(member);
    return sum;
}

} // namespace detail

MCP_DECL std::size_t detail::memory_of(const session_record& record) {
    std::size_t sum = sizeof record + record.id.size() + record.owner.size();
    const auto add = [&sum](const auto&... texts) { ((sum += texts.size()), ...); };
    const implementation& client = record.client;
    add(client.name, client.version, client.title, client.description, client.website_url);
    for (const icon& each : client.icons) {
        add(each.src, each.mime_type);
        sum += sizeof each;
        for (const std::string& size : each.sizes)
            sum += sizeof size + size.size();
    }
    for (const json_object* each :
         {&record.capabilities.extensions, &record.capabilities.experimental})
        for (const auto& [key, member] : *each)
            sum += sizeof(json_object::value_type) + key.size() + detail::memory_of_json(member);
    for (const std::string& uri : record.subscriptions)
        sum += sizeof uri + uri.size();
    return sum;
}

MCP_DECL std::optional<session_record> session_from_text(std::string_view text) {
    thread_local json_document document; // reuses its memory: stores read a record for each request
    if (document.read(text))
        return std::nullopt;
    member_reader r(document.root());
    session_record record;
    std::string version;
    std::int64_t created = 0;
    std::int64_t number = 0;
    r.need("id", record.id);
    r.need("owner", record.owner);
    r.need("revision", version);
    r.need("client", record.client, read_implementation);
    r.need("capabilities", record.capabilities, read_client_capabilities);
    r.need("threshold", record.threshold, read_log_level);
    r.need("subscriptions", record.subscriptions);
    r.need("created", created);
    r.take("awaitsInitialized", record.awaits_initialized);
    r.take("version", number); // absent in records of older releases
    document.clear();
    const auto known = parse_revision(version);
    if (r.failed() || !known || number < 0)
        return std::nullopt;
    record.revision = *known;
    record.version = static_cast<std::uint64_t>(number);
    record.created = session_record::clock::time_point(std::chrono::milliseconds(created));
    return record;
}

} // namespace mcp
