// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/trace_context.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <string_view>

namespace mcp {

class catalog_snapshot;

namespace jsonrpc {
class id;
struct message;
} // namespace jsonrpc

/// A view of a shared pointer, which must outlive it. It does not change the count.
template <class T>
class shared_view {
public:
    shared_view() = default;
    shared_view(const std::shared_ptr<T>& of) noexcept : of_(&of) {}
    shared_view(std::shared_ptr<T>&&) = delete;

    T* get() const noexcept { return of_ ? of_->get() : nullptr; }
    T* operator->() const noexcept { return get(); }
    explicit operator bool() const noexcept { return get() != nullptr; }

    /// Returns a shared pointer of its own.
    std::shared_ptr<T> share() const noexcept { return of_ ? *of_ : nullptr; }

private:
    const std::shared_ptr<T>* of_ = nullptr;
};

/// A request, as a transport passes it to the server. It refers to objects of the transport, which
/// must outlive it; `owned_request` keeps copies.
struct request_view {
    request_view(const jsonrpc::id& number, std::string_view name, json_view members,
                 mcp::revision wire) noexcept
        : id(number)
        , method(name)
        , params(members)
        , revision(wire) {}

    /// `entries` is the snapshot in which the server looks up the request.
    request_view(const jsonrpc::message& message, mcp::revision wire,
                 const catalog_snapshot& entries) noexcept;

    const jsonrpc::id& id;
    std::string_view method;
    json_view params; ///< absent if it has none
    mcp::revision revision;
    const catalog_snapshot* offers = nullptr;      ///< null once a handler may suspend
    message_sink* sink = nullptr;                  ///< takes the messages of the request
    shared_view<legacy::session> session{};        ///< null on the modern wire
    shared_view<const mcp::principal> principal{}; ///< null if not authenticated
    const http::path_params* path = nullptr;       ///< path parameters that the router found
    trace_context trace{};                         ///< from the headers of the transport
    std::string_view http_id{}; ///< of the HTTP request; see `http::record_settings::request_ids`
    std::size_t bytes = 0;      ///< size of the request text, if calls are counted by it
    /// Takes the changes that the request makes to its session's record, so that the transport can
    /// store them. Null if nothing beyond the session is kept.
    detail::record_change* change = nullptr;
    /// The result of `verdict_of` for a subscription; null if the transport has not asked for it.
    const std::exception_ptr* verdict = nullptr;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/request_view.ipp>
#endif
