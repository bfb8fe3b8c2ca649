// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL bool client_capabilities::empty() const {
    return !roots && !roots_list_changed && !sampling && !sampling_tools && !sampling_context &&
           !elicitation_form && !elicitation_url && extensions.empty() && experimental.empty();
}

MCP_DECL client_capabilities client_capabilities::missing(const client_capabilities& needed) const {
    client_capabilities lacking;
    lacking.roots = needed.roots && !roots;
    lacking.roots_list_changed = needed.roots_list_changed && !roots_list_changed;
    lacking.sampling = needed.sampling && !sampling;
    lacking.sampling_tools = needed.sampling_tools && !sampling_tools;
    lacking.sampling_context = needed.sampling_context && !sampling_context;
    lacking.elicitation_form = needed.elicitation_form && !elicitation_form;
    lacking.elicitation_url = needed.elicitation_url && !elicitation_url;
    for (const auto& extension : needed.extensions) {
        if (!has_extension(extension.key())) {
            lacking.extensions.emplace(extension.key(), extension.value());
        }
    }
    for (const auto& feature : needed.experimental) {
        if (!experimental.contains(feature.key())) {
            lacking.experimental.emplace(feature.key(), feature.value());
        }
    }
    return lacking;
}

MCP_DECL client_capabilities client_capabilities::known_to(revision r) const {
    client_capabilities known = *this;
    known.elicitation_form &= has_elicitation(r);
    known.elicitation_url &= has_url_elicitation(r);
    known.sampling_tools &= has_sampling_tools(r);
    known.sampling_context &= has_sampling_tools(r);
    return known;
}

MCP_DECL std::vector<std::string> client_capabilities::names() const {
    std::vector<std::string> all;
    const std::pair<bool, const char*> flags[] = {
        {roots, "roots"},
        {roots_list_changed, "roots.listChanged"},
        {sampling, "sampling"},
        {sampling_tools, "sampling.tools"},
        {sampling_context, "sampling.context"},
        {elicitation_form, "elicitation.form"},
        {elicitation_url, "elicitation.url"},
    };
    for (const auto& [set, name] : flags)
        if (set)
            all.emplace_back(name);
    for (const auto& extension : extensions)
        all.push_back("extensions." + std::string(extension.key()));
    for (const auto& feature : experimental)
        all.push_back("experimental." + std::string(feature.key()));
    return all;
}

MCP_DECL jsonrpc::error missing_client_capability(const client_capabilities& needed, revision r) {
    const client_capabilities possible = needed.known_to(r);
    const auto list = [](const client_capabilities& of) {
        std::string text;
        for (const std::string& name : of.names())
            text.append(text.empty() ? "" : ", ").append(name);
        return text;
    };
    const std::string unknown = list(possible.missing(needed));
    std::string text;
    if (!unknown.empty())
        text = "The request needs " + unknown + ", which revision " + std::string(to_string(r)) +
               " does not have";
    if (possible.empty())
        return {errc::missing_client_capability, std::move(text)};
    text += text.empty() ? "The request needs capabilities" : "; and capabilities";
    text += " that the client has not declared: " + list(possible);
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.key("requiredCapabilities");
    write(w, possible, r);
    w.end_object();
    return {errc::missing_client_capability, std::move(text), std::move(data)};
}

namespace detail {

inline void write_flag(json_writer& w, std::string_view key, bool set) {
    if (set) {
        w.member_raw(key, "{}");
    }
}

/// Writes an object of the flags that are set, such as `{"listChanged":true}`.
inline void write_feature(json_writer& w, std::string_view key, bool list_changed,
                          bool subscribe = false) {
    w.key(key);
    w.begin_object();
    if (subscribe) {
        w.member("subscribe", true);
    }
    if (list_changed) {
        w.member("listChanged", true);
    }
    w.end_object();
}

/// Returns the object member `key`. Any other value is an error.
inline json_view read_feature(member_reader& r, std::string_view key) {
    json_view feature;
    r.take(key, feature);
    return feature;
}

inline bool is_true(json_view feature, std::string_view key) {
    const json_view member = feature.find(key);
    return member && member.is_bool() && member.get_bool();
}

inline bool is_object(json_view feature, std::string_view key) {
    return bool(find_members(find_member(feature, key)));
}

} // namespace detail

