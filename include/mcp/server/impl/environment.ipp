// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/async/lazy_pool.hpp>
#include <mcp/async/mailbox.hpp>
#include <mcp/broker/memory_broker.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/state/parked_state.hpp>

#include <mutex>
#include <utility>

namespace mcp {

struct server_environment::parts {
    std::once_flag streams_made;
    std::shared_ptr<byte_budget> streams;
    detail::lazy_pool handlers;
    detail::lazy_pool collaborators;
    detail::lazy_pool broker_queue;
};

MCP_DECL server_environment::server_environment(server_info description)
    : info(std::move(description))
    , topics(std::make_shared<memory_broker>(), collaborators(), broker_queue())
    , sessions(std::make_shared<memory_sessions>(), collaborators())
    , state(std::make_shared<parked_state>())
    , observers(std::make_shared<observation>(info, options))
    , parts_(std::make_unique<parts>()) {}

MCP_DECL server_environment::~server_environment() = default;

MCP_DECL const std::shared_ptr<byte_budget>& server_environment::stream_budget() const {
    std::call_once(parts_->streams_made, [this] {
        parts_->streams = std::make_shared<byte_budget>(options.all_stream_bytes);
    });
    return parts_->streams;
}

MCP_DECL mailbox_limits server_environment::stream_limits() const {
    return {.bytes = options.stream_bytes, .all = stream_budget()};
}

MCP_DECL void server_environment::log(log_level level, std::string_view text,
                                      std::string_view request_id, std::string_view http_id) const {
    observers->log({level, text, request_id, http_id});
}

MCP_DECL void server_environment::count(std::string_view name, std::uint64_t by) const {
    observers->count(name, by);
}

MCP_DECL asio::any_io_executor server_environment::pool() {
    return parts_->handlers.executor(options.blocking_threads);
}

MCP_DECL detail::pool_source server_environment::collaborators() {
    return [this] { return parts_->collaborators.executor(options.collaborator_threads); };
}

MCP_DECL detail::pool_source server_environment::broker_queue() {
    return [this] { return parts_->broker_queue.executor(1); };
}

MCP_DECL void server_environment::join_pool() {
    bool some = true;
    while (some) {
        some = parts_->handlers.join();
        some = parts_->collaborators.join() || some;
        some = parts_->broker_queue.join() || some;
    }
}

} // namespace mcp
