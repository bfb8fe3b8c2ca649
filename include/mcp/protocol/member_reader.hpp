#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/member.hpp>
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
///     member_reader r{value, path};
///     root read;
///     r.need("uri", read.uri);
///     r.take("name", read.name);
///     return r.finish(std::move(read));
class member_reader {
public:
    /// In an error, `path` precedes the name of the member. The reader refers to both parameters.
    explicit member_reader(const json& value, std::string_view path = {})
        : object_{find_members(value)}
        , path_{path} {
        if (!object_) {
            error_.emplace(decode_error{std::string{path}, expected("object", value)});
        }
    }

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
    const json* find(std::string_view key) const {
        return object_ && !error_ ? object_->if_contains(key) : nullptr;
    }

    /// Returns an optional member, or nullptr if it is absent or null or an error has occurred.
    const json* find_present(std::string_view key) const {
        return error_ ? nullptr : find_member(object_, key);
    }

    /// Records an error in a member, unless there is an earlier error.
    void fail(std::string_view key, std::string message) {
        if (!error_) {
            const json_path step{nullptr, key};
            error_.emplace(decode_error{render_path(path_, &step), std::move(message)});
        }
    }

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
    static std::string expected(std::string_view what, const json& got) {
        std::string text{"expected "};
        return text.append(what).append(", got ").append(kind_name(got));
    }

private:
    static std::string_view kind_name(const json& value) {
        switch (value.kind()) {
        case json_kind::null:
            return "null";
        case json_kind::bool_:
            return "boolean";
        case json_kind::string:
            return "string";
        case json_kind::array:
            return "array";
        case json_kind::object:
            return "object";
        default:
            return "number";
        }
    }

    template <class T>
    void adopt(result<T, decode_error> read, auto& into, const json_path& step) {
        if (read) {
            into = *std::move(read);
        } else if (!error_) {
            const decode_error& inner = read.error();
            error_.emplace(
                decode_error{join_paths(render_path(path_, &step), inner.path), inner.message});
        }
    }

    template <class T, class Read>
    void read_list(std::string_view key, const json& value, std::vector<T>& into, Read read) {
        const json_array* array = value.if_array();
        if (!array) {
            return fail(key, expected("array", value));
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
    void read_value(std::string_view key, const json& value, std::string& into) {
        if (const auto* text = value.if_string()) {
            into.assign(text->data(), text->size());
        } else {
            fail(key, expected("string", value));
        }
    }
    void read_value(std::string_view key, const json& value, std::string_view& into) {
        if (const auto* text = value.if_string()) {
            into = {text->data(), text->size()};
        } else {
            fail(key, expected("string", value));
        }
    }
    void read_value(std::string_view key, const json& value, bool& into) {
        if (const bool* truth = value.if_bool()) {
            into = *truth;
        } else {
            fail(key, expected("boolean", value));
        }
    }
    void read_value(std::string_view key, const json& value, double& into) {
        if (value.is_number()) {
            into = value.to_number<double>();
        } else {
            fail(key, expected("number", value));
        }
    }
    void read_value(std::string_view key, const json& value, std::int64_t& into) {
        boost::system::error_code failed;
        const auto number =
            value.is_number() ? value.to_number<std::int64_t>(failed) : std::int64_t{0};
        if (value.is_number() && !failed) {
            into = number;
        } else {
            fail(key, expected("integer", value));
        }
    }
    void read_value(std::string_view key, const json& value, json_object& into) {
        if (const auto* object = find_members(value)) {
            into = *object;
        } else {
            fail(key, expected("object", value));
        }
    }
    void read_value(std::string_view key, const json& value, const json_object*& into) {
        into = find_members(value);
        if (!into) {
            fail(key, expected("object", value));
        }
    }
    void read_value(std::string_view key, const json& value, std::vector<std::string>& into) {
        const json_array* array = value.if_array();
        if (!array) {
            return fail(key, expected("array", value));
        }
        into.clear();
        into.reserve(array->size());
        const json_path list{nullptr, key};
        for (std::size_t i = 0; i < array->size() && !error_; ++i) {
            const json& element = (*array)[i];
            if (const auto* text = element.if_string()) {
                into.emplace_back(text->data(), text->size());
            } else {
                const json_path step{&list, {}, i};
                error_.emplace(
                    decode_error{render_path(path_, &step), expected("string", element)});
            }
        }
    }

    const json_object* object_ = nullptr;
    std::string_view path_;
    std::optional<decode_error> error_;
};

} // namespace mcp
