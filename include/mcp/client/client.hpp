// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/call_arguments.hpp>
#include <mcp/client/client_options.hpp>
#include <mcp/client/client_questions.hpp>
#include <mcp/client/client_transport.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/protocol/tools.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

struct child_process;
struct http_options;
class subscription; // in subscription.hpp

/// What a client knows of a tool, a resource, a template or a prompt.
using tool_info = tool_definition;
using resource_info = resource_definition;
using resource_template_info = resource_template_definition;
using prompt_info = prompt_definition;

namespace detail {

class client_core;

/// Throws `transport_error`: the result of a request does not have the expected type.
[[noreturn]] void throw_misfit(std::string_view method, std::string_view name,
                               const std::string& why);

/// Returns what a tool has returned; see `client::call`.
json returned_value(const tool_result& result);
json text_as_json(const std::string& text, std::string_view method, std::string_view name);
std::string text_of(const prompt_result& prompt);
std::string text_of(const resource_result& result, std::string_view uri);
bytes blob_of(const resource_result& result, std::string_view uri);

template <class T>
T decoded(const json& value, std::string_view method, std::string_view name) {
    auto read = decode<T>(value);
    if (!read)
        throw_misfit(method, name, read.error().what());
    return *std::move(read);
}

} // namespace detail

/// A client of one MCP server, in both eras of the protocol.
///
///     asio::awaitable<void> ask() {
///         mcp::client client{{.name = "desk", .version = "1.0.0"}};
///         co_await client.connect("http://localhost:8000/mcp");
///         for (const mcp::tool_info& each : co_await client.tools())
///             std::puts(each.name.c_str());
///         auto berlin = co_await client.call<std::string>("get_forecast", {{"city", "Berlin"}});
///     }
///
/// All members run on one serial executor: that of the coroutine that awaits `connect`. Any number
/// of requests may be under way at once. Three kinds of errors are never mixed up: `tool_error` if
/// a tool says that it has failed, `protocol_error` if the server responds with an error, and
/// `transport_error` if there is no response. Cancellation of an awaiting coroutine (Asio,
/// terminal) cancels the request on the server and throws `operation_aborted`.
///
/// Handlers are set before `connect`, since they decide which capabilities the client declares.
/// They are ordinary functions, return awaitables, or are `mcp::blocking`; they run on the executor
/// of the client, many at once. The destructor ends the connection at once: `co_await close()`
/// before it ends a session politely.
class client {
public:
    explicit client(client_options options = {});
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    /// Requests under way end with `transport_failure::closed`.
    ~client();

    /// Connects to a server, and agrees with it on a revision: over HTTP, by a child process, over
    /// any transport, or to a server in this process, which must outlive the connection.
    ///
    ///     co_await client.connect("https://weather.example.com/mcp");
    ///     co_await client.connect(mcp::child_process("npx", {"-y", "weather-server"}));
    ///
    /// Throws `transport_error` or `protocol_error` if that fails. May be called again after
    /// `close`, or after the connection has ended. A URL of https needs `<mcp/http/tls.hpp>`.
    asio::awaitable<void> connect(std::string url);
    asio::awaitable<void> connect(std::string url, http_options options);
    asio::awaitable<void> connect(child_process process);
    asio::awaitable<void> connect(std::unique_ptr<client_transport> transport);
    template <std::derived_from<any_server> Server>
    asio::awaitable<void> connect(Server& server) {
        static_assert(
            requires { in_process(server); },
            "mcp: include <mcp/client/in_process.hpp> to connect to a server in this process");
        return connect(in_process(server));
    }

    /// Ends the connection.
    asio::awaitable<void> close();

    /// Returns whether `connect` has succeeded and the connection has not ended since.
    bool connected() const noexcept;

    /// Returns what the server has said of itself.
    const server_facts& server() const noexcept;

