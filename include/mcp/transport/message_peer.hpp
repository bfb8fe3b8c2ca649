#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/batch.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/transport/listen.hpp>

#include <asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

/// The limits of one client on an ordered channel of messages.
struct peer_options {
    std::size_t message_bytes = 4 * 1024 * 1024;                   ///< a longer message is refused
    json_limits json{};                                            ///< of message texts
    unpaired_surrogates surrogates = unpaired_surrogates::replace; ///< such as half an emoji
    std::size_t requests = 256; ///< under way at once, listen streams included
    std::size_t batch = 100;    ///< messages in one batch [MCP 2025-03-26]
    /// Messages that wait to be written. Beyond that, the client is too slow and is disconnected. A
    /// program that serves many connections may give them a common limit by `all`.
    mailbox_limits output{.messages = 1'000'000, .bytes = 64 * 1024 * 1024};
    /// Bytes that wait to be written. Beyond that, reading pauses until they are fewer.
    std::size_t output_before_pause = 1024 * 1024;
    /// Time for running requests after the end of the client's input; then they are cancelled. It
    /// is less than the two seconds after which clients of stdio kill their servers.
    std::chrono::milliseconds drain = std::chrono::seconds(1);
};

/// Serves one client over an ordered channel of whole JSON-RPC messages, both eras: text in, text
/// out. It does no I/O; `serve_connection` is the loop around it.
///
/// Requests that name a modern revision in their `_meta` are stateless. `initialize` begins the one
/// legacy session of a channel. A second `initialize` replaces the session, as when a gateway
/// serves one client after another, and cancels its requests. Both eras may share one channel.
/// Responses are sent as they become ready, in any order. A request that the client cancels by
/// `notifications/cancelled` gets no response. [MCP 2026-07-28 basic/transports/stdio]
/// [MCP 2025-11-25 basic/transports, stdio]
///
/// Create it by `std::make_shared`. Call all members but `output` on `executor`, which must be
/// serial (a strand, or the context of one thread). Handlers run on it too. The server must outlive
/// the peer.
class message_peer : public std::enable_shared_from_this<message_peer> {
public:
    message_peer(any_server& server, asio::any_io_executor executor, peer_options options = {});
    message_peer(const message_peer&) = delete;
    message_peer& operator=(const message_peer&) = delete;
    ~message_peer();

    /// Takes one message or a batch, and answers errors in it. Runs immediate handlers.
    void receive(std::string_view text);

    /// Ends the input. Ends listen streams and questions to the client. The output closes when the
    /// last request has been answered.
    void end_input();

    /// Closes the channel because the client has gone. Cancels all requests and drops the output.
    void close();

    /// Returns the messages for the client, each as JSON text. It ends after the last response.
    /// Permits one reader.
    mailbox& output() noexcept { return channel_->box; }

private:
    /// Sends messages to the client. Publishers may keep it longer than the peer. Any thread.
    struct channel final : subscriber {
        channel(const server_environment& e, mailbox_limits limits)
            : environment(e)
            , box(std::move(limits)) {}
        bool send(std::string message);
        bool deliver(std::string_view, const std::string& message) override {
            return send(message);
        }
        const server_environment& environment;
        mailbox box;
    };

    class batch;
    class immediate_sink;
    class call_sink;
    using batch_ptr = std::shared_ptr<batch>; // null for a message outside a batch

    /// Says whether a session has been replaced; its calls share the flag. Any thread.
    using replaced_flag = std::shared_ptr<std::atomic<bool>>;

    struct task {
        std::function<void()> cancel;
        std::shared_ptr<listener> listening; ///< null unless it is a listen stream
        bool of_session = false;             ///< false on the modern wire
    };

    void receive_parsed(const json& value);
    void receive_batch(const json& messages);
    void receive_modern(const json& value);
    void receive_legacy(const json& value, const batch_ptr& group);
    void initialize(const jsonrpc::message& message);
    void end_session();
    void listen(const jsonrpc::message& request);
    void notified(const jsonrpc::message& message);
    void serve(const jsonrpc::message& request, mcp::revision revision,
               std::shared_ptr<legacy::session> session, const batch_ptr& group);
    bool admits(const jsonrpc::id& id, const batch_ptr& group);
    void reply(std::string answer, const batch_ptr& group);
    void refuse(const jsonrpc::error& why, const jsonrpc::id& id, const batch_ptr& group = {});
    void refuse_text(std::string_view text, const jsonrpc::error& why);
    void refuse_message(const json& value, const jsonrpc::error& why, const batch_ptr& group = {});
    void cancel(const jsonrpc::id& id);
    void ended(const jsonrpc::id& id);
    void close_when_idle();
    void leave();

    any_server& server_;
    const asio::any_io_executor executor_;
    const peer_options options_;
    const std::shared_ptr<channel> channel_;
    json_parser parser_;
    std::shared_ptr<legacy::session> session_; // set by `initialize`
    replaced_flag replaced_;                   // of that session
    std::size_t sessions_ = 0;                 // number of sessions begun
    std::unordered_map<jsonrpc::id, task> under_way_;
    bool input_ended_ = false;
};

} // namespace mcp

#include <mcp/transport/impl/message_peer.hpp>
