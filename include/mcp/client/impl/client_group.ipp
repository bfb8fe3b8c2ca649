// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/child_process.hpp>
#include <mcp/client/client_group.hpp>
#include <mcp/client/http_transport.hpp>
#include <mcp/client/impl/side_by_side.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/sha256.hpp>
#include <mcp/protocol/uri_template.hpp>

#include <exception>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

namespace mcp {

namespace detail {

/// A server of a group.
struct group_member {
    group_member(std::string name_, client_options options,
                 std::function<std::unique_ptr<client_transport>()> make_)
        : name(std::move(name_))
        , peer(std::move(options))
        , make(std::move(make_)) {}

    const std::string name;
    client peer;
    const std::function<std::unique_ptr<client_transport>()> make;
    std::string failure{};
};

/// The state of a group, which its coroutines keep.
class group_core {
public:
    using routes = std::map<std::string, group_route, std::less<>>;

    explicit group_core(group_options given) : options(std::move(given)) {}

    group_member* find(std::string_view name) const {
        for (const auto& each : members)
            if (each->name == name)
                return each.get();
        return nullptr;
    }

    group_options options;
    std::vector<std::unique_ptr<group_member>> members{};
    std::function<void(const std::string&, list_kind)> on_list_changed{};
    routes tools{};     ///< by name in the group, as last listed
    routes prompts{};   ///< likewise
    routes resources{}; ///< by URI, as last listed
    std::vector<std::pair<uri_template, client*>> templates{};
};

using group_core_ptr = std::shared_ptr<group_core>;

inline asio::awaitable<void> connect_member(group_core_ptr, group_member* member) {
    try {
        auto transport = member->make();
        co_await member->peer.connect(std::move(transport));
        member->failure.clear();
    } catch (const std::exception& why) {
        member->failure = why.what();
    }
}

inline asio::awaitable<void> connect_members(group_core_ptr core) {
    std::vector<asio::awaitable<void>> all;
    for (const auto& each : core->members)
        if (!each->peer.connected())
            all.push_back(connect_member(core, each.get()));
    co_await run_side_by_side(std::move(all));
}

inline asio::awaitable<void> close_member(group_core_ptr, group_member* member) {
    co_await member->peer.close();
}

inline asio::awaitable<void> close_members(group_core_ptr core) {
    std::vector<asio::awaitable<void>> all;
    for (const auto& each : core->members)
        all.push_back(close_member(core, each.get()));
    co_await run_side_by_side(std::move(all));
}

inline auto list_of(client& from, const tool_info*) {
    return from.tools();
}
inline auto list_of(client& from, const resource_info*) {
    return from.resources();
}
inline auto list_of(client& from, const resource_template_info*) {
    return from.resource_templates();
}
inline auto list_of(client& from, const prompt_info*) {
    return from.prompts();
}

inline bool offers(const server_capabilities& has, const tool_info*) {
    return has.tools;
}
inline bool offers(const server_capabilities& has, const prompt_info*) {
    return has.prompts;
}
template <class Info>
bool offers(const server_capabilities& has, const Info*) {
    return has.resources;
}

template <class Info>
asio::awaitable<void> list_member(group_core_ptr, group_member* member, std::vector<Info>* into) {
    constexpr const Info* kind = nullptr;
    try {
        auto later = list_of(member->peer, kind);
        *into = co_await std::move(later);
        member->failure.clear();
    } catch (const std::exception& why) {
        member->failure = why.what();
    }
}

/// Returns the entries of all servers that have some, under their own names.
template <class Info>
asio::awaitable<std::vector<grouped<Info>>> list_members(group_core_ptr core) {
    constexpr const Info* kind = nullptr;
    std::vector<std::vector<Info>> lists(core->members.size());
    std::vector<asio::awaitable<void>> all;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        group_member* member = core->members[i].get();
        if (member->peer.connected() && offers(member->peer.server().capabilities, kind))
            all.push_back(list_member(core, member, &lists[i]));
    }
    co_await run_side_by_side(std::move(all));
    std::vector<grouped<Info>> out;
    for (std::size_t i = 0; i < lists.size(); ++i)
        for (Info& each : lists[i])
            out.emplace_back(std::move(each), core->members[i]->name);
    co_return out;
}

/// Lists what has names in the group, and notes where each entry is.
template <class Info>
asio::awaitable<std::vector<grouped<Info>>> list_named(group_core_ptr core,
                                                       group_core::routes group_core::* routes) {
    std::vector<grouped<Info>> all = co_await list_members<Info>(core);
    group_core::routes found;
    for (grouped<Info>& each : all) {
        const std::string name = core->options.name(each.server, each.own_name);
        each.name = name;
        group_route route{&core->find(each.server)->peer, each.own_name};
        for (int number = 2; !found.try_emplace(each.name, route).second; ++number)
            each.name = server_tool(name, std::to_string(number));
    }
    (*core).*routes = std::move(found);
    co_return all;
}

inline asio::awaitable<std::vector<grouped<resource_info>>> list_resources(group_core_ptr core) {
    auto all = co_await list_members<resource_info>(core);
    core->resources.clear();
    for (const grouped<resource_info>& each : all)
        core->resources.try_emplace(each.uri,
                                    group_route{&core->find(each.server)->peer, each.uri});
    co_return all;
}

inline asio::awaitable<std::vector<grouped<resource_template_info>>>
list_templates(group_core_ptr core) {
    auto all = co_await list_members<resource_template_info>(core);
    core->templates.clear();
    for (const grouped<resource_template_info>& each : all)
        if (auto parsed = uri_template::parse(each.uri_template))
            core->templates.emplace_back(*std::move(parsed), &core->find(each.server)->peer);
    co_return all;
}

inline std::optional<group_route> find_in(const group_core::routes& routes, std::string_view name) {
    const auto found = routes.find(name);
    return found == routes.end() ? std::nullopt : std::optional(found->second);
}

inline std::optional<group_route> find_template(const group_core& core, const std::string& uri) {
    for (const auto& [form, owner] : core.templates)
        if (form.match(uri))
            return group_route{owner, uri};
    return std::nullopt;
}

/// Throws, and names the servers that could have had the entry.
[[noreturn]] inline void throw_no_route(const group_core& core, std::string_view kind,
                                        const std::string& name) {
    std::string text = "no connected server has the " + std::string(kind) + ' ' + name;
    for (const auto& each : core.members)
        if (!each->failure.empty())
            text.append("; ").append(each->name).append(": ").append(each->failure);
    throw transport_error(transport_failure::not_connected, text);
}

} // namespace detail

