#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/enums.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

/// Returns the name of the kind of a JSON value, for messages.
inline std::string_view kind_name(const json& value) {
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

/// Reads values that contain no other values, and writes all error messages.
class scalar_decoder {
public:
    explicit scalar_decoder(std::string_view root) : root_{root} {}

    decode_error take_error() { return std::move(error_); }

protected:
    const decode_error& error() const { return error_; }

    bool fail(const json_path* path, std::string message) {
        error_.path = render_path(root_, path);
        error_.message = std::move(message);
        return false;
    }

    bool fail_expected(const json_path* path, std::string_view what, const json& value) {
        std::string message = "expected ";
        message.append(what).append(", got ").append(kind_name(value));
        return fail(path, std::move(message));
    }

    /// Reports a fault that a codec found inside the value at `path`.
    bool fail_within(const json_path* path, const decode_error& inner) {
        error_.path = join_paths(render_path(root_, path), inner.path);
        error_.message = inner.message;
        return false;
    }

    template <std::integral T>
    bool read_integer(const json& value, T& out, const json_path* path) {
        const auto store = [&](auto number) {
            if (!std::in_range<T>(number)) {
                return fail(path, "expected integer from " +
                                      std::to_string(std::numeric_limits<T>::min()) + " to " +
                                      std::to_string(std::numeric_limits<T>::max()) + ", got " +
                                      std::to_string(number));
            }
            out = static_cast<T>(number);
            return true;
        };
        switch (value.kind()) {
        case json_kind::int64:
            return store(value.get_int64());
        case json_kind::uint64:
            return store(value.get_uint64());
        case json_kind::double_:
            break;
        default:
            return fail_expected(path, "integer", value);
        }
        // 3.0 is the integer 3 [JSON Schema 2020-12 core §4.2.1].
        const double number = value.get_double();
        if (std::trunc(number) != number) {
            return fail(path, "expected integer, got a fraction");
        }
        constexpr double two_to_63 = 9223372036854775808.0;
        if (number >= -two_to_63 && number < two_to_63) {
            return store(static_cast<std::int64_t>(number));
        }
        if (number >= 0 && number < 2 * two_to_63) {
            return store(static_cast<std::uint64_t>(number));
        }
        return fail(path, "expected integer of at most 64 bits");
    }

    template <std::floating_point T>
    bool read_real(const json& value, T& out, const json_path* path) {
        switch (value.kind()) {
        case json_kind::int64:
            out = static_cast<T>(value.get_int64());
            return true;
        case json_kind::uint64:
            out = static_cast<T>(value.get_uint64());
            return true;
        case json_kind::double_:
            out = static_cast<T>(value.get_double());
            break;
        default:
            return fail_expected(path, "number", value);
        }
        return std::isfinite(out) || fail(path, "the number is too large");
    }

    template <class E>
    bool read_enum(const json& value, E& out, const json_path* path) {
        const json_string* text = value.if_string();
        if (text == nullptr) {
            return fail_expected(path, "string", value);
        }
        const auto found = reflect::enum_from_name<E>(*text);
        if (!found) {
            std::string names;
            for (const std::string_view name : reflect::enum_names<E>) {
                names.append(names.empty() ? "\"" : ", \"").append(name).append("\"");
            }
            return fail(path, "expected one of " + names + ", got " + quoted_excerpt(*text));
        }
        out = *found;
        return true;
    }

    /// Reads a text that `parse` converts to a value.
    template <class T>
    bool read_text(const json& value, T& out, const json_path* path, std::string_view what,
                   auto parse) {
        const json_string* text = value.if_string();
        if (text == nullptr) {
            return fail_expected(path, what, value);
        }
        auto parsed = parse(std::string_view{*text});
        if (!parsed) {
            return fail(path, std::string{"expected "}.append(what).append(", got ") +
                                  quoted_excerpt(*text));
        }
        out = T(std::move(*parsed));
        return true;
    }

    const json_array* array_or_fail(const json& value, const json_path* path) {
        const json_array* array = value.if_array();
        if (array == nullptr) {
            fail_expected(path, "array", value);
        }
        return array;
    }

    bool has_size(const json_array& array, std::size_t size, const json_path* path) {
        return array.size() == size ||
               fail(path, "expected " + std::to_string(size) + " elements, got " +
                              std::to_string(array.size()));
    }

private:
    std::string_view root_;
    decode_error error_;
};

} // namespace mcp::detail
