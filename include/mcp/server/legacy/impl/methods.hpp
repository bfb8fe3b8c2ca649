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
#include <mcp/server/impl/text_parameter.hpp>
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
inline std::optional<job> ping(any_server&, context&, result_writer&) {
    return std::nullopt;
}

/// Answers logging/setLevel. [MCP 2025-11-25 server/utilities/logging]
inline std::optional<job> set_level(any_server&, context& ctx, result_writer&) {
    const auto level = read_set_level(ctx.params());
    if (!level)
        throw protocol_error(invalid_params("params." + level.error().what()));
    if (mcp::detail::context_access::request(ctx).session)
        mcp::detail::context_access::request(ctx).session->threshold(*level);
    if (mcp::detail::context_access::request(ctx).change)
        mcp::detail::context_access::request(ctx).change->threshold = *level;
    return std::nullopt;
}

/// Records a subscription. [MCP 2025-11-25 server/resources, subscriptions]
inline void note_subscription(const context& ctx) {
    const std::string uri = normal_uri(mcp::detail::text_parameter(ctx, "uri"));
    const subscription_limits& most =
        mcp::detail::context_access::environment(ctx).options.subscriptions;
    std::optional<jsonrpc::error> refusal;
    if (mcp::detail::record_change* change = mcp::detail::context_access::request(ctx).change) {
        refusal = change->refuse(uri, most);
        if (!refusal)
            change->subscribe(uri);
    } else if (session* live = mcp::detail::context_access::request(ctx).session.get()) {
        refusal = live->subscribe(mcp::detail::context_access::environment(ctx).topics, uri, most);
    }
    if (refusal)
        throw protocol_error(std::move(*refusal));
}
inline std::optional<job> subscribe(any_server&, context& ctx, result_writer&) {
    const std::string_view uri = mcp::detail::text_parameter(ctx, "uri");
    job::check admission;
    if (const std::exception_ptr* verdict = mcp::detail::context_access::request(ctx).verdict) {
        if (*verdict)
            std::rethrow_exception(*verdict);
    } else {
        admission =
            mcp::detail::admission_of(mcp::detail::reading(*mcp::detail::offers_of(ctx), uri), ctx,
                                      [&] { return mcp::detail::reading_params(uri); });
    }
    if (!admission) {
        note_subscription(ctx);
        return std::nullopt;
    }
    return job(
        [](context& c, result_writer&) -> asio::awaitable<void> {
            note_subscription(c);
            co_return;
        },
        std::move(admission));
}
inline std::optional<job> unsubscribe(any_server& server, context& ctx, result_writer&) {
    const std::string uri = normal_uri(mcp::detail::text_parameter(ctx, "uri"));
    if (mcp::detail::record_change* change = mcp::detail::context_access::request(ctx).change)
        change->unsubscribe(uri);
    else if (session* live = mcp::detail::context_access::request(ctx).session.get())
        live->unsubscribe(server.environment().topics, uri);
    return std::nullopt;
}

inline constexpr std::array methods{
    mcp::detail::method{"ping", ping},
    mcp::detail::method{"logging/setLevel", set_level},
    mcp::detail::method{"resources/subscribe", subscribe},
    mcp::detail::method{"resources/unsubscribe", unsubscribe},
};

} // namespace mcp::legacy
