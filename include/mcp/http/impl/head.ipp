// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/head.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/version.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::http {

namespace detail {

/// Beast's parser, restricted to the head.
template <bool IsRequest>
class head_parser : public boost::beast::http::basic_parser<IsRequest> {
public:
    using text = boost::beast::string_view;
    using error_code = boost::beast::error_code;
    using field_name = boost::beast::http::field;

protected:
    static std::string_view view(text t) { return {t.data(), t.size()}; }

    static bool is_length(std::string_view value) {
        return !value.empty() && value.find_first_not_of("0123456789") == value.npos;
    }

private:
    void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override {}
    void on_response_impl(int, text, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}
#if BOOST_BEAST_VERSION >= 359 // Boost 1.90
    void on_trailer_field_impl(field_name, text, text, error_code&) override {}
#endif
};

/// Collects the head of a request from Beast's parser. Refuses invalid heads that Beast accepts.
class head_sink final : public head_parser<true> {
public:
    head_sink(std::string_view head, const limits& limit, request& out, head_info& info)
        : head_(head)
        , limit_(limit)
        , out_(out)
        , info_(info) {
        this->header_limit(static_cast<std::uint32_t>(head.size()));
        this->body_limit(boost::none);
    }

    status read() {
        error_code ec;
        this->put({head_.data(), head_.size()}, ec);
        if (ec || !this->is_header_done()) {
            const bool version = ec == boost::beast::http::error::bad_version;
            return refusal_ != status{} ? refusal_
                                        : (version ? bad_version() : status::bad_request);
        }
        const bool http11 = out_.version >= 11;
        if (hosts_ > 1 || (http11 && hosts_ == 0) || (!http11 && codings_ > 0) ||
            (lengths_ > 0 && codings_ > 0)) {
            return status::bad_request;
        }
        info_.keep_alive = this->keep_alive();
        info_.expect_continue = info_.expect_continue && http11;
        info_.chunked = codings_ > 0;
        info_.content_length = this->content_length().value_or(0);
        return info_.content_length > limit_.body_bytes ? status::payload_too_large : status::ok;
    }

private:
    void refuse(status code, error_code& ec) {
        refusal_ = code;
        ec = boost::beast::http::error::bad_value;
    }

    /// "HTTP/2.0" is an unsupported version; "HTTP/abc" and "FTP/1.1" are not HTTP.
    status bad_version() const {
        const auto line = head_.substr(0, head_.find("\r\n"));
        const auto at = line.rfind(" HTTP/");
        const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9'; };
        const bool well_formed = at != line.npos && line.size() == at + 9 && digit(at + 6) &&
                                 line[at + 7] == '.' && digit(at + 8);
        const bool ours = line.ends_with("HTTP/1.1") || line.ends_with("HTTP/1.0");
        return well_formed && !ours ? status::http_version_not_supported : status::bad_request;
    }

    void on_request_impl(boost::beast::http::verb, text method, text target, int version,
                         error_code& ec) override {
        out_.method_name = view(method);
        out_.method = to_verb(out_.method_name);
        out_.version = version;
        if (!split_target(view(target), out_)) {
            refuse(status::bad_request, ec);
        }
    }

    void on_field_impl(field_name id, text name, text value, error_code& ec) override {
        const std::string_view v = view(value);
        if (out_.headers.size() >= limit_.fields) {
            return refuse(status::request_header_fields_too_large, ec);
        }
        switch (id) {
        case field_name::content_length:
            if (lengths_++ > 0 || !is_length(v)) {
                return refuse(status::bad_request, ec);
            }
            break;
        case field_name::transfer_encoding:
            if (codings_++ > 0) {
                return refuse(status::bad_request, ec);
            }
            if (!iequals(v, "chunked")) {
                return refuse(status::not_implemented, ec);
            }
            break;
        case field_name::host:
            ++hosts_;
            if (!v.empty() && !split_authority(v)) {
                return refuse(status::bad_request, ec);
            }
            break;
        case field_name::expect:
            if (!iequals(v, "100-continue")) {
                return refuse(status::expectation_failed, ec);
            }
            info_.expect_continue = true;
            break;
        default:
            break;
        }
        out_.headers.add(view(name), v);
    }

