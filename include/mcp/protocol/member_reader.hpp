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

/// Reads the members of a protocol object one by one and remembers the first mistake, so that a
/// decoder is a list of members. Members that nobody asks for are ignored: later revisions add
/// some. A member that may be absent may also be null, and an empty array is an empty object: see
/// `json/member.hpp`.
///
///     member_reader r{value, path};
///     root read;
///     r.need("uri", read.uri);
///     r.take("name", read.name);
///     return r.finish(std::move(read));
class member_reader {
public:
    /// `path` is what the error says before the member's name. Both are referred to.
    explicit member_reader(const json& value, std::string_view path = {})
        : object_{find_members(value)}
        , path_{path} {
        if (!object_) {
            error_.emplace(decode_error{std::string{path}, expected("object", value)});
        }
    }

    /// The same for what is known to be an object; nullptr reads like one without members.
    explicit member_reader(const json_object* object, std::string_view path = {})
        : object_{object}
        , path_{path} {}

    /// A member that must be there.
    template <class T>
    void need(std::string_view key, T& into) {
        if (const json* value = find(key)) {
            read_value(key, *value, into);
        } else {
            fail(key, "is missing");
        }
    }

    /// A member that may be missing: then `into` stays as it is.
    template <class T>
    void take(std::string_view key, T& into) {
        if (const json* value = find_present(key)) {
            read_value(key, *value, into);
        }
    }

    /// As above, read by `read(value, path)`, which returns a `result<T, decode_error>`. The path
    /// that it gets is empty; its error is put behind the member's name.
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

    /// An array whose elements `read(value, path)` reads.
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

    /// The member as it is, or nullptr; nullptr as well after a mistake.
    const json* find(std::string_view key) const {
        return object_ && !error_ ? object_->if_contains(key) : nullptr;
    }

    /// The same of a member that may be absent: nullptr as well if it is null.
    const json* find_present(std::string_view key) const {
        return error_ ? nullptr : find_member(object_, key);
    }

    /// Notes a mistake in a member, unless there was one before.
    void fail(std::string_view key, std::string message) {
        if (!error_) {
            const json_path step{nullptr, key};
            error_.emplace(decode_error{render_path(path_, &step), std::move(message)});
        }
    }

    bool failed() const noexcept { return error_.has_value(); }

    /// What was read, or the first mistake.
    template <class T>
    result<T, decode_error> finish(T read) {
        if (error_) {
            return std::move(*error_);
        }
        return {boost::system::in_place_value, std::move(read)}; // a T of text has no other way in
    }

    /// "expected string, got array"
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
