// SPDX-License-Identifier: MIT
#pragma once

// The batches of the HTTP endpoint, of 2025-03-26 only. [MCP 2025-03-26 basic/transports]

#include <mcp/server/call.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/transport/legacy/impl/http_endpoint.hpp>
#include <mcp/transport/legacy/session_use.hpp>

#include <asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp::legacy {

/// Keeps the messages of immediate members of a batch, in order, until their responses.
struct http_endpoint::batch_notes final : message_sink {
    void send(std::string message) override { messages.push_back(std::move(message)); }
    void finish(std::string, reply_status) override {}
    std::vector<std::string> messages;
};

/// The sink of one member of a batch. The members share a response; the last one ends it.
class http_endpoint::batch_member final : public message_sink {
public:
    batch_member(std::shared_ptr<http_reply> to, std::shared_ptr<std::atomic<std::size_t>> left)
        : to_(std::move(to))
        , left_(std::move(left)) {}

    bool reaches_client() const override { return to_->reaches_client(); }
    void send(std::string message) override { to_->send(std::move(message)); }
    void finish(std::string response, reply_status) override {
        if (!response.empty())
            to_->add_response(std::move(response));
        if (left_->fetch_sub(1) == 1)
            to_->finish({}, reply_status::ok);
    }

private:
    std::shared_ptr<http_reply> to_;
    std::shared_ptr<std::atomic<std::size_t>> left_;
};

/// Runs the requests of a batch concurrently. The answer is an array of their responses, or a
/// stream if one of them sends messages or takes long. [MCP 2025-03-26 basic/transports]
inline asio::awaitable<void> http_endpoint::serve_batch(http_exchange x, session_ptr record,
                                                        std::shared_ptr<session> live,
                                                        json_document messages) {
    http::response& r = x.response;
    auto joining = node_->joined();
    const bool reached = co_await settled(r, joining);
    if (!reached)
        co_return;
    const auto members = messages.root().elements();
    const auto requests = std::count_if(members.begin(), members.end(), [](json_view each) {
        const auto message = jsonrpc::read_message(each);
        return message && message->kind == jsonrpc::message_kind::request;
    });
    auto permitted = co_await gate_.take_permits(x, static_cast<std::size_t>(requests));
    if (!permitted)
        co_return;
    const auto executor = co_await asio::this_coro::executor;
    std::vector<std::string> responses;
    std::vector<std::shared_ptr<async_call>> starting;
    batch_notes notes;
    answered answered;
    mcp::detail::record_change change;
    change.before = record.get();
    for (const json_view given : members) {
        auto message = jsonrpc::read_message(given);
        const auto failed =
            message ? std::nullopt : jsonrpc::failed_response(given, message.error());
        if (failed)
            message = jsonrpc::read_message(*failed);
        else if (!message && !jsonrpc::is_answered(given))
            continue;
        const json_view each = failed ? json_view(*failed) : given;
        if (!message || message->method == "initialize") {
            const auto why =
                message ? invalid_request("initialize is not allowed in a batch") : message.error();
            jsonrpc::write_error(responses.emplace_back(), jsonrpc::readable_id(each), why,
                                 jsonrpc::unknown_id::null);
        } else if (message->kind == jsonrpc::message_kind::notification) {
            take_notification(*live, *message);
        } else if (message->kind != jsonrpc::message_kind::request) {
            auto passed = node_->pass_response(*live, *message, each, answered);
            const bool known = co_await settled(r, passed);
            if (!known)
                co_return;
        } else if (permitted->requests == 0) {
            jsonrpc::write_error(responses.emplace_back(), message->id,
                                 too_many("Too many requests", permitted->retry_after),
                                 jsonrpc::unknown_id::null);
        } else {
            --permitted->requests;
            std::exception_ptr verdict;
            auto needed = asked_first(*message);
            const bool asked = needed != nullptr;
            if (asked) {
                json_object params =
                    mcp::detail::reading_params(message->params.find("uri").get_string());
                verdict = co_await mcp::detail::verdict_of(std::move(needed), x.principal,
                                                           std::move(params), &x.request.params);
            }
            const catalog_pin offers = server_.offers();
            request_view request = x.view(*message, live->revision(), *offers);
            request.sink = &notes;
            request.session = live;
            request.bytes /= messages.root().size(); // an approximate share for each
            request.change = &change;
            request.verdict = asked ? &verdict : nullptr;
            context ctx = mcp::detail::context_access::make(server_.environment(), request);
            std::string response;
            server_response out{response};
            auto later = server_.answer(ctx, out);
            if (!later)
                responses.push_back(std::move(response));
            else if (auto slot = live->take_slot(message->id, options_.calls); slot.held())
                starting.push_back(
                    std::make_shared<async_call>(server_, request, std::move(*later),
                                                 std::make_unique<call_slot>(std::move(slot))));
            else
                jsonrpc::write_error(responses.emplace_back(), message->id, no_slot(slot.status()),
                                     jsonrpc::unknown_id::null);
        }
    }
    if (change.alters(*record)) {
        const bool stored =
            co_await store(r, std::move(record), live, std::move(change), jsonrpc::id());
        if (!stored)
            co_return;
    }
    if (starting.empty() && responses.empty() && notes.messages.empty()) {
        r.code = http::status::accepted;
        answered.go_on_after(executor);
        co_return;
    }
    std::function<void()> closed =
        [calls = std::vector<std::weak_ptr<async_call>>(starting.begin(), starting.end())] {
            for (const auto& each : calls)
                if (const auto running = each.lock())
                    running->abandon();
        };
    const auto reply = open_reply(*live, x.form, executor, closed);
    const auto left = std::make_shared<std::atomic<std::size_t>>(starting.size());
    std::shared_ptr<void> use;
    if (!starting.empty())
        use = std::make_shared<session_use>(server_.environment(), executor, live->id());
    reply->admitted(); // a refusal within a batch has no status of its own
    for (std::string& message : notes.messages)
        reply->send(std::move(message));
    for (std::string& response : responses)
        reply->add_response(std::move(response));
    if (starting.empty())
        reply->finish({}, reply_status::ok);
    for (const auto& call : starting)
        call->start(executor, std::make_shared<batch_member>(reply, left), use);
    use.reset();
    answered.go_on_after(executor);
    const auto hold = [&starting] {
        const bool all = std::all_of(starting.begin(), starting.end(),
                                     [](const auto& each) { return each->hold(); });
        for (const auto& each : starting)
            if (!all)
                each->cancel();
        return all;
    };
    auto responding = calls_.respond(r, reply, std::move(closed), hold, jsonrpc::id());
    co_await std::move(responding);
}

} // namespace mcp::legacy
