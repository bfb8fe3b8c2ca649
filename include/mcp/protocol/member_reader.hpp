// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/view.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Reads the members of a protocol object one by one and keeps the first error, so that a decoder
/// is a list of members. Members that the decoder does not read are ignored, since later revisions
/// add some. An optional member may be null, and an empty array counts as an empty object: see
/// `json/member.hpp`.
///
///     mcp::result<mcp::root, mcp::decode_error> read_root(const mcp::json& value) {
///         mcp::member_reader r{value};
///         mcp::root read;
///         r.need("uri", read.uri);
///         r.take("name", read.name);
///         return r.finish(std::move(read));
///     }
class member_reader {
public:
    /// In an error, `path` precedes the name of the member. The reader refers to both parameters.
    /// An absent value counts as an object without members.
    explicit member_reader(json_view value, std::string_view path = {});

    /// Reads a required member.
    template <class T>
    void need(std::string_view key, T& into) {
        if (const json_view value = find(key)) {
            read_value(key, value, into);
        } else {
            fail(key, "is missing");
        }
    }

    /// Reads an optional member. If it is missing, `into` keeps its value.
    template <class T>
    void take(std::string_view key, T& into) {
        if (const json_view value = find_present(key)) {
            read_value(key, value, into);
        }
    }

    /// Reads a member by `read(value, path)`, which returns a `result<T, decode_error>`. It gets an
    /// empty path; the path of its error is appended to the name of the member.
    template <class T, class Read>
    void need(std::string_view key, T& into, Read read) {
        if (const json_view value = find(key)) {
            adopt(read(value, std::string_view{}), into, {nullptr, key});
        } else {
            fail(key, "is missing");
        }
    }
    template <class T, class Read>
    void take(std::string_view key, T& into, Read read) {
        if (const json_view value = find_present(key)) {
            adopt(read(value, std::string_view{}), into, {nullptr, key});
        }
    }

    /// Reads an array; `read(value, path)` reads each element.
    template <class T, class Read>
    void need_list(std::string_view key, std::vector<T>& into, Read read) {
        if (const json_view value = find(key)) {
            read_list(key, value, into, read);
        } else {
            fail(key, "is missing");
        }
    }
    template <class T, class Read>
    void take_list(std::string_view key, std::vector<T>& into, Read read) {
        if (const json_view value = find_present(key)) {
            read_list(key, value, into, read);
        }
    }

    /// Returns the member; absent also after an error.
    json_view find(std::string_view key) const;

    /// Returns an optional member; absent also if it is null, and after an error.
    json_view find_present(std::string_view key) const;

    /// Records an error in a member, unless there is an earlier error.
    void fail(std::string_view key, std::string message);

    bool failed() const noexcept { return error_.has_value(); }

    /// Returns `read`, or the first error.
    template <class T>
    result<T, decode_error> finish(T read) {
        if (error_) {
            return std::move(*error_);
        }
        // Needed if T is a string.
        return {boost::system::in_place_value, std::move(read)};
    }

    /// Returns a message such as "expected string, got array".
    static std::string expected(std::string_view what, json_view got);

private:
    template <class T>
    void adopt(result<T, decode_error> read, auto& into, const json_path& step) {
        if (read) {
            into = *std::move(read);
        } else {
            adopt_error(read.error(), step);
        }
    }

    /// Records the error of a value at `step`, unless there is an earlier error.
    void adopt_error(const decode_error& inner, const json_path& step);

    /// Returns whether a value is an array; if not, records an error.
    bool check_array(std::string_view key, json_view value);

    template <class T, class Read>
    void read_list(std::string_view key, json_view value, std::vector<T>& into, Read read) {
        if (!check_array(key, value)) {
            return;
        }
        into.clear();
        into.reserve(value.size());
        const json_path list{nullptr, key};
        std::size_t i = 0;
        for (const json_view each : value.elements()) {
            if (error_) {
                return;
            }
            adopt(read(each, std::string_view{}), into.emplace_back(), {&list, {}, i++});
        }
    }

    template <class T>
    void read_value(std::string_view key, json_view value, std::optional<T>& into) {
        T read{};
        read_value(key, value, read);
        into.emplace(std::move(read));
    }
    void read_value(std::string_view key, json_view value, std::string& into);
    void read_value(std::string_view key, json_view value, std::string_view& into);
    void read_value(std::string_view key, json_view value, bool& into);
    void read_value(std::string_view key, json_view value, double& into);
    void read_value(std::string_view key, json_view value, std::int64_t& into);
    void read_value(std::string_view key, json_view value, json_object& into);
    void read_value(std::string_view key, json_view value, json_view& into);
    void read_value(std::string_view key, json_view value, std::vector<std::string>& into);

    json_view object_;
    std::string_view path_;
    std::optional<decode_error> error_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/member_reader.ipp>
#endif
