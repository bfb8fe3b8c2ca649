// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/call_arguments.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/client_options.hpp>
#include <mcp/client/client_transport.hpp>
#include <mcp/client/http_options.hpp>
#include <mcp/client/mcp_servers.hpp>
#include <mcp/config.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/protocol/tools.hpp>

#include <asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

class group_core;

/// A server and what it calls an entry itself. The group keeps the client.
struct group_route {
    client* to = nullptr;
    std::string name{};
};

} // namespace detail

/// Returns the name in a group of what a server calls `name`: `SERVER_NAME`. It is a valid tool
/// name: other characters become `_`, and a name that is too long ends in a hash.
std::string server_tool(std::string_view server, std::string_view name);

/// Makes a transport to a server of a configuration: a child process, or a URL with its headers
/// besides those of `options`.
std::unique_ptr<client_transport> transport_to(const server_entry& entry,
                                               http_options options = {});

/// An entry of a list of a group: a `tool_info`, `resource_info`, `resource_template_info` or
/// `prompt_info`, whose `name` is that in the group.
template <class Info>
struct grouped : Info {
    grouped() = default;
    grouped(Info info, std::string server_)
        : Info(std::move(info))
        , server(std::move(server_))
        , own_name(this->name) {}

    std::string server;   ///< the name of the server that has it
    std::string own_name; ///< what the server itself calls it
};

/// The settings of a `client_group`.
struct group_options {
    group_options() {}

    client_options client{}; ///< of each client
    /// Names tools and prompts in the group. Where two get the same name, the later one gets a
    /// number.
    std::function<std::string(std::string_view server, std::string_view name)> name = server_tool;
};

/// Clients of several servers as one: it connects them side by side, lists what they offer in one
/// list, and routes a call to the server that has the tool.
///
///     asio::awaitable<void> ask(mcp::any_server& files, mcp::any_server& weather) {
///         mcp::client_group group;
///         group.add("files", [&files] { return mcp::in_process(files); });
///         group.add("weather", [&weather] { return mcp::in_process(weather); });
///         co_await group.connect();
///         for (const auto& tool : co_await group.tools())
///             std::puts(tool.name.c_str()); // "weather_get_forecast"
///         co_await group.call("weather_get_forecast", {{"city", "Berlin"}});
///     }
///
/// A server that cannot be reached does not take the others along: it is left out of the lists, and
/// `failure` says why. All members run on one serial executor, like those of `client`.
class client_group {
public:
    explicit client_group(group_options options = {});
    client_group(client_group&&) noexcept;
    client_group& operator=(client_group&&) noexcept;

    /// Ends all connections at once.
    ~client_group();

    /// Adds a server; `make` makes a transport whenever the group connects to it. Returns the
    /// client, for handlers. Use `client_group::on_list_changed` in place of that of the client.
    client& add(std::string name, std::function<std::unique_ptr<client_transport>()> make);

    /// Adds a server of a configuration.
    ///
    ///     const auto servers = mcp::read_mcp_servers(value).value();
    ///     mcp::client_group group;
    ///     for (const mcp::server_entry& each : servers)
    ///         group.add(each);
    client& add(const server_entry& entry);

    /// Connects to all servers that are not connected, side by side. Does not throw if some, or
    /// all, fail.
    asio::awaitable<void> connect();

    /// Ends all connections, side by side.
    asio::awaitable<void> close();

    /// Returns the names of the servers, in the order of `add`.
    std::vector<std::string> servers() const;

    /// Returns the client of a server. Throws `std::out_of_range` if there is none of that name.
    client& server(std::string_view name);

    /// Returns why a server could not be reached, or could not be listed; empty if all is well.
    std::string failure(std::string_view server) const;

    /// Return the entries of all servers, in the order of the servers.
    asio::awaitable<std::vector<grouped<tool_info>>> tools();
    asio::awaitable<std::vector<grouped<resource_info>>> resources();
    asio::awaitable<std::vector<grouped<resource_template_info>>> resource_templates();
    asio::awaitable<std::vector<grouped<prompt_info>>> prompts();

    /// Calls a tool by its name in the group; see `client::call`. Throws
    /// `transport_failure::not_connected` if no server that is connected has it.
    template <class T = tool_result>
    asio::awaitable<T> call(std::string tool, call_arguments arguments = {},
                            call_options options = {}) {
        return call_routed<T>(core_, std::move(tool), std::move(arguments), std::move(options));
    }

    /// Reads a resource from the server that lists its URI, or else from one that has a template
    /// for it; see `client::read`.
    template <class T = resource_result>
    asio::awaitable<T> read(std::string uri, call_options options = {}) {
        return read_routed<T>(core_, std::move(uri), std::move(options));
    }

    /// Gets a prompt by its name in the group; see `client::prompt`.
    template <class T = prompt_result>
    asio::awaitable<T> prompt(std::string name, call_arguments arguments = {},
                              call_options options = {}) {
        return prompt_routed<T>(core_, std::move(name), std::move(arguments), std::move(options));
    }

    /// Sets what is called when a list of a server has changed.
    void on_list_changed(std::function<void(const std::string& server, list_kind)> f);

private:
    using core_ptr = std::shared_ptr<detail::group_core>;

    static asio::awaitable<detail::group_route> find_tool(core_ptr core, std::string name);
    static asio::awaitable<detail::group_route> find_prompt(core_ptr core, std::string name);
    static asio::awaitable<detail::group_route> find_resource(core_ptr core, std::string uri);

    template <class T>
    static asio::awaitable<T> call_routed(core_ptr core, std::string tool, call_arguments arguments,
                                          call_options options);
    template <class T>
    static asio::awaitable<T> read_routed(core_ptr core, std::string uri, call_options options);
    template <class T>
    static asio::awaitable<T> prompt_routed(core_ptr core, std::string name,
                                            call_arguments arguments, call_options options);

    core_ptr core_;
};

template <class T>
asio::awaitable<T> client_group::call_routed(core_ptr core, std::string tool,
                                             call_arguments arguments, call_options options) {
    const detail::group_route route = co_await find_tool(core, std::move(tool));
    co_return co_await route.to->call<T>(route.name, arguments, std::move(options));
}

template <class T>
asio::awaitable<T> client_group::read_routed(core_ptr core, std::string uri, call_options options) {
    const detail::group_route route = co_await find_resource(core, uri);
    co_return co_await route.to->read<T>(std::move(uri), std::move(options));
}

template <class T>
asio::awaitable<T> client_group::prompt_routed(core_ptr core, std::string name,
                                               call_arguments arguments, call_options options) {
    const detail::group_route route = co_await find_prompt(core, std::move(name));
    co_return co_await route.to->prompt<T>(route.name, arguments, std::move(options));
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/client_group.ipp>
#endif
