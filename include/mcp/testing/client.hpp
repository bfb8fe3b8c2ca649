// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/testing/impl/client_answers.hpp>
#include <mcp/testing/print.hpp>

#include <chrono>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::testing {

/// Why a test cannot go on: no response in time, a question without an answer, or a result that is
/// not of the expected type. The text names the request.
class client_failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The settings of a client.
struct client_options {
    /// `latest` sends its metadata with each request. A legacy revision begins with the handshake.
    mcp::revision revision = latest;
    /// The principal behind all requests; none if empty.
    std::optional<mcp::principal> principal{};
    /// What the client declares that it can do; by default everything. A handler that asks for
    /// more gets an error.
    client_capabilities capabilities = detail::every_capability();
    /// The time in which a request must be answered, with all rounds of questions.
    std::chrono::milliseconds timeout = std::chrono::seconds(10);
    /// Log messages below this level are not sent.
    log_level level = log_level::debug;
    /// The parameters of the path at which the server would be mounted: `{{"tenant", "acme"}}` for
    /// `/t/{tenant}/mcp`.
    std::map<std::string, std::string> path{};
};

/// A notification of the server.
struct notification {
    std::string method;
    json params; ///< null if it has none

    friend std::ostream& operator<<(std::ostream& out, const notification& value) {
        return out << value.method << ' ' << encode(value.params);
    }
};

namespace detail {

class client_wire;
struct exchange;

/// The part of a `pending_call` that does not depend on its type.
class started_call {
public:
    started_call(client_wire& wire, std::shared_ptr<exchange> what) noexcept;
    started_call(started_call&&) noexcept = default;
    started_call& operator=(started_call&&) = delete;

    /// Cancels the call if it has not ended.
    ~started_call();

    /// Returns whether the call has ended. Runs what can run without waiting.
    bool ready();

    /// Cancels the call, as a client does with `notifications/cancelled`. Then `get` throws
    /// `client_failure`. Does nothing if the call has ended.
    void cancel();

    /// Waits for the next progress of this call. Throws `client_failure` if the call ends without.
    progress_update next_progress();

    /// Returns the progress of this call so far.
    const std::vector<progress_update>& progress() const noexcept;

protected:
    tool_result wait();
    std::string tool() const;

private:
    client_wire* wire_;
    std::shared_ptr<exchange> what_; ///< null after a move
};

} // namespace detail

/// A call of a tool that is under way; `client::start` returns it. The client must outlive it.
template <class T>
class pending_call : public detail::started_call {
public:
    using started_call::started_call;

    /// Waits for the result, and returns or throws what `client::call` does.
    T get();
};

/// A client in the same process, for tests: it calls a server without sockets and threads.
///
///     mcp::server server{"calculator", "1.0.0"};
///     server.tool<add, "a", "b">("Add two numbers");
///     mcp::testing::client client(server);
///     const int sum = client.call<int>("add", {{"a", 2}, {"b", 3}});
///
/// Each member runs the event loop of the client until it has its result, so handlers run on the
/// calling thread, and `mcp::blocking` handlers on the pool of the server. All throw
/// `protocol_error` if the server responds with an error, and `client_failure` after the timeout;
/// the request is cancelled then. The server must outlive the client. A server may have several
/// clients. One thread at a time may use a client.
class client {
public:
    explicit client(any_server& server, client_options options = {});
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Cancels what still runs. Waits for `mcp::blocking` handlers.
    ~client();

    /// Calls a tool. The arguments are an object, or any struct or map that is written as one.
    ///
    /// The result is a `tool_result` as it was sent, a `std::string` of its text blocks, or else
    /// the value that the tool has returned: as `json`, or decoded to `T`. It is the same in both
    /// eras. Throws `tool_error` if the tool reports a failure; its `what()` is the text of it.
    ///
    ///     const std::string text = client.call<std::string>("forecast", {{"city", "Oslo"}});
    template <class T = tool_result, class Arguments = json_object>
    T call(std::string_view tool, const Arguments& arguments = {}) {
        return start<T>(tool, arguments).get();
    }

    /// Begins a call and runs its handler up to where it waits. Several calls may be under way.
    ///
    ///     auto slow = client.start("import", {{"rows", 1000}});
    ///     const auto half = slow.next_progress();
    ///     slow.cancel();
    template <class T = tool_result, class Arguments = json_object>
    pending_call<T> start(std::string_view tool, const Arguments& arguments = {}) {
        return pending_call<T>(*wire_, start_tool(tool, encode(arguments)));
    }

    /// Reads a resource: the `resource_result` as it was sent, a `std::string` of its text, the
    /// `bytes` of a blob, or its text as JSON, decoded to `T`.
    template <class T = resource_result>
    T read(std::string_view uri) {
        resource_result result = read_resource(uri);
        if constexpr (std::same_as<T, resource_result>)
            return result;
        else if constexpr (std::same_as<T, bytes>)
            return blob_of(result, uri);
        else if constexpr (std::same_as<T, std::string>)
            return text_of(result, uri);
        else
            return decoded<T>(parsed(text_of(result, uri), "resources/read", uri), "resources/read",
                              uri);
    }

