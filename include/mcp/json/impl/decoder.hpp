#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/dates.hpp>
#include <mcp/encoding/durations.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/impl/decode_path.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/members.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::detail {

/// What a JSON value is called in a message.
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

/// Reads one value, with everything in it, into C++. The first mistake ends it.
class decoder {
public:
    explicit decoder(std::string_view root) : root_{root} {}

    decode_error take_error() { return std::move(error_); }

    /// Reads `value` into `out`, which holds the value of its default constructor.
    template <class T>
    bool read(const json& value, T& out, const decode_path* path);

private:
    bool fail(const decode_path* path, std::string message) {
        error_.path = render(root_, path);
        error_.message = std::move(message);
        return false;
    }

    bool fail_expected(const decode_path* path, std::string_view what, const json& value) {
        std::string message = "expected ";
        message.append(what).append(", got ").append(kind_name(value));
        return fail(path, std::move(message));
    }

    template <class T>
    bool read_codec(const json& value, T& out, const decode_path* path) {
        auto read = codec<T>::read(value);
        if (!read) {
            error_.path = join(render(root_, path), read.error().path);
            error_.message = read.error().message;
            return false;
        }
        out = std::move(*read);
        return true;
    }

    template <std::integral T>
    bool read_integer(const json& value, T& out, const decode_path* path) {
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
    bool read_real(const json& value, T& out, const decode_path* path) {
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
    bool read_enum(const json& value, E& out, const decode_path* path) {
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
            return fail(path, "expected one of " + names + ", got " + quoted(*text));
        }
        out = *found;
        return true;
    }

    /// Text that `parse` makes a value of.
    template <class T>
    bool read_text(const json& value, T& out, const decode_path* path, std::string_view what,
                   auto parse) {
        const json_string* text = value.if_string();
        if (text == nullptr) {
            return fail_expected(path, what, value);
        }
        auto parsed = parse(std::string_view{*text});
        if (!parsed) {
            return fail(path,
                        std::string{"expected "}.append(what).append(", got ") + quoted(*text));
        }
        out = T(std::move(*parsed));
        return true;
    }

    /// The first alternative that can be read. Alternatives within alternatives multiply, so the
    /// tries are counted.
    template <class... T>
    bool read_variant(const json& value, std::variant<T...>& out, const decode_path* path) {
        std::string reasons;
        const auto attempt = [&]<class A>(std::type_identity<A>) {
            if (tries_left_ == 0) {
                return false;
            }
            --tries_left_;
            A alternative{};
            if (read(value, alternative, path)) {
                out = std::variant<T...>{std::in_place_type<A>, std::move(alternative)};
                return true;
            }
            constexpr std::size_t most = 400;
            if (reasons.size() < most) {
                reasons.append(reasons.empty() ? "" : "; ").append(error_.message);
            }
            return false;
        };
        if ((attempt(std::type_identity<T>{}) || ...)) {
            return true;
        }
        if (tries_left_ == 0) {
            return fail(path, "too many alternatives to try");
        }
        return fail(path, "none of " + std::to_string(sizeof...(T)) +
                              " alternatives matches: " + reasons);
    }

    const json_array* array_or_fail(const json& value, const decode_path* path) {
        const json_array* array = value.if_array();
        if (array == nullptr) {
            fail_expected(path, "array", value);
        }
        return array;
    }

    bool has_size(const json_array& array, std::size_t size, const decode_path* path) {
        return array.size() == size ||
               fail(path, "expected " + std::to_string(size) + " elements, got " +
                              std::to_string(array.size()));
    }

    template <class T>
    bool read_tuple(const json& value, T& out, const decode_path* path) {
        constexpr std::size_t size = std::tuple_size_v<T>;
        const json_array* array = array_or_fail(value, path);
        if (array == nullptr || !has_size(*array, size, path)) {
            return false;
        }
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            const auto element = [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
                const decode_path here{path, {}, At};
                return read((*array)[At], std::get<At>(out), &here);
            };
            return (element(std::integral_constant<std::size_t, I>{}) && ...);
        }(std::make_index_sequence<size>{});
    }

    template <class T>
    bool read_elements(const json& value, T& out, const decode_path* path) {
        const json_array* array = array_or_fail(value, path);
        if (array == nullptr) {
            return false;
        }
        out.clear();
        if constexpr (requires { out.reserve(array->size()); }) {
            out.reserve(array->size());
        }
        decode_path here{path, {}, 0};
        for (const json& each : *array) {
            typename T::value_type element{};
            if (!read(each, element, &here)) {
                return false;
            }
            if constexpr (json_set<T>) {
                if (!insert(out, std::move(element))) {
                    return fail(&here, "the element is there twice");
                }
            } else {
                out.push_back(std::move(element));
            }
            ++here.index;
        }
        return true;
    }

    template <class T>
    static bool insert(T& set, typename T::value_type element) {
        const std::size_t before = set.size();
        set.insert(std::move(element));
        return set.size() != before;
    }