MCP_DECL std::string server_tool(std::string_view server, std::string_view name) {
    constexpr std::size_t limit = 64;
    constexpr std::size_t hash_digits = 8;
    const std::string whole = std::string(server) + '_' + std::string(name);
    std::string valid = whole;
    for (char& each : valid)
        if (!is_tool_name(std::string_view(&each, 1)))
            each = '_';
    if (valid.size() > limit) {
        const auto digest = sha256(whole);
        const std::string hash(digest.begin(), digest.begin() + hash_digits / 2);
        valid.resize(limit - hash_digits - 1);
        valid.append("_").append(to_hex(hash));
    }
    return valid;
}

MCP_DECL std::unique_ptr<client_transport> transport_to(const server_entry& entry,
                                                        http_options options) {
    if (entry.kind == server_kind::process) {
        child_process program(entry.command, entry.arguments);
        program.environment = entry.environment;
        program.folder = entry.folder;
        return std::make_unique<child_transport>(std::move(program));
    }
    options.headers.insert(options.headers.end(), entry.headers.begin(), entry.headers.end());
    if (entry.kind == server_kind::sse)
        options.kind = http_kind::sse;
    return std::make_unique<http_transport>(entry.url, std::move(options));
}

MCP_DECL client_group::client_group(group_options options)
    : core_(std::make_shared<detail::group_core>(std::move(options))) {}
