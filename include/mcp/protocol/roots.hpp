#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// A location that the client lets the server use [MCP 2026-07-28 client/roots].
struct root {
    root() = default;
    explicit root(std::string uri_, std::string name_ = {})
        : uri{std::move(uri_)}
        , name{std::move(name_)} {}

    /// A `file://` URI. It comes from the peer: check the path before use.
    std::string uri;
    std::string name;

    friend bool operator==(const root&, const root&) = default;
};

/// The method by which a server asks for the roots. Its params are optional, but some clients
/// reject a request without them, so `{}` is sent.
inline constexpr std::string_view roots_method = "roots/list";

inline result<root, decode_error> read_root(const json& value, std::string_view path = {}) {
    member_reader r{value, path};
    root read;
    r.need("uri", read.uri);
    r.take("name", read.name);
    return r.finish(std::move(read));
}

/// Reads the result of a client.
inline result<std::vector<root>, decode_error> read_roots(const json& value,
                                                          std::string_view path = {}) {
    member_reader r{value, path};
    std::vector<root> read;
    r.need_list("roots", read, read_root);
    return r.finish(std::move(read));
}

/// Writes the result of a client.
inline void write_roots(json_writer& w, const std::vector<root>& roots) {
    w.begin_object();
    write_list(w, "roots", roots, [&w](const root& one) {
        w.begin_object();
        w.member("uri", one.uri);
        write_present(w, "name", one.name);
        w.end_object();
    });
    w.end_object();
}

} // namespace mcp
