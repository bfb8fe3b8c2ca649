// SPDX-License-Identifier: MIT
#pragma once

// The legacy part of the HTTP endpoint: sessions, their streams and batches.
// [MCP 2025-11-25 basic/transports]

#include <mcp/async/pending.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/session/record_change.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/impl/http_calls.hpp>
#include <mcp/transport/impl/http_exchange.hpp>
#include <mcp/transport/impl/http_gate.hpp>
#include <mcp/transport/impl/http_part.hpp>
#include <mcp/transport/legacy/event_id.hpp>
#include <mcp/transport/legacy/event_stream.hpp>
#include <mcp/transport/legacy/node.hpp>
#include <mcp/transport/legacy/session_events.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::legacy {

/// Answers the requests of legacy clients, once the gate has let them in.
class http_endpoint : mcp::detail::http_part {
public:
    using http_exchange = mcp::detail::http_exchange;

    http_endpoint(const http_part& common, const mcp::detail::http_gate& gate,
                  const mcp::detail::http_calls& calls)
        : http_part(common)
        , gate_(gate)
        , calls_(calls)
        , node_(std::make_shared<node>(server_.environment())) {
        node_->join();
    }
    ~http_endpoint() { node_->leave(); }
    http_endpoint(const http_endpoint&) = delete;
    http_endpoint& operator=(const http_endpoint&) = delete;

    /// Answers a POST. `body` lives until the request is answered or first suspends.
    asio::awaitable<void> post(http_exchange& x, json_view body);

    /// Refuses a malformed response of the client with `why`. `failed` stands for it, so that the
    /// question that waits for the response gets the error too.
    asio::awaitable<void> post_failed(const http_exchange& x, json_view failed,
                                      const jsonrpc::error& why) {
        return post_to_session(x, failed, why);
    }

    /// Answers a request that is not a POST.
    asio::awaitable<void> handle(const http_exchange& x);

private:
    struct batch_notes;
    class batch_member;

    // POST and DELETE: http_posts.hpp
    asio::awaitable<void> post_to_session(const http_exchange& x, json_view body,
                                          std::optional<jsonrpc::error> refusal);
    asio::awaitable<void> post_without_session(const http_exchange& x, json_view body,
                                               mcp::revision revision);
    asio::awaitable<void> post_in_session_later(http_exchange x, json_document body,
                                                std::optional<jsonrpc::error> refusal,
                                                mcp::detail::pending<session_ptr> found);
    asio::awaitable<void> post_in_session(const http_exchange& x, session_ptr record,
                                          json_view body,
                                          const std::optional<jsonrpc::error>& refusal);
    asio::awaitable<void> serve_in_session(const http_exchange& x, const jsonrpc::message& message,
                                           const std::shared_ptr<session>& live, session_ptr record,
                                           const std::exception_ptr* verdict = nullptr);
    std::shared_ptr<const permission> asked_first(const jsonrpc::message& message) const;
    asio::awaitable<void> subscribe_later(http_exchange x, session_ptr record,
                                          std::shared_ptr<session> live, json_document body,
                                          std::shared_ptr<const permission> needed);
    asio::awaitable<bool> store(http::response& r, session_ptr record,
                                std::shared_ptr<session> live, mcp::detail::record_change change,
                                jsonrpc::id id);
    asio::awaitable<void> store_then(http::response& r, session_ptr record,
                                     std::shared_ptr<session> live,
                                     mcp::detail::record_change change, jsonrpc::id id,
                                     asio::awaitable<void> served);
    asio::awaitable<void> passed_on(http::response& r, mcp::detail::pending<std::size_t> delivered,
                                    answered here);
    void take_notification(session& live, const jsonrpc::message& message);
    asio::awaitable<void> erase(http_exchange x);
    std::optional<mcp::revision> revision_of(const http_exchange& x) const;
    std::optional<std::string_view> session_id(const http_exchange& x) const;
    std::shared_ptr<session> open_session(const http_exchange& x, const session_ptr& record);
    /// A live session and its record.
    struct opened_session {
        session_ptr record;
        std::shared_ptr<session> live;
    };
    asio::awaitable<opened_session> find_session(http_exchange x);
    std::optional<reply_form> answer_form(const http::request& q) const;

    // The handshake: http_initialize.hpp
    asio::awaitable<void> initialize(const http_exchange& x, const jsonrpc::message& message);
    asio::awaitable<void> initialize_again(http_exchange x, jsonrpc::id request, std::string id);
    asio::awaitable<void> created_later(http::response& r, mcp::detail::pending<bool> room);
    asio::awaitable<void> created(http::response& r, bool room) const;

    // Calls: http_calls.hpp
    asio::awaitable<void> serve(const http_exchange& x, const request_view& request);
    asio::awaitable<void> serve_later(http_exchange x, std::shared_ptr<async_call> call);
    asio::awaitable<void> serve_alone(const http_exchange& x, const request_view& request);
    static jsonrpc::error no_slot(call_slot::state why);
    std::shared_ptr<http_reply> open_reply(const session& live, reply_form form,
                                           const asio::any_io_executor& executor,
                                           std::function<void()> overflow);

    // Batches: http_batches.hpp
    asio::awaitable<void> serve_batch(http_exchange x, session_ptr record,
                                      std::shared_ptr<session> live, json_document messages);

    // GET: http_streams.hpp
    asio::awaitable<void> get(http_exchange x);
    asio::awaitable<void> open_events(http::response& r, session_ptr record, session& live,
                                      std::optional<event_id> last);
    asio::awaitable<void> resume_reply(http::response& r, session& live, event_id last);
    asio::awaitable<std::optional<replayed>> read_log(std::string id, event_id last);
    static void refuse_event(http::response& r);
    static void begin_stream(http::response& r, std::unique_ptr<get_stream> stream,
                             event_stream& events, const std::optional<replayed>& missed);

    const mcp::detail::http_gate& gate_;
    const mcp::detail::http_calls& calls_;
    const std::shared_ptr<node> node_;
};

inline asio::awaitable<void> http_endpoint::handle(const http_exchange& x) {
    const bool sessions = options_.sessions != no_sessions;
    const bool streams = sessions && server_.environment().topics.streams();
    if (streams && x.request.method == http::verb::get)
        return get(x);
    if (sessions && x.request.method == http::verb::delete_)
        return erase(x);
    x.response.set("Allow", streams ? "POST, GET, DELETE" : sessions ? "POST, DELETE" : "POST");
    return refused(x.response, http::status::method_not_allowed, errc::refused,
                   "Method not allowed");
}

} // namespace mcp::legacy

#include <mcp/transport/legacy/impl/http_batches.hpp>
#include <mcp/transport/legacy/impl/http_calls.hpp>
#include <mcp/transport/legacy/impl/http_initialize.hpp>
#include <mcp/transport/legacy/impl/http_posts.hpp>
#include <mcp/transport/legacy/impl/http_streams.hpp>
