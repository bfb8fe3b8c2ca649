// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/request_record.hpp>
#include <mcp/http/shard.hpp>
#include <mcp/http/write.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <string_view>

namespace mcp::http {

MCP_DECL shard::shard(asio::io_context& loop, const handler& handle_, const limits& limit_,
                      const std::function<void(std::exception_ptr)>& on_error,
                      std::atomic<std::size_t>& open, byte_budget* bytes,
                      const refusal_hook* on_refusal, const record_settings* record,
                      const handshake_hook* on_handshake_failure)
    : handle(handle_)
    , limit(limit_)
    , in_flight(bytes)
    , records(record != nullptr && (record->on_end || record->request_ids) ? record : nullptr)
    , loop_(loop)
    , on_error_(on_error)
    , on_refusal_(on_refusal)
    , on_handshake_failure_(on_handshake_failure)
    , open_(open) {}

MCP_DECL void shard::report(std::exception_ptr failure) const noexcept {
    try {
        if (on_error_) {
            on_error_(failure);
        }
    } catch (...) {
        // An exception of the log must not end the server.
    }
}

MCP_DECL void shard::refused(const request& q, response& r) const noexcept {
    try {
        if (on_refusal_ && *on_refusal_) {
            (*on_refusal_)(q, r);
        }
    } catch (...) {
        report(std::current_exception());
    }
}

MCP_DECL void shard::handshake_failed(std::string_view why,
                                      const asio::ip::address& peer) const noexcept {
    try {
        if (on_handshake_failure_ && *on_handshake_failure_) {
            (*on_handshake_failure_)(why, peer);
        }
    } catch (...) {
        report(std::current_exception());
    }
}

MCP_DECL shard_member::shard_member(shard& owner) : owner_(owner), next_(owner.first_) {
    if (next_ != nullptr) {
        next_->previous_ = this;
    }
    owner.first_ = this;
    ++owner.size_;
    owner.open_.fetch_add(1, std::memory_order_relaxed);
}

MCP_DECL void shard_member::leave() noexcept {
    if (left_) {
        return;
    }
    left_ = true;
    if (owner_.cursor_ == this) {
        owner_.cursor_ = next_;
    }
    (previous_ != nullptr ? previous_->next_ : owner_.first_) = next_;
    if (next_ != nullptr) {
        next_->previous_ = previous_;
    }
    --owner_.size_;
    owner_.open_.fetch_sub(1, std::memory_order_relaxed);
}

MCP_DECL void shard::tick(clock::time_point now, std::chrono::sys_seconds wall) {
    if (now > now_) {
        now_ = now;
    }
    if (wall != wall_ || date_.empty()) {
        wall_ = wall;
        date_ = http_date(wall);
    }
    for_each([](shard_member& m) { m.tick(); });
}

MCP_DECL void shard::drain() {
    for_each([](shard_member& m) { m.drain(); });
}

MCP_DECL void shard::abort() {
    for_each([](shard_member& m) { m.abort(); });
}

} // namespace mcp::http
