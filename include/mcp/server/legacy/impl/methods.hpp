// SPDX-License-Identifier: MIT
#pragma once

// The methods of the legacy era only.

#include <mcp/encoding/uri.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/impl/answer.hpp>
#include <mcp/server/impl/guarded.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/result_writer.hpp>
#include <mcp/session/record_change.hpp>

#include <array>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace mcp::legacy {

/// Answers ping. [MCP 2025-11-25 basic/utilities/ping]
inline bool ping(any_server&, context&, result_writer&, job&) {
    return true;
}

/// Answers logging/setLevel. [MCP 2025-11-25 server/utilities/logging]
inline bool set_level(any_server&, context& ctx, result_writer&, job&) {
    const auto level = read_set_level(ctx.params());
    if (!level)
        throw protocol_error(invalid_params("params." + level.error().what()));
    if (ctx.who().session)
        ctx.who().session->threshold(*level);
    if (ctx.who().change)
        ctx.who().change->threshold = *level;
    return true;
}

/// Records a subscription. [MCP 2025-11-25 server/resources, subscriptions]
inline void note_subscription(const context& ctx) {
    const std::string uri = normal_uri(mcp::detail::text_parameter(ctx, "uri"));
    const subscription_limits& most = ctx.environment().options.subscriptions;
    std::optional<jsonrpc::error> refusal;
    if (record_change* change = ctx.who().change) {
        refusal = change->refuse(uri, most);
        if (!refusal)
            change->subscribe(uri);
    } else if (session* live = ctx.who().session) {
        refusal = live->subscribe(ctx.environment().topics, uri, most);
    }
    if (refusal)
        throw protocol_error(std::move(*refusal));
}
inline bool subscribe(any_server& server, context& ctx, result_writer&, job& later) {
    const auto guard = server.reading(mcp::detail::text_parameter(ctx, "uri"));
    if (const std::exception_ptr* verdict = ctx.who().verdict) {
        if (*verdict)
            std::rethrow_exception(*verdict);
    } else if (guard) {
        mcp::detail::check(guard, ctx, later);
        mcp::detail::judge_by_uri(guard, mcp::detail::text_parameter(ctx, "uri"), later);
    }
    if (!later.admission) {
        note_subscription(ctx);
        return true;
    }
    later.work = [](context& c, result_writer&) -> asio::awaitable<void> {
        note_subscription(c);
        co_return;
    };
    return false;
}
inline bool unsubscribe(any_server& server, context& ctx, result_writer&, job&) {
    const std::string uri = normal_uri(mcp::detail::text_parameter(ctx, "uri"));
    if (record_change* change = ctx.who().change)
        change->unsubscribe(uri);
    else if (session* live = ctx.who().session)
        live->unsubscribe(server.environment().topics, uri);
    return true;
}

inline constexpr std::array methods{
    mcp::detail::method{"ping", ping},
    mcp::detail::method{"logging/setLevel", set_level},
    mcp::detail::method{"resources/subscribe", subscribe},
    mcp::detail::method{"resources/unsubscribe", unsubscribe},
};

} // namespace mcp::legacy
