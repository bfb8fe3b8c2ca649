// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/compression.hpp>
#include <mcp/http/impl/compression_choice.hpp>
#include <mcp/http/impl/zlib_codec.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http {

namespace detail {

/// An event stream, each part of which is compressed and flushed.
class compressed_stream final : public body_stream {
public:
    compressed_stream(std::unique_ptr<body_stream> inner, coding format, int level)
        : inner_(std::move(inner))
        , deflater_(format, level) {}

    asio::awaitable<bool> read(std::string& out) override {
        std::string part;
        const bool more = co_await inner_->read(part);
        if (!more || !part.empty()) {
            deflater_.write(part, more ? Z_SYNC_FLUSH : Z_FINISH, out);
        }
        co_return more;
    }
    bool ready() const noexcept override { return inner_->ready(); }
    bool finite() const noexcept override { return inner_->finite(); }
    void close() noexcept override { inner_->close(); }
    void drain() noexcept override { inner_->drain(); }
    void idle() noexcept override { inner_->idle(); }

private:
    std::unique_ptr<body_stream> inner_;
    deflater deflater_;
};

inline void refuse(response& r, status code, std::string_view why) {
    r.code = code;
    r.content_type = "text/plain";
    r.body.append(why).append("\n");
}

/// Unpacks the body into `text`, which the request then views. Returns false if it was refused.
inline bool unpack_request(request& q, response& r, std::string& text,
                           const compression_options& options) {
    if (has_plain_body(q.headers)) {
        return true;
    }
    std::string_view name;
    for (const field& each : q.headers) {
        if (iequals(each.name, "content-encoding") && !each.value.empty()) {
            name = name.empty() ? each.value : "several";
        }
    }
    const bool gzip = iequals(name, "gzip") || iequals(name, "x-gzip");
    if (!gzip && !iequals(name, "deflate")) {
        r.set("Accept-Encoding", "gzip, deflate");
        refuse(r, status::unsupported_media_type,
               "Content-Encoding must be gzip, deflate or identity");
        return false;
    }
    switch (unpack(q.body, gzip ? coding::gzip : coding::deflate, options.request_bytes, text)) {
    case unpacked::broken:
        refuse(r, status::bad_request, "The body is not what Content-Encoding says");
        return false;
    case unpacked::too_large:
        refuse(r, status::payload_too_large,
               "The body unpacks to more than " + std::to_string(options.request_bytes) +
                   " bytes, which compression_options::request_bytes allows");
        return false;
    case unpacked::whole:
        break;
    }
    for (field& each : q.headers) {
        if (iequals(each.name, "content-encoding")) {
            each.value = "identity";
        }
    }
    q.body = text;
    return true;
}

/// Makes a strong entity tag weak: it names the bytes before they were compressed.
/// [RFC 9110 §8.8.3]
inline void weaken_tag(std::string& lines) {
    const std::string_view tag = line_value(lines, "etag");
    if (tag.starts_with('"')) {
        lines.insert(static_cast<std::size_t>(tag.data() - lines.data()), "W/");
    }
}

inline void compress_response(response& r, coding format, const compression_options& options) {
    const auto code = static_cast<unsigned>(r.code);
    if (r.take_over || !is_compressible(r.content_type) || code == 204 || code == 206 ||
        code == 304 || !line_value(r.headers, "content-encoding").empty() ||
        line_value(r.headers, "cache-control").find("no-transform") != std::string_view::npos ||
        (r.stream && !options.streams)) {
        return;
    }
    r.set("Vary", "Accept-Encoding");
    if (format == coding::identity || (!r.stream && r.body_size() < options.least_bytes)) {
        return;
    }
    if (r.stream) {
        r.stream = std::make_unique<compressed_stream>(std::move(r.stream), format, options.level);
    } else {
        r.complete_body();
        std::string small;
        deflater(format, options.level).write(r.body, Z_FINISH, small);
        if (small.size() >= r.body.size()) {
            return;
        }
        r.body = std::move(small);
    }
    r.set("Content-Encoding", to_string(format));
    weaken_tag(r.headers);
}

} // namespace detail

MCP_DECL handler compressed(handler inner, compression_options options) {
    options.level = std::clamp(options.level, 1, 9);
    return [inner = std::move(inner), options](request& q, response& r) -> asio::awaitable<void> {
        const detail::coding format = detail::choose_coding(q.headers);
        std::string text; // what the request views if it is unpacked
        if (!detail::unpack_request(q, r, text, options)) {
            co_return;
        }
        co_await inner(q, r);
        q.body = {}; // `text` ends here
        detail::compress_response(r, format, options);
    };
}

} // namespace mcp::http