MCP_DECL void write(json_writer& w, const client_capabilities& value, revision r) {
    w.begin_object();
    write_present_object(w, "experimental", value.experimental);
    if (value.roots || value.roots_list_changed) {
        detail::write_feature(w, "roots", value.roots_list_changed && is_legacy(r));
    }
    if (value.sampling || value.sampling_tools || value.sampling_context) {
        w.key("sampling");
        w.begin_object();
        if (has_sampling_tools(r)) {
            detail::write_flag(w, "context", value.sampling_context);
            detail::write_flag(w, "tools", value.sampling_tools);
        }
        w.end_object();
    }
    const bool url = value.elicitation_url && has_url_elicitation(r);
    if ((value.elicitation_form && has_elicitation(r)) || url) {
        w.key("elicitation");
        w.begin_object();
        detail::write_flag(w, "form", value.elicitation_form && url);
        detail::write_flag(w, "url", url);
        w.end_object();
    }
    if (has_extensions(r)) {
        write_present_object(w, "extensions", value.extensions);
    }
    w.end_object();
}

MCP_DECL void write(json_writer& w, const server_capabilities& value, revision r) {
    w.begin_object();
    write_present_object(w, "experimental", value.experimental);
    detail::write_flag(w, "logging", value.logging);
    detail::write_flag(w, "completions", value.completions && has_completions_capability(r));
    if (value.prompts) {
        detail::write_feature(w, "prompts", value.prompts_list_changed);
    }
    if (value.resources) {
        detail::write_feature(w, "resources", value.resources_list_changed,
                              value.resources_subscribe);
    }
    if (value.tools) {
        detail::write_feature(w, "tools", value.tools_list_changed);
    }
    if (has_extensions(r)) {
        write_present_object(w, "extensions", value.extensions);
    }
    w.end_object();
}

MCP_DECL result<client_capabilities, decode_error> read_client_capabilities(json_view value,
                                                                            std::string_view path) {
    member_reader r{value, path};
    client_capabilities read;
    const json_view roots = detail::read_feature(r, "roots");
    read.roots = bool(roots);
    read.roots_list_changed = detail::is_true(roots, "listChanged");
    const json_view sampling = detail::read_feature(r, "sampling");
    read.sampling = bool(sampling);
    read.sampling_tools = detail::is_object(sampling, "tools");
    read.sampling_context = detail::is_object(sampling, "context");
    const json_view elicitation = detail::read_feature(r, "elicitation");
    read.elicitation_url = detail::is_object(elicitation, "url");
    read.elicitation_form =
        detail::is_object(elicitation, "form") || (elicitation && !read.elicitation_url);
    r.take("extensions", read.extensions);
    r.take("experimental", read.experimental);
    return r.finish(std::move(read));
}

MCP_DECL result<server_capabilities, decode_error> read_server_capabilities(json_view value,
                                                                            std::string_view path) {
    member_reader r{value, path};
    server_capabilities read;
    const json_view tools = detail::read_feature(r, "tools");
    read.tools = bool(tools);
    read.tools_list_changed = detail::is_true(tools, "listChanged");
    const json_view resources = detail::read_feature(r, "resources");
    read.resources = bool(resources);
    read.resources_list_changed = detail::is_true(resources, "listChanged");
    read.resources_subscribe = detail::is_true(resources, "subscribe");
    const json_view prompts = detail::read_feature(r, "prompts");
    read.prompts = bool(prompts);
    read.prompts_list_changed = detail::is_true(prompts, "listChanged");
    read.logging = bool(detail::read_feature(r, "logging"));
    read.completions = bool(detail::read_feature(r, "completions"));
    r.take("extensions", read.extensions);
    r.take("experimental", read.experimental);
    return r.finish(std::move(read));
}

} // namespace mcp
