// SPDX-License-Identifier: MIT
#pragma once

// How a peer runs its requests, and how they end.

#include <mcp/transport/impl/message_peer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

inline void message_peer::impl::serve(const jsonrpc::message& message, mcp::revision revision,
                                      const std::shared_ptr<legacy::session>& session,
                                      const batch_ptr& group) {
    if (!admits(message.id, group))
        return;
    const catalog_pin offers = server_.offers();
    request_view request(message, revision, *offers);
    request.session = session;
    request.principal = options_.principal;
    request.path = options_.path.get();
    immediate_sink sink(*channel_);
    request.sink = &sink;
    std::string response;
    server_response out{response};
    std::optional<job> later;
    {
        context ctx = detail::context_access::make(server_.environment(), request);
        later = server_.answer(ctx, out);
    }
    if (!later)
        return reply(std::move(response), group);
    const auto call = std::make_shared<async_call>(server_, request, std::move(*later));
    std::function<void()> cancel = [weak = std::weak_ptr(call)] {
        if (const auto running = weak.lock())
            running->cancel();
    };
    // Before the start, because the call may end there. The id is still free, and the limit not
    // reached: nothing else has run on the executor since `admits`.
    under_way_.emplace(message.id, task{std::move(cancel), {}, session != nullptr});
    if (group)
        group->expect();
    call->start(executor_, std::make_shared<call_sink>(shared_from_this(), message.id, group,
                                                       session ? replaced_ : nullptr));
}

/// Returns whether a request may begin; if not, it has been refused.
inline bool message_peer::impl::admits(const jsonrpc::id& id, const batch_ptr& group) {
    if (under_way_.contains(id))
        refuse(invalid_request("A request with this id is under way"), id, group);
    else if (under_way_.size() >= options_.requests)
        refuse({jsonrpc::errc::internal_error, "At most " + std::to_string(options_.requests) +
                                                   " requests may be under way at once"},
               id, group);
    else
        return true;
    return false;
}

inline void message_peer::impl::reply(std::string response, const batch_ptr& group) {
    if (group)
        group->add(response);
    else
        channel_->send(std::move(response));
}

inline void message_peer::impl::refuse(const jsonrpc::error& why, const jsonrpc::id& id,
                                       const batch_ptr& group) {
    auto rule = jsonrpc::unknown_id::omitted;
#ifndef MCP_NO_LEGACY
    if (session_ && !omits_unknown_id(session_->revision()))
        rule = jsonrpc::unknown_id::null;
#endif
    std::string response;
    jsonrpc::write_error(response, id, why, rule);
    reply(std::move(response), group);
}

/// Refuses a text that is not JSON, or too long. Its id and kind may still be readable.
inline void message_peer::impl::refuse_text(std::string_view text, const jsonrpc::error& why) {
    refuse_message(jsonrpc::read_outline(text), why);
}

/// Refuses a malformed request. A malformed response ends the question that it answers. Neither it
/// nor a malformed notification gets a response; both are logged.
inline void message_peer::impl::refuse_message(json_view value, const jsonrpc::error& why,
                                               const batch_ptr& group) {
    if (jsonrpc::is_answered(value))
        return refuse(why, jsonrpc::readable_id(value), group);
    server_.environment().log(log_level::warning,
                              "a malformed message was ignored: " + why.message);
#ifndef MCP_NO_LEGACY
    fail_question(value, why);
#endif
}

/// Cancels a request. [MCP 2026-07-28 basic/patterns/cancellation]
inline void message_peer::impl::cancel(const jsonrpc::id& id) {
    const auto found = under_way_.find(id);
    if (found == under_way_.end())
        return;
    if (!found->second.listening)
        return found->second.cancel(); // removed when it has ended
    found->second.listening->end(server_.environment().topics);
    under_way_.erase(found);
}

inline void message_peer::impl::ended(const jsonrpc::id& id) {
    under_way_.erase(id);
    close_when_idle();
}

inline void message_peer::impl::close_when_idle() {
    if (input_ended_ && under_way_.empty())
        channel_->box.close();
}

inline void message_peer::impl::end_input() {
    input_ended_ = true;
#ifndef MCP_NO_LEGACY
    hang_up();
#endif
    std::erase_if(under_way_, [this](const auto& each) {
        const std::shared_ptr<listener>& listening = each.second.listening;
        if (listening) {
            listening->end(server_.environment().topics);
            channel_->send(listening->goodbye(server_.info_text(latest)));
        }
        return listening != nullptr;
    });
    close_when_idle();
}

inline void message_peer::impl::close() {
    input_ended_ = true;
    channel_->box.abandon();
    leave();
    std::vector<std::function<void()>> running;
    for (const auto& [id, each] : under_way_)
        running.push_back(each.cancel);
    for (const auto& cancel : running)
        cancel();
}

/// Ends listen streams, and the questions that wait for the client.
inline void message_peer::impl::leave() {
#ifndef MCP_NO_LEGACY
    leave_session();
#endif
    std::erase_if(under_way_, [this](const auto& each) {
        if (each.second.listening)
            each.second.listening->end(server_.environment().topics);
        return each.second.listening != nullptr;
    });
}

} // namespace mcp