    std::string_view head_;
    const limits& limit_;
    request& out_;
    head_info& info_;
    status refusal_{};
    int hosts_ = 0;
    int codings_ = 0;
    int lengths_ = 0;
};

/// Collects the head of a response in the same way.
class response_head_sink final : public head_parser<false> {
public:
    response_head_sink(std::string_view head, std::size_t max_fields, response_head& out)
        : head_(head)
        , max_fields_(max_fields)
        , out_(out) {
        this->header_limit(static_cast<std::uint32_t>(head.size()));
        this->body_limit(boost::none);
    }

    std::string_view read() {
        error_code ec;
        this->put({head_.data(), head_.size()}, ec);
        if (!refusal_.empty())
            return refusal_;
        if (ec || !this->is_header_done())
            return "the response head is not well formed";
        if (codings_ > 0 && (lengths_ > 0 || out_.version < 11))
            return "the length of the response is ambiguous";
        out_.keep_alive = this->keep_alive();
        out_.chunked = codings_ > 0;
        if (lengths_ > 0)
            out_.content_length = this->content_length().value_or(0);
        return {};
    }

private:
    void refuse(std::string_view error, error_code& ec) {
        refusal_ = error;
        ec = boost::beast::http::error::bad_value;
    }

    void on_response_impl(int code, text, int version, error_code& ec) override {
        out_.code = static_cast<status>(code);
        out_.version = version;
        if (version != 10 && version != 11)
            refuse("the response is not HTTP/1.0 or HTTP/1.1", ec);
        else if (code < 100)
            refuse("the response has no valid status code", ec);
    }

    void on_field_impl(field_name id, text name, text value, error_code& ec) override {
        const std::string_view v = view(value);
        if (out_.headers.size() >= max_fields_)
            return refuse("the response has too many header fields", ec);
        if (id == field_name::content_length && (lengths_++ > 0 || !is_length(v)))
            return refuse("the length of the response is ambiguous", ec);
        if (id == field_name::transfer_encoding && (codings_++ > 0 || !iequals(v, "chunked")))
            return refuse("the response has a transfer coding other than chunked", ec);
        out_.headers.add(view(name), v);
    }

    std::string_view head_;
    std::size_t max_fields_;
    response_head& out_;
    std::string_view refusal_;
    int codings_ = 0;
    int lengths_ = 0;
};

} // namespace detail

MCP_DECL bool split_target(std::string_view target, request& out) {
    out.target = target;
    out.authority = out.query = {};
    out.path = target;
    if (out.method == verb::connect) {
        const auto to = split_authority(target);
        out.authority = target;
        return to && to->port != 0;
    }
    if (target == "*") {
        return out.method == verb::options;
    }
    std::string_view path = target;
    if (!path.starts_with('/')) {
        const auto scheme = path.find("://");
        if (scheme == path.npos || !(iequals(path.substr(0, scheme), "http") ||
                                     iequals(path.substr(0, scheme), "https"))) {
            return false;
        }
        const auto end = std::min(path.find_first_of("/?#", scheme + 3), path.size());
        out.authority = path.substr(scheme + 3, end - scheme - 3);
        if (!split_authority(out.authority)) {
            return false;
        }
        path.remove_prefix(end);
    }
    const auto mark = path.find('?');
    out.query = mark == path.npos ? std::string_view() : path.substr(mark + 1);
    out.path = path.substr(0, mark);
    if (out.path.empty()) {
        out.path = "/";
        return path.empty() || is_origin_form("/" + std::string(path));
    }
    return is_origin_form(path);
}

MCP_DECL std::string_view read_response_head(std::string_view head, std::size_t max_fields,
                                             response_head& out) {
    out = {};
    return detail::response_head_sink(head, max_fields, out).read();
}

MCP_DECL status read_head(std::string_view head, const limits& limit, request& out,
                          head_info& info) {
    out.headers.clear();
    out.params.clear();
    out.mounted = 0;
    info = {};
    return detail::head_sink(head, limit, out, info).read();
}

} // namespace mcp::http
