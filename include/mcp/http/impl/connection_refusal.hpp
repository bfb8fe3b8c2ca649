// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/impl/listen_unix.hpp>
#include <mcp/http/impl/spare_descriptor.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/status.hpp>

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/address.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace mcp::http::detail {

/// Answers connections with 503 that the server cannot keep, before their first request. The event
/// loops of a server share it.
class connection_refusal {
public:
    using clock = std::chrono::steady_clock;
    using endpoint = asio::generic::stream_protocol::endpoint;

    static constexpr std::string_view limit_reached = "limits::connections are open";
    static constexpr std::string_view exhausted = "no descriptor is left";

    /// With TLS there is no way to say why, so the connection is closed without a word.
    connection_refusal(bool silent, const record_settings& records,
                       const std::function<void(std::exception_ptr)>& on_error)
        : response_(silent ? std::string_view()
                           : "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                             "Content-Length: 0\r\nConnection: close\r\n\r\n")
        , records_(records)
        , on_error_(on_error) {}

    /// Returns whether the next connection can be refused if no descriptor is left then. If not,
    /// the one that has just been accepted is refused instead: it may have the spare descriptor.
    bool prepare() noexcept { return spare_->hold(); }

    template <class Socket>
    void refuse(Socket& socket, const endpoint& peer, std::string_view reason) const noexcept {
        std::error_code ignored;
        socket.send(asio::buffer(response_), 0, ignored);
        socket.close(ignored);
        record(peer, reason);
    }

    /// Refuses a connection that cannot be accepted because no descriptor is left. Returns false if
    /// that fails.
    bool refuse_waiting(int listening) const noexcept {
        endpoint peer;
        if (!spare_->refuse_one(listening, response_, peer)) {
            return false;
        }
        record(peer, exhausted);
        return true;
    }

    /// Says once in ten seconds that no descriptor is left.
    void report(std::error_code why, clock::time_point now) noexcept {
        const clock::duration last(told_.exchange(now.time_since_epoch().count()));
        if (now.time_since_epoch() - last >= std::chrono::seconds(10)) {
            report(std::make_exception_ptr(std::system_error(
                why, "new connections get 503; raise the limit of open files (ulimit -n, "
                     "LimitNOFILE)")));
        }
    }

private:
    void record(const endpoint& peer, std::string_view reason) const noexcept {
        try {
            if (!records_.on_end) {
                return;
            }
            request_note note;
            note.reason = reason;
            const auto tcp = tcp_endpoint(peer);
            const asio::ip::address remote = tcp ? tcp->address() : asio::ip::address();
            records_.on_end({.remote = remote,
                             .code = status::service_unavailable,
                             .note = note,
                             .sent = response_.size(),
                             .complete = !response_.empty()});
        } catch (...) {
            report(std::current_exception());
        }
    }

    void report(std::exception_ptr failure) const noexcept {
        try {
            if (on_error_) {
                on_error_(std::move(failure));
            }
        } catch (...) {
            // An exception of the log must not end the server.
        }
    }

    const std::string_view response_;
    const record_settings& records_;
    const std::function<void(std::exception_ptr)>& on_error_;
    const std::shared_ptr<spare_descriptor> spare_ = spare_descriptor::shared();
    std::atomic<clock::rep> told_{clock::time_point::min().time_since_epoch().count() / 2};
};

} // namespace mcp::http::detail