    template <class T>
    bool read_map(const json& value, T& out, const decode_path* path) {
        using key_type = typename T::key_type;
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail_expected(path, "object", value);
        }
        out.clear();
        for (const auto& entry : *object) {
            const decode_path here{path, entry.key(), 0};
            typename T::mapped_type mapped{};
            if (!read(entry.value(), mapped, &here)) {
                return false;
            }
            if constexpr (std::is_enum_v<key_type>) {
                const auto key = reflect::enum_from_name<key_type>(entry.key());
                if (!key) {
                    return fail(path, "unknown member " + quoted(entry.key()));
                }
                out.emplace(*key, std::move(mapped));
            } else {
                static_assert(std::constructible_from<key_type, std::string_view>,
                              "mcp: the keys of a map must be strings or enums");
                out.emplace(key_type(std::string_view{entry.key()}), std::move(mapped));
            }
        }
        return true;
    }

    /// Members by name; `members` is a tuple of references, `may_be_absent(i)` says whether one is
    /// optional.
    template <class Members, std::size_t Count>
    bool read_members(const json& value, const std::array<std::string_view, Count>& names,
                      Members members, const std::array<bool, Count>& optional,
                      const decode_path* path) {
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail_expected(path, "object", value);
        }
        std::size_t found = 0;
        const auto member = [&](std::size_t at, auto& out) {
            const json* each = object->if_contains(names[at]);
            if (each == nullptr) {
                return optional[at] || fail(path, "member " + quoted(names[at]) + " is missing");
            }
            ++found;
            const decode_path here{path, names[at], 0};
            return read(*each, out, &here);
        };
        const bool good = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (member(I, std::get<I>(members)) && ...);
        }(std::make_index_sequence<Count>{});
        return good && (found == object->size() || fail_unknown(*object, names, path));
    }

    template <std::size_t Count>
    bool fail_unknown(const json_object& object, const std::array<std::string_view, Count>& names,
                      const decode_path* path) {
        for (const auto& entry : object) {
            bool known = false;
            for (const std::string_view name : names) {
                known = known || name == std::string_view{entry.key()};
            }
            if (!known) {
                return fail(path, "unknown member " + quoted(entry.key()));
            }
        }
        return false;
    }

    template <class... Args>
    bool read_arguments(const json& value, arguments<Args...>& out, const decode_path* path) {
        static constexpr std::array<std::string_view, sizeof...(Args)> names{Args::name...};
        static constexpr std::array<bool, sizeof...(Args)> optional{
            json_optional<typename Args::value_type>...};
        return std::apply(
            [&](auto&... member) {
                return read_members(value, names, std::tie(member...), optional, path);
            },
            out.values);
    }

    template <class T>
    bool read_struct(const json& value, T& out, const decode_path* path) {
        static constexpr auto optional = []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<bool, sizeof...(I)>{json_optional<reflect::member_type<T, I>>...};
        }(std::make_index_sequence<reflect::member_count<T>>{});
        return read_members(value, reflect::member_names<T>, reflect::member_refs(out), optional,
                            path);
    }

    std::string_view root_;
    decode_error error_;
    std::size_t tries_left_ = 100'000;
};

template <class T>
bool decoder::read(const json& value, T& out, const decode_path* path) {
    if constexpr (has_codec_read<T>) {
        return read_codec(value, out, path);
    } else if constexpr (std::same_as<T, json>) {
        out = value;
        return true;
    } else if constexpr (std::same_as<T, json_object>) {
        return value.is_object() ? (out = value.get_object(), true)
                                 : fail_expected(path, "object", value);
    } else if constexpr (std::same_as<T, json_array>) {
        return value.is_array() ? (out = value.get_array(), true)
                                : fail_expected(path, "array", value);
    } else if constexpr (std::same_as<T, bool>) {
        return value.is_bool() ? (out = value.get_bool(), true)
                               : fail_expected(path, "boolean", value);
    } else if constexpr (json_number<T> && std::integral<T>) {
        return read_integer(value, out, path);
    } else if constexpr (json_number<T>) {
        return read_real(value, out, path);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, json_string>) {
        return value.is_string() ? (out = value.get_string(), true)
                                 : fail_expected(path, "string", value);
    } else if constexpr (std::is_enum_v<T>) {
        return read_enum(value, out, path);
    } else if constexpr (std::same_as<T, bytes>) {
        return read_text(value, out, path, "base64 text", from_base64);
    } else if constexpr (json_duration<T>) {
        return read_text(value, out, path, "duration such as \"PT1M30S\"", parse_iso8601<T>);
    } else if constexpr (json_time<T>) {
        return read_text(value, out, path, "date and time such as \"2026-07-28T09:30:00Z\"",
                         parse_rfc3339<typename T::duration>);
    } else if constexpr (std::same_as<T, std::monostate>) {
        return value.is_null() || fail_expected(path, "null", value);
    } else if constexpr (json_optional<T>) {
        return value.is_null() ? (out.reset(), true) : read(value, out.emplace(), path);
    } else if constexpr (json_variant<T>) {
        return read_variant(value, out, path);
    } else if constexpr (json_tuple<T> || is_std_array<T>) {
        return read_tuple(value, out, path);
    } else if constexpr (json_map<T>) {
        return read_map(value, out, path);
    } else if constexpr (json_elements<T>) {
        return read_elements(value, out, path);
    } else if constexpr (reflect::is_arguments<T>) {
        return read_arguments(value, out, path);
    } else if constexpr (reflect::is_arg<T>) {
        return read(value, out.value, path);
    } else if constexpr (reflect::aggregate_struct<T>) {
        return read_struct(value, out, path);
    } else {
        static_assert(has_no_json_form<T>,
                      "mcp: this type cannot be read from JSON; make it an aggregate struct or "
                      "specialise mcp::codec for it");
    }
}

} // namespace mcp::detail
