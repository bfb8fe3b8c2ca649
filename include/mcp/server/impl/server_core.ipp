// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/replay/event_envelope.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/completion.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/health.hpp>
#include <mcp/server/prompt.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/server/resource.hpp>
#include <mcp/server/server_core.hpp>
#include <mcp/server/tool.hpp>
#include <mcp/server/topics.hpp>

#include <atomic>

namespace mcp {

namespace detail {

inline implementation implementation_of(const server_info& info) {
    implementation made(info.name, info.version);
    made.title = info.title;
    made.description = info.description;
    made.website_url = info.website_url;
    made.icons = info.icons;
    return made;
}

} // namespace detail

MCP_DECL server_core::server_core(server_info info)
    : registry_(std::make_unique<registry>())
    , environment_(std::make_unique<server_environment>(std::move(info))) {
    for (const mcp::revision r : all_revisions) {
        json_writer w(info_[static_cast<std::size_t>(r)]);
        write(w, detail::implementation_of(environment_->info), r);
    }
}

MCP_DECL server_core::server_core(server_core&& other) noexcept = default;

MCP_DECL server_core::~server_core() {
    if (environment_)
        environment_->join_pool();
}

MCP_DECL server_options& server_core::options() noexcept {
    return environment_->options;
}

MCP_DECL const server_options& server_core::options() const noexcept {
    return environment_->options;
}

MCP_DECL catalog_pin server_core::offers() const {
    return {*registry_, {options().page_size, options().plain_schemas}};
}

MCP_DECL health_report server_core::health() {
    return environment_->health.ask();
}

MCP_DECL bool server_core::draining() const noexcept {
    return environment_->draining.load(std::memory_order_relaxed);
}

MCP_DECL void server_core::notify_list_changed(list_kind kind) {
    if (!environment().topics.in_use())
        return; // no client is served yet
    std::string message;
    write_list_changed(message, kind);
    environment().topics.post(std::string(detail::list_topic(kind)), std::move(message));
}

MCP_DECL void server_core::notify_resource_updated(std::string_view uri) {
    std::string message;
    write_resource_updated(message, uri);
    environment().topics.post(detail::resource_topic(uri), std::move(message));
}

MCP_DECL asio::awaitable<bool> server_core::notify(std::string_view session_id,
                                                   std::string_view method,
                                                   const json_object& params) {
    std::string text;
    json_writer(text).value(json(params));
    std::string message;
    jsonrpc::write_notification(message, method, text);
    return notify(session_id, std::move(message));
}

MCP_DECL asio::awaitable<bool> server_core::notify(std::string_view session_id,
                                                   std::string message) {
    return send_to(std::string(session_id), std::move(message));
}

MCP_DECL asio::awaitable<bool> server_core::send_to(std::string session_id, std::string message) {
    const std::string topic = detail::session_topic(session_id);
    const std::string marked = detail::event_envelope::mark(message);
    recorded done;
    if (environment().replay) {
        auto appended = environment().replay->append(session_id, 0, marked, topic);
        if (!appended.ready())
            co_await appended.settle();
        done = appended.take();
    }
    if (done.taken)
        co_return *done.taken != 0;
    auto published =
        environment().topics.publish(topic, detail::event_envelope::write(done.sequence, marked));
    if (!published.ready())
        co_await published.settle();
    co_return published.take() != 0;
}

MCP_DECL void server_core::log_offers() const {
    if (!environment_->logs(log_level::debug))
        return;
    const auto offers = this->offers();
    const auto each = [this](std::string_view kind, const auto& list) {
        for (const auto& entry : list.entries())
            environment_->log(log_level::debug, std::string(kind).append(" ").append(entry->key()) +
                                                    " is registered");
    };
    each("tool", (*offers)->tools);
    each("prompt", (*offers)->prompts);
    each("resource", (*offers)->resources);
    each("resource", (*offers)->templates);
}

} // namespace mcp
