// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/transport/legacy/node.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/post.hpp>

#include <utility>

namespace mcp::legacy {

MCP_DECL answered::~answered() {
    close(all_);
}

MCP_DECL void answered::add(std::shared_ptr<mailbox> waiting) {
    all_.push_back(std::move(waiting));
}

MCP_DECL void answered::go_on_after(const asio::any_io_executor& request) {
    if (!all_.empty())
        asio::post(request, [all = std::exchange(all_, {})] { close(all); });
}

MCP_DECL void answered::close(const std::vector<std::shared_ptr<mailbox>>& all) {
    for (const auto& each : all)
        each->close();
}

MCP_DECL node::node(server_environment& environment)
    : environment_(environment)
    , name_(random_token(9))
    , sessions_(name_ + '.', environment.live_sessions) {}

MCP_DECL void node::join() {
    environment_.topics.join(topic(name_), shared_from_this());
    environment_.topics.join(std::string(everybody), shared_from_this());
}

MCP_DECL mcp::detail::pending<mcp::detail::nothing> node::joined() {
    // The process may have been cut off since. The broker knows; otherwise subscribing again
    // has no effect.
    return joined_.load() ? environment_.topics.subscribe(topic(name_), shared_from_this())
                          : mcp::detail::pending<mcp::detail::nothing>(confirm(shared_from_this()));
}

MCP_DECL void node::leave() {
    environment_.topics.unsubscribe(topic(name_), this);
    environment_.topics.unsubscribe(std::string(everybody), this);
}

MCP_DECL mcp::detail::pending<std::size_t> node::pass_response(session& here,
                                                               const jsonrpc::message& response,
                                                               json_view text, answered& asked) {
    if (auto waiting = here.take_response(response)) {
        asked.add(std::move(waiting));
        return mcp::detail::pending<std::size_t>(std::size_t{1});
    }
    const auto whose = node_of(response.id);
    if (!whose || *whose == name_)
        return mcp::detail::pending<std::size_t>(std::size_t{0});
    std::string message;
    json_writer w(message);
    w.begin_object();
    w.member("session", std::string_view(here.id()));
    w.member("answer", text);
    w.end_object();
    return environment_.topics.publish(topic(*whose), std::move(message));
}

MCP_DECL void node::cancel(session& here, const jsonrpc::id& request) {
    if (here.cancel(request))
        return;
    std::string message;
    json_writer w(message);
    w.begin_object();
    w.member("session", std::string_view(here.id()));
    w.member_raw("cancel", request.text());
    w.end_object();
    environment_.topics.post(std::string(everybody), std::move(message));
}

MCP_DECL void node::end(std::string_view session_id) {
    sessions_.end(session_id);
    std::string message;
    json_writer w(message);
    w.begin_object();
    w.member("session", session_id);
    w.member("ended", true);
    w.end_object();
    environment_.topics.post(std::string(everybody), std::move(message));
}

MCP_DECL bool node::deliver(std::string_view, const std::string& text) {
    // A message that a client nests to the limit is nested deeper here.
    json_document document(own_json_limits);
    if (document.read(text))
        return false;
    const json_view message = document.root();
    const auto session_id = message.find("session").if_string();
    if (!session_id)
        return false;
    if (message.find("ended")) {
        sessions_.end(*session_id);
        return true;
    }
    const auto here = sessions_.find(*session_id);
    if (!here)
        return false;
    if (const json_view request = message.find("cancel")) {
        const auto named = jsonrpc::id::from(request);
        return named && here->cancel(*named);
    }
    const auto response = jsonrpc::read_message(message.find("answer"));
    return response && here->receive(*response);
}

MCP_DECL asio::awaitable<mcp::detail::nothing> node::confirm(std::shared_ptr<node> self) {
    for (std::string name : {topic(self->name_), std::string(everybody)}) {
        auto subscribed = self->environment_.topics.subscribe(std::move(name), self);
        if (!subscribed.ready())
            co_await subscribed.settle();
    }
    self->joined_.store(true);
    co_return mcp::detail::nothing();
}

MCP_DECL std::string node::topic(std::string_view name) {
    return "node:" + std::string(name);
}

MCP_DECL std::optional<std::string> node::node_of(const jsonrpc::id& id) {
    std::string_view text = id.text();
    const auto dot = text.rfind('.');
    if (!text.starts_with('"') || dot == text.npos)
        return std::nullopt;
    return std::string(text.substr(1, dot - 1));
}

} // namespace mcp::legacy