    /// Calls a tool.
    ///
    /// The result is a `tool_result` as it was sent, a `std::string` of its text blocks, or else
    /// the value that the tool has returned: as `json`, or decoded to `T`, from `structuredContent`
    /// or else from the text. Throws `tool_error` if the tool reports a failure, but for a
    /// `tool_result`, which has `is_error` then.
    ///
    ///     auto sum = co_await client.call<int>("add", {{"a", 2}, {"b", 3}});
    template <class T = tool_result>
    asio::awaitable<T> call(std::string tool, const call_arguments& arguments = {},
                            call_options options = {}) {
        return value_of<T>(call_tool(tool, arguments.text(), std::move(options)), tool);
    }

    /// Reads a resource: the `resource_result` as it was sent, a `std::string` of its text, the
    /// `bytes` of a blob, or its text as JSON, decoded to `T`.
    template <class T = resource_result>
    asio::awaitable<T> read(std::string uri, call_options options = {}) {
        return contents_of<T>(read_resource(uri, std::move(options)), uri);
    }

    /// Gets a prompt: the `prompt_result` as it was sent, or a `std::string` of the text of its
    /// messages. An argument that is no string is sent as its JSON text.
    template <class T = prompt_result>
    asio::awaitable<T> prompt(std::string name, const call_arguments& arguments = {},
                              call_options options = {}) {
        static_assert(std::same_as<T, prompt_result> || std::same_as<T, std::string>,
                      "mcp: a prompt is an mcp::prompt_result or a std::string");
        return messages_of<T>(get_prompt(std::move(name), arguments, std::move(options)));
    }

    /// Returns the candidates for an argument of a prompt, or for a variable of a resource template
    /// (named by its text). `known` are the arguments that already have values.
    asio::awaitable<completion_result> complete(std::string reference, std::string argument,
                                                std::string typed,
                                                const call_arguments& known = {});

    /// Return all entries, of all pages. The options hold for each page.
    asio::awaitable<std::vector<tool_info>> tools(call_options options = {});
    asio::awaitable<std::vector<resource_info>> resources(call_options options = {});
    asio::awaitable<std::vector<resource_template_info>>
    resource_templates(call_options options = {});
    asio::awaitable<std::vector<prompt_info>> prompts(call_options options = {});

    /// Asks for notifications, until the object is destroyed [MCP 2026-07-28 basic/patterns/
    /// subscriptions]. The program includes `<mcp/client/subscription.hpp>`. A subscription that
    /// breaks is begun again, with growing delays. Throws if the first attempt fails. A legacy
    /// server sends changes of lists by itself, and gets `resources/subscribe`.
    asio::awaitable<subscription> listen(subscription_filter filter);

    /// Asks for the updates of a resource, and no longer. `subscribe` returns whether the server
    /// sends them. All such resources share one subscription, which a new session gets too.
    asio::awaitable<bool> subscribe(std::string uri);
    asio::awaitable<void> unsubscribe(std::string uri);

    /// Asks whether the server is there: `ping`, or `server/discover` of a modern server.
    asio::awaitable<void> ping();

    /// Sets the least severe log messages that the server sends from now on.
    asio::awaitable<void> set_level(log_level level);

    /// Sends any request and returns its result.
    asio::awaitable<json> request(std::string method, json_object params = {},
                                  call_options options = {});

    /// Sends a notification.
    asio::awaitable<void> notify(std::string method, const json_object& params = {});

    /// Sets what answers the forms of the server. `f` takes the `elicit_request`, or nothing, and
    /// returns an `elicit_answer`, an `elicit_action`, or the values.
    template <class F>
    void on_elicit(F f) {
        static_assert(
            detail::answers_question<F, elicit_request>,
            "mcp: a handler of elicitation takes a const mcp::elicit_request&, or nothing");
        questions().elicit =
            detail::question_handler_of<elicit_answer, elicit_request>(std::move(f), pool());
    }

