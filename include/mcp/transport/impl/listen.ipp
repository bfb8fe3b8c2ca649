// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/listen.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace mcp {

MCP_DECL listener::listener(jsonrpc::id id, subscription_filter filter, writer write)
    : id_(std::move(id))
    , filter_(std::move(filter))
    , write_(std::move(write)) {
    for (const std::string& uri : filter_.resource_subscriptions) {
        auto& spellings = resources_[detail::resource_topic(uri)];
        if (std::find(spellings.begin(), spellings.end(), uri) == spellings.end())
            spellings.push_back(uri);
    }
}

MCP_DECL bool listener::reserve(const std::shared_ptr<byte_budget>& all) {
    std::size_t bytes = 0;
    for (const std::string& uri : filter_.resource_subscriptions)
        bytes += 4 * (sizeof uri + uri.size()); // the topics repeat the URI
    all_ = all;
    held_ = detail::byte_share(all_.get());
    return held_.resize(bytes);
}

MCP_DECL void listener::begin(const detail::any_broker& topics) {
    for (std::string& topic : subscribed())
        topics.join(std::move(topic), shared_from_this());
    acknowledge();
}

MCP_DECL asio::awaitable<void> listener::begin_confirmed(const detail::any_broker& topics) {
    const auto self = shared_from_this();
    for (std::string& topic : subscribed()) {
        auto subscribed = topics.subscribe(std::move(topic), self);
        if (!subscribed.ready())
            co_await subscribed.settle();
    }
    acknowledge();
}

MCP_DECL void listener::end(const detail::any_broker& topics) {
    for (const std::string& topic : subscribed())
        topics.unsubscribe(topic, this);
}

MCP_DECL std::string listener::goodbye(std::string_view server_info) const {
    std::string message;
    write_listen_end(message, id_, server_info);
    return message;
}

MCP_DECL bool listener::deliver(std::string_view topic, const std::string&) {
    if (const auto found = resources_.find(topic); found != resources_.end()) {
        bool taken = false;
        for (const std::string& uri : found->second) { // each as the client spelled it
            std::string message;
            write_resource_updated(message, uri, id_);
            taken = pass_on(std::move(message));
        }
        return taken;
    }
    const auto kind = list_of(topic);
    if (!kind)
        return false;
    std::string message;
    write_list_changed(message, *kind, id_);
    return pass_on(std::move(message));
}

MCP_DECL bool listener::pass_on(std::string message) {
    std::lock_guard lock(mutex_);
    if (acknowledged_)
        return write_(std::move(message));
    // All messages of a topic are equal, so one is enough.
    if (std::find(early_.begin(), early_.end(), message) == early_.end())
        early_.push_back(std::move(message));
    return true;
}

MCP_DECL void listener::acknowledge() {
    std::string message;
    write_acknowledged(message, id_, filter_);
    std::lock_guard lock(mutex_);
    write_(std::move(message));
    for (std::string& each : early_)
        write_(std::move(each));
    early_.clear();
    acknowledged_ = true;
}

MCP_DECL std::optional<list_kind> listener::list_of(std::string_view topic) {
    for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
        if (detail::list_topic(kind) == topic)
            return kind;
    return std::nullopt;
}

MCP_DECL std::vector<std::string> listener::subscribed() const {
    std::vector<std::string> names;
    for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
        if (filter_.wants(kind))
            names.emplace_back(detail::list_topic(kind));
    for (const auto& [topic, spellings] : resources_)
        names.push_back(topic);
    return names;
}

MCP_DECL result<subscription_filter, jsonrpc::error> read_filter(json_view params,
                                                                 const subscription_limits& most) {
    auto filter = read_listen_params(params);
    if (!filter)
        return invalid_params("params." + filter.error().what());
    if (auto why = most.refuse_all(filter->resource_subscriptions,
                                   "params.notifications.resourceSubscriptions: a URI"))
        return std::move(*why);
    return std::move(*filter);
}

MCP_DECL subscription_filter honoured(const any_server& server, subscription_filter asked) {
    asked.task_ids.clear();
    std::erase_if(asked.resource_subscriptions,
                  [&](const std::string& uri) { return server.reading(uri) != nullptr; });
    return asked;
}

MCP_DECL asio::awaitable<subscription_filter> honoured(any_server& server,
                                                       std::shared_ptr<const principal> identity,
                                                       subscription_filter asked,
                                                       const http::path_params* path) {
    std::vector<std::string> allowed;
    for (std::string& uri : asked.resource_subscriptions) {
        std::exception_ptr refusal;
        if (auto needed = server.reading(uri)) {
            json_object params = detail::reading_params(uri);
            refusal =
                co_await detail::verdict_of(std::move(needed), identity, std::move(params), path);
        }
        try {
            if (refusal)
                std::rethrow_exception(refusal);
            allowed.push_back(std::move(uri));
        } catch (const unavailable&) {
            throw;
        } catch (const forbidden&) {
        } catch (...) {
            server.environment().log(log_level::warning,
                                     "a predicate failed: " + detail::describe_exception(refusal));
        }
    }
    asked.task_ids.clear();
    asked.resource_subscriptions = std::move(allowed);
    co_return asked;
}

MCP_DECL listen_stream::listen_stream(any_server& server, jsonrpc::id id,
                                      subscription_filter filter, std::shared_ptr<void> kept)
    : kept_(std::move(kept))
    , server_(server)
    , box_(std::make_shared<mailbox>(server.environment().stream_limits()))
    , listener_(std::make_shared<listener>(
          std::move(id), std::move(filter),
          [box = box_](std::string message) { return push(*box, message); }))
    , body_(box_) {}

MCP_DECL listen_stream::~listen_stream() {
    listener_->end(server_.environment().topics);
}

MCP_DECL asio::awaitable<void> listen_stream::begin() {
    if (!listener_->reserve(server_.environment().stream_budget()))
        throw unavailable("the streams of the server have reached their memory limit");
    return listener_->begin_confirmed(server_.environment().topics);
}

MCP_DECL asio::awaitable<bool> listen_stream::read(std::string& out) {
    return body_.read(out);
}

MCP_DECL bool listen_stream::ready() const noexcept {
    return body_.ready();
}

MCP_DECL void listen_stream::close() noexcept {
    body_.close();
}

MCP_DECL void listen_stream::idle() noexcept {
    body_.idle();
}

MCP_DECL void listen_stream::drain() noexcept {
    push(*box_, listener_->goodbye(server_.info_text(latest)));
    box_->close();
}

MCP_DECL bool listen_stream::push(mailbox& box, const std::string& message) {
    std::string text;
    sse::append_event(text, sse::event{.data = message, .name = "message"});
    const push_result pushed = box.push(std::move(text));
    if (pushed == push_result::full)
        box.abandon(); // the client is too slow; it may listen again
    return pushed == push_result::taken;
}

} // namespace mcp