MCP_DECL client_group::client_group(client_group&&) noexcept = default;
MCP_DECL client_group& client_group::operator=(client_group&& other) noexcept {
    client_group old(std::move(*this));
    core_ = std::move(other.core_);
    return *this;
}
MCP_DECL client_group::~client_group() {
    if (!core_)
        return;
    for (const auto& each : core_->members)
        each->peer = client();
}

MCP_DECL client& client_group::add(std::string name,
                                   std::function<std::unique_ptr<client_transport>()> make) {
    if (core_->find(name))
        throw std::invalid_argument("the group has a server " + name + " already");
    auto& added = core_->members.emplace_back(std::make_unique<detail::group_member>(
        std::move(name), core_->options.client, std::move(make)));
    added->peer.on_list_changed(
        [core = std::weak_ptr(core_), server = added->name](list_kind kind) {
            if (const auto alive = core.lock(); alive && alive->on_list_changed)
                alive->on_list_changed(server, kind);
        });
    return added->peer;
}

MCP_DECL client& client_group::add(const server_entry& entry) {
    return add(entry.name, [entry] { return transport_to(entry); });
}

MCP_DECL asio::awaitable<void> client_group::connect() {
    return detail::connect_members(core_);
}

MCP_DECL asio::awaitable<void> client_group::close() {
    return detail::close_members(core_);
}

MCP_DECL std::vector<std::string> client_group::servers() const {
    std::vector<std::string> names;
    for (const auto& each : core_->members)
        names.push_back(each->name);
    return names;
}

MCP_DECL client& client_group::server(std::string_view name) {
    if (detail::group_member* found = core_->find(name))
        return found->peer;
    throw std::out_of_range("the group has no server " + std::string(name));
}

MCP_DECL std::string client_group::failure(std::string_view server) const {
    const detail::group_member* found = core_->find(server);
    return found ? found->failure : std::string();
}

MCP_DECL asio::awaitable<std::vector<grouped<tool_info>>> client_group::tools() {
    return detail::list_named<tool_info>(core_, &detail::group_core::tools);
}

MCP_DECL asio::awaitable<std::vector<grouped<prompt_info>>> client_group::prompts() {
    return detail::list_named<prompt_info>(core_, &detail::group_core::prompts);
}

MCP_DECL asio::awaitable<std::vector<grouped<resource_info>>> client_group::resources() {
    return detail::list_resources(core_);
}

MCP_DECL asio::awaitable<std::vector<grouped<resource_template_info>>>
client_group::resource_templates() {
    return detail::list_templates(core_);
}

MCP_DECL asio::awaitable<detail::group_route> client_group::find_tool(core_ptr core,
                                                                      std::string name) {
    auto route = detail::find_in(core->tools, name);
    if (!route) {
        co_await detail::list_named<tool_info>(core, &detail::group_core::tools);
        route = detail::find_in(core->tools, name);
    }
    if (!route)
        detail::throw_no_route(*core, "tool", name);
    co_return *std::move(route);
}

MCP_DECL asio::awaitable<detail::group_route> client_group::find_prompt(core_ptr core,
                                                                        std::string name) {
    auto route = detail::find_in(core->prompts, name);
    if (!route) {
        co_await detail::list_named<prompt_info>(core, &detail::group_core::prompts);
        route = detail::find_in(core->prompts, name);
    }
    if (!route)
        detail::throw_no_route(*core, "prompt", name);
    co_return *std::move(route);
}

MCP_DECL asio::awaitable<detail::group_route> client_group::find_resource(core_ptr core,
                                                                          std::string uri) {
    auto route = detail::find_in(core->resources, uri);
    if (!route)
        route = detail::find_template(*core, uri);
    if (!route) {
        co_await detail::list_resources(core);
        co_await detail::list_templates(core);
        route = detail::find_in(core->resources, uri);
    }
    if (!route)
        route = detail::find_template(*core, uri);
    if (!route)
        detail::throw_no_route(*core, "resource", uri);
    co_return *std::move(route);
}

MCP_DECL void client_group::on_list_changed(std::function<void(const std::string&, list_kind)> f) {
    core_->on_list_changed = std::move(f);
}

} // namespace mcp