    /// Sets what asks the user to open a URL. `f` takes the `url_elicitation`, or nothing, and
    /// returns an `elicit_action`.
    template <class F>
    void on_elicit_url(F f) {
        static_assert(
            detail::answers_question<F, url_elicitation>,
            "mcp: a handler of URL elicitation takes a const mcp::url_elicitation&, or nothing");
        questions().elicit_url =
            detail::question_handler_of<elicit_action, url_elicitation>(std::move(f), pool());
    }

    /// Sets the model that answers the sampling of the server. `f` takes the `sampling_request`, or
    /// nothing, and returns a `sampling_result`, or the text of the model.
    template <class F>
    void on_sample(F f, sampling_support support = {}) {
        static_assert(
            detail::answers_question<F, sampling_request>,
            "mcp: a handler of sampling takes a const mcp::sampling_request&, or nothing");
        questions().sample =
            detail::question_handler_of<sampling_result, sampling_request>(std::move(f), pool());
        questions().sampling = support;
    }

    /// Sets the roots that the server may know; or a function that returns them. Once connected, a
    /// legacy server is told of the change.
    void on_roots(std::vector<root> roots);
    template <std::invocable F>
    void on_roots(F f) {
        questions().roots =
            detail::question_handler_of<std::vector<root>, detail::nothing>(std::move(f), pool());
    }

    /// Set what is called with log messages, with changes of lists, with updates of resources that
    /// are subscribed to, and with all other notifications. The functions must not block; they may
    /// start coroutines. A modern client listens for changes of lists if there is a handler of
    /// them.
    void on_log(std::function<void(const log_message&)> f);
    void on_list_changed(std::function<void(list_kind)> f);
    void on_resource_updated(std::function<void(const std::string& uri)> f);
    void on_notification(std::function<void(const std::string& method, const json& params)> f);

    /// Sets what is called with a sentence for the program's log if the server breaks the protocol
    /// and it concerns no request.
    void on_fault(std::function<void(const std::string&)> f);

private:
    detail::client_questions& questions();
    detail::pool_source pool();
    asio::awaitable<tool_result> call_tool(std::string name, std::string arguments,
                                           call_options options);
    asio::awaitable<resource_result> read_resource(std::string uri, call_options options);
    asio::awaitable<prompt_result> get_prompt(std::string name, const call_arguments& arguments,
                                              call_options options);

    template <class T>
    static asio::awaitable<T> value_of(asio::awaitable<tool_result> later, std::string tool) {
        tool_result result = co_await std::move(later);
        if constexpr (std::same_as<T, tool_result>) {
            co_return result;
        } else {
            if (result.is_error)
                throw tool_error(std::move(result));
            if constexpr (std::same_as<T, std::string>)
                co_return result.text();
            else if constexpr (std::same_as<T, json>)
                co_return detail::returned_value(result);
            else
                co_return detail::decoded<T>(detail::returned_value(result), "tools/call", tool);
        }
    }

    template <class T>
    static asio::awaitable<T> contents_of(asio::awaitable<resource_result> later, std::string uri) {
        resource_result result = co_await std::move(later);
        if constexpr (std::same_as<T, resource_result>)
            co_return result;
        else if constexpr (std::same_as<T, bytes>)
            co_return detail::blob_of(result, uri);
        else if constexpr (std::same_as<T, std::string>)
            co_return detail::text_of(result, uri);
        else if constexpr (std::same_as<T, json>)
            co_return detail::text_as_json(detail::text_of(result, uri), "resources/read", uri);
        else
            co_return detail::decoded<T>(
                detail::text_as_json(detail::text_of(result, uri), "resources/read", uri),
                "resources/read", uri);
    }

    template <class T>
    static asio::awaitable<T> messages_of(asio::awaitable<prompt_result> later) {
        prompt_result result = co_await std::move(later);
        if constexpr (std::same_as<T, prompt_result>)
            co_return result;
        else
            co_return detail::text_of(result);
    }

    std::shared_ptr<detail::client_core> core_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/client.ipp>
#endif
