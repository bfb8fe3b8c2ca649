// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/subscriber.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mcp {
class mailbox;
struct replayed;
} // namespace mcp

namespace mcp::legacy {

/// Writes the message that tells a client of lost events; `lost` is their number, or `null`.
std::string lost_events(std::string_view lost);

/// One stream of a session, as one GET reads it: the session's own stream (number 0), or that of a
/// response whose connection was lost.
///
/// Every event with a sequence is sent once and in order, whether it comes from the log or from the
/// broker. The broker may deliver it late, twice or never. The client is told of events that the
/// log has lost. All members may be called from any thread.
class event_stream final : public subscriber, public std::enable_shared_from_this<event_stream> {
public:
    /// `after` is the last event that the client has. It is taken as true until `begin`.
    event_stream(server_environment& environment, asio::any_io_executor executor,
                 std::string session, std::uint64_t stream, std::uint64_t after);

    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// Sends the first event of a stream: an id, no message, and the time to reconnect.
    void prime(std::chrono::milliseconds retry);

    /// Ends the stream. Its last line tells the client when to reconnect.
    void retire(std::chrono::milliseconds retry);

    /// Prepares for a client that asked for no missed events: `after` is the last event of the log.
    /// Events that were recorded before it and are published only now are sent as well.
    void take_late();

    /// Takes the events of the log, and then those that have arrived meanwhile. Call it once, after
    /// the topic has been subscribed. Without a log, pass an empty value.
    void begin(const replayed& from_log);

    /// Marks the session as used, because its client listens; if it has ended, ends the stream.
    void keep_session();

    /// Reads from the log the events that the broker may have lost.
    void catch_up();

    bool deliver(std::string_view, const std::string& text) override;

    void taken_over() noexcept override;
    void missed(std::string_view) noexcept override;

private:
    /// Records a message that is not yet an event of this stream, such as a list change. If the
    /// stream has ended, its successor records it.
    bool pass_on(const std::string& message);

    static asio::awaitable<void> record(std::shared_ptr<event_stream> self, std::string message);

    static asio::awaitable<void> visit(std::shared_ptr<event_stream> self);

    static asio::awaitable<void> fill(std::shared_ptr<event_stream> self);

    std::uint64_t start_to_fill();

    /// Returns whether to read the log once more.
    bool filled_with(const replayed& found, std::uint64_t from);

    /// Returns whether the log was lost since it returned the event `from`, and counts anew.
    static bool lost(const replayed& log, std::uint64_t from);

    /// Keeps an event that arrived before its predecessors, if there is room; the log has it too.
    void keep_early(std::uint64_t sequence, const std::string& text);

    /// Takes the events of the log after `from`. `backlog` marks events that the client missed
    /// while it was away.
    void take(const replayed& from_log, std::uint64_t from, bool backlog = false);

    /// Sends the events that follow the last event without a gap, in one piece.
    void flush(bool backlog);

    void tell_gap(std::string_view lost);

    static void append(std::string& out, std::string_view id, std::string_view message);

    bool push(std::string_view id, std::string_view message);

    /// A backlog does not count towards the limit, because its size does not mean a slow reader.
    bool put(std::string text, bool backlog = false);

    server_environment& environment_;
    const asio::any_io_executor executor_;
    const std::string session_;
    const std::uint64_t stream_;

    std::mutex mutex_;
    std::uint64_t last_;
    std::map<std::uint64_t, std::string> early_; ///< envelopes that wait for their predecessors
    std::size_t early_bytes_ = 0;
    /// Events up to `last_` that were sent late, until the first later event; null if not wanted.
    std::optional<std::set<std::uint64_t>> late_;
    bool began_ = false;
    bool filling_ = false; ///< the log is being read
    bool again_ = false;   ///< events were missed since that began
    const std::shared_ptr<mailbox> reader_;
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/event_stream.ipp>
#endif
