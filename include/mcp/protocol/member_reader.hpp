// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/value.hpp>
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
    explicit member_reader(const json& value, std::string_view path = {});

    /// Reads from an object. nullptr counts as an object without members.
    explicit member_reader(const json_object* object, std::string_view path = {})
        : object_{object}
        , path_{path} {}

    /// Reads a required member.
    template <class T>
    void need(std::string_view key, T& into) {
        if (const json* value = find(key)) {
            read_value(key, *value, into);
        } else {
            fail(key, "is missing");
        }
    }

    /// Reads an optional member. If it is missing, `into` keeps its value.
    template <class T>
    void take(std::string_view key, T& into) {
        if (const json* value = find_present(key)) {
            read_value(key, *value, into);
        }
    }

    /// Reads a member by `read(value, path)`, which returns a `result<T, decode_error>`. It gets an
    /// empty path; the path of its error is appended to the name of the member.
    template <class T, class Read>
    void need(std::string_view key, T& into, Read read) {
        if (const json* value = find(key)) {
            adopt(read(*value, std::string_view{}), into, {nullptr, key});
        } else {
            fail(key, "is missing");
        }
    }
    template <class T, class Read>
    void take(std::string_view key, T& into, Read read) {
        if (const json* value = find_present(key)) {
            adopt(read(*value, std::string_view{}), into, {nullptr, key});
        }
    }

    /// Reads an array; `read(value, path)` reads each element.
    template <class T, class Read>
    void need_list(std::string_view key, std::vector<T>& into, Read read) {
        if (const json* value = find(key)) {
            read_list(key, *value, into, read);
        } else {
            fail(key, "is missing");
        }
    }
    template <class T, class Read>
    void take_list(std::string_view key, std::vector<T>& into, Read read) {
        if (const json* value = find_present(key)) {
            read_list(key, *value, into, read);
        }
    }

    /// Returns the member, or nullptr if it is absent or an error has occurred.
    const json* find(std::string_view key) const;

    /// Returns an optional member, or nullptr if it is absent or null or an error has occurred.
    const json* find_present(std::string_view key) const;

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
    static std::string expected(std::string_view what, const json& got);

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

    /// Returns an array, or records an error and returns nullptr.
    const json_array* find_array(std::string_view key, const json& value);

    template <class T, class Read>
    void read_list(std::string_view key, const json& value, std::vector<T>& into, Read read) {
        const json_array* array = find_array(key, value);
        if (!array) {
            return;
        }
        into.clear();
        into.reserve(array->size());
        const json_path list{nullptr, key};
        for (std::size_t i = 0; i < array->size() && !error_; ++i) {
            adopt(read((*array)[i], std::string_view{}), into.emplace_back(), {&list, {}, i});
        }
    }

    template <class T>
    void read_value(std::string_view key, const json& value, std::optional<T>& into) {
        T read{};
        read_value(key, value, read);
        into.emplace(std::move(read));
    }
    void read_value(std::string_view key, const json& value, std::string& into);
    void read_value(std::string_view key, const json& value, std::string_view& into);
    void read_value(std::string_view key, const json& value, bool& into);
    void read_value(std::string_view key, const json& value, double& into);
    void read_value(std::string_view key, const json& value, std::int64_t& into);
    void read_value(std::string_view key, const json& value, json_object& into);
    void read_value(std::string_view key, const json& value, const json_object*& into);
    void read_value(std::string_view key, const json& value, std::vector<std::string>& into);

    const json_object* object_ = nullptr;
    std::string_view path_;
    std::optional<decode_error> error_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/member_reader.ipp>
#endif
