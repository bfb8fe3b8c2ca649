// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/connection.hpp>: follows a request for the log and the metrics.

#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/status.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp::http {

/// Measures the request under way of one connection. A connection has one only if the settings ask
/// for it.
class request_meter {
public:
    explicit request_meter(const record_settings& settings) : settings_(settings) {
        note_.detailed = settings.detailed;
    }

    /// Begins with a request of `received` bytes, whose response is still empty. If it is refused
    /// without a field, its head could not be read.
    void begin(request& q, response& r, std::size_t received, bool refused);

    /// Adds bytes of the response.
    void sent(std::size_t bytes) noexcept { sent_ += bytes; }

    /// Takes the status of the response.
    void responds(const response& r) noexcept {
        code_ = r.code;
        stream_ = r.stream != nullptr;
    }

    request_note& note() noexcept { return note_; }

    bool open() const noexcept { return open_; }

    /// Reports the request, once. May throw what `on_end` throws.
    void end(const asio::ip::address& remote, bool complete);

private:
    std::string made_id();

    using clock = std::chrono::steady_clock;

    const record_settings& settings_;
    request_note note_;
    std::string prefix_; // of the ids that this connection makes
    std::string id_;
    std::string path_;
    std::uint64_t requests_ = 0;
    clock::time_point start_;
    std::uint64_t received_ = 0;
    std::uint64_t sent_ = 0;
    verb method_ = verb::other;
    status code_{};
    bool stream_ = false;
    bool open_ = false;
};

inline void request_meter::begin(request& q, response& r, std::size_t received, bool refused) {
    start_ = clock::now();
    note_.clear();
    const bool known = !refused || !q.headers.empty();
    method_ = known ? q.method : verb::other;
    path_ = known ? q.path : "";
    received_ = received;
    sent_ = 0;
    code_ = status{499};
    stream_ = false;
    open_ = true;
    ++requests_;
    r.note = settings_.on_end ? &note_ : nullptr;
    if (!settings_.request_ids)
        return;
    const std::string_view given = q.headers.find("x-request-id").value_or("");
    if (is_request_id(given))
        id_ = given;
    else
        id_ = made_id();
    q.id = id_;
    r.keep("X-Request-Id", id_);
}

/// Returns a new id: random for the connection, and counted on it.
inline std::string request_meter::made_id() {
    if (prefix_.empty()) {
        std::array<std::uint8_t, 8> bytes{};
        fill_random(bytes);
        prefix_ = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) + '-';
    }
    return prefix_ + std::to_string(requests_);
}

inline void request_meter::end(const asio::ip::address& remote, bool complete) {
    open_ = false;
    if (!settings_.on_end)
        return;
    const request_record made{.id = id_,
                              .method = method_,
                              .path = path_,
                              .remote = remote,
                              .code = code_,
                              .note = note_,
                              .received = received_,
                              .sent = sent_,
                              .duration = clock::now() - start_,
                              .stream = stream_,
                              .complete = complete};
    settings_.on_end(made);
}

/// Returns why the server itself answers a request, and the limit that the request exceeds.
constexpr std::string_view refusal_reason(status code) noexcept {
    switch (code) {
    case status::bad_request:
        return "the request is no valid HTTP/1.1";
    case status::request_timeout:
        return "the request took longer than limits::head_timeout or body_timeout";
    case status::payload_too_large:
        return "the body is larger than limits::body_bytes";
    case status::uri_too_long:
        return "the request line is longer than limits::head_bytes";
    case status::request_header_fields_too_large:
        return "the head exceeds limits::head_bytes or limits::fields";
    case status::service_unavailable:
        return "all connections together hold limits::bytes_in_flight";
    case status::gateway_timeout:
        return "the handler took longer than limits::request_timeout";
    default:
        return reason(code);
    }
}

} // namespace mcp::http
