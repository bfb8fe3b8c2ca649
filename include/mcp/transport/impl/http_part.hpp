// SPDX-License-Identifier: MIT
#pragma once

// What the parts of the HTTP endpoint have in common: the server, the settings, and refusals.

#include <mcp/async/pending.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/status.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

/// The base of the parts of the HTTP endpoint. Copies share the settings.
class http_part {
protected:
    http_part(any_server& server, streamable_http_options options)
        : server_(server)
        , shared_options_(std::make_shared<const streamable_http_options>(std::move(options)))
        , options_(*shared_options_) {}

    static asio::awaitable<void> done() { co_return; }

    /// Refuses a request by a JSON-RPC error.
    static void refuse(http::response& r, http::status code, const jsonrpc::error& why,
                       const jsonrpc::id& id = {},
                       jsonrpc::unknown_id rule = jsonrpc::unknown_id::omitted) {
        if (r.note != nullptr)
            r.note->reason = why.message;
        r.code = code;
        r.content_type = "application/json";
        r.body.clear();
        jsonrpc::write_error(r.body, id, why, rule);
    }
    static asio::awaitable<void> refused(http::response& r, http::status code, int error,
                                         std::string_view why) {
        refuse(r, code, {error, std::string(why)});
        return done();
    }

    /// Refuses with 429: the peer must wait for `seconds`.
    static void refuse_for_now(http::response& r, std::string_view why,
                               std::chrono::seconds::rep seconds, const jsonrpc::id& id = {}) {
        r.set("Retry-After", std::to_string(seconds));
        refuse(r, http::status::too_many_requests, too_many(why, seconds), id);
    }
    static jsonrpc::error too_many(std::string_view why, std::chrono::seconds::rep seconds) {
        return too_many_requests(why, std::chrono::seconds(seconds));
    }

    /// Refuses because a collaborator cannot be reached.
    void refuse_unavailable(http::response& r, const unavailable& why) const {
        server_.environment().log(log_level::error, why.what());
        server_.environment().count(counter::unavailable);
        r.clear();
        r.set("Retry-After", "1");
        refuse(r, http::status::service_unavailable, unavailable_error());
    }

    /// Awaits a collaborator. Returns false, after a refusal, if it cannot be reached.
    template <class T>
    asio::awaitable<bool> settled(http::response& r, pending<T>& awaited) const {
        try {
            if (!awaited.ready())
                co_await awaited.settle();
            co_return true;
        } catch (const unavailable& e) {
            refuse_unavailable(r, e);
        }
        co_return false;
    }

    static void stream_headers(http::response& r) {
        r.content_type = "text/event-stream";
        r.headers += "Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n";
    }

    any_server& server_;

private:
    std::shared_ptr<const streamable_http_options> shared_options_;

protected:
    const streamable_http_options& options_;
};

} // namespace mcp::detail