    /// Gets a prompt: the `prompt_result` as it was sent, or a `std::string` of the text of its
    /// messages. An argument that is no string is sent as its JSON text.
    template <class T = prompt_result>
    T prompt(std::string_view name, const json_object& arguments = {}) {
        prompt_result result = get_prompt(name, arguments);
        if constexpr (std::same_as<T, prompt_result>) {
            return result;
        } else {
            static_assert(std::same_as<T, std::string>,
                          "mcp: a prompt is an mcp::prompt_result or a std::string");
            return detail::text_of(result);
        }
    }

    /// Returns the candidates for an argument of a prompt, or for a variable of a resource template
    /// (named by its text). `known` are the arguments that already have values.
    completion_result complete(std::string_view reference, std::string_view argument,
                               std::string_view typed, const json_object& known = {});

    /// Returns all entries, of all pages.
    std::vector<tool_definition> tools();
    std::vector<resource_definition> resources();
    std::vector<resource_template_definition> resource_templates();
    std::vector<prompt_definition> prompts();

    /// Sends any request and returns its result. Answers the questions of the server.
    json request(std::string_view method, const json_object& params = {});

    /// Sets the answers to elicitations, in order; the last also answers all that follow.
    ///
    ///     client.on_elicit(booking{"Monday"});            // accepts with these values
    ///     client.on_elicit(mcp::elicit_action::decline);
    ///     client.on_elicit([](const std::string& message) {
    ///         return booking{message == "Which day?" ? "Monday" : "Sunday"};
    ///     });
    ///
    /// A function takes the message, the `elicitation_params` or nothing. It returns values, an
    /// `elicit_action` or an `elicit_result`. An elicitation by URL is accepted without values. A
    /// question that has no answer fails the test.
    template <class... Answers>
    void on_elicit(Answers... answers) {
        set_elicit({detail::elicit_answer_of(std::move(answers))...});
    }

    /// Sets the answers to sampling, in order; the last also answers all that follow. An answer is
    /// the text of the model, a `sampling_result`, or a function that returns one of these and may
    /// take the `sampling_request`.
    template <class... Answers>
    void on_sample(Answers... answers) {
        set_sample({detail::sample_answer_of(std::move(answers))...});
    }

    /// Sets the roots of the client.
    void on_roots(std::vector<root> roots);

    /// Asks for the notifications of a filter: changes of lists, updates of resources. A legacy
    /// client gets changes of lists in any case.
    void listen(const subscription_filter& filter);

    /// Waits for the next notification of a method, such as `notifications/resources/updated`, and
    /// removes it from `notifications()`.
    notification next_notification(std::string_view method);

    /// Returns the notifications that have arrived, but for progress and log messages.
    const std::vector<notification>& notifications() const noexcept;

    /// Returns the progress and the log messages of all requests so far. The data of a log message
    /// are JSON text.
    const std::vector<progress_update>& progress() const noexcept;
    const std::vector<log_message>& log() const noexcept;

    /// Forgets notifications, progress and log messages.
    void clear();

private:
    template <class T>
    friend class pending_call;

    std::shared_ptr<detail::exchange> start_tool(std::string_view name,
                                                 const std::string& arguments);
    resource_result read_resource(std::string_view uri);
    prompt_result get_prompt(std::string_view name, const json_object& arguments);
    void set_elicit(std::vector<detail::elicit_answer> answers);
    void set_sample(std::vector<detail::sample_answer> answers);

    /// Returns what a tool has returned. Legacy clients get a value that is no object in an object,
    /// or as text only.
    static json returned_value(const tool_result& result);
    static std::string text_of(const resource_result& result, std::string_view uri);
    static bytes blob_of(const resource_result& result, std::string_view uri);
    static json parsed(const std::string& text, std::string_view method, std::string_view name);

    template <class T>
    static T value_of(tool_result result, std::string_view tool) {
        if constexpr (std::same_as<T, tool_result>)
            return result;
        else if constexpr (std::same_as<T, std::string>)
            return result.text();
        else
            return decoded<T>(returned_value(result), "tools/call", tool);
    }

    template <class T>
    static T decoded(json value, std::string_view method, std::string_view name) {
        if constexpr (std::same_as<T, json>) {
            return value;
        } else {
            auto read = decode<T>(value);
            if (!read)
                detail::misfit(method, name, read.error().what(), encode(value));
            return *std::move(read);
        }
    }

    const std::unique_ptr<detail::client_wire> wire_;
};

template <class T>
T pending_call<T>::get() {
    return client::value_of<T>(wait(), tool());
}

} // namespace mcp::testing

#ifdef MCP_BODIES
#include <mcp/testing/impl/client.ipp>
#endif
