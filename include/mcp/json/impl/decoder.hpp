#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/dates.hpp>
#include <mcp/encoding/durations.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/impl/scalar_decoder.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/members.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::detail {

/// Reads a value with all its contents into C++. Stops at the first fault.
class decoder : public scalar_decoder {
public:
    using scalar_decoder::scalar_decoder;

    /// Reads `value` into `out`, which holds its default-constructed value.
    template <class T>
    bool read(const json& value, T& out, const json_path* path);

private:
    template <class T>
    bool read_codec(const json& value, T& out, const json_path* path) {
        auto read = codec<T>::read(value);
        if (!read) {
            return fail_within(path, read.error());
        }
        out = std::move(*read);
        return true;
    }

    /// Reads the first alternative that fits. Nested alternatives multiply, so the attempts are
    /// counted.
    template <class... T>
    bool read_variant(const json& value, std::variant<T...>& out, const json_path* path) {
        std::string reasons;
        const auto attempt = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
            if (tries_left_ == 0) {
                return false;
            }
            --tries_left_;
            std::variant_alternative_t<I, std::variant<T...>> alternative{};
            if (read(value, alternative, path)) {
                out.template emplace<I>(std::move(alternative));
                return true;
            }
            constexpr std::size_t most = 400;
            if (reasons.size() < most) {
                reasons.append(reasons.empty() ? "" : "; ").append(error().message);
            }
            return false;
        };
        const bool found = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (attempt(std::integral_constant<std::size_t, I>{}) || ...);
        }(std::index_sequence_for<T...>{});
        if (found) {
            return true;
        }
        if (tries_left_ == 0) {
            return fail(path, "the value has too many alternatives to try");
        }
        return fail(path, "none of " + std::to_string(sizeof...(T)) +
                              " alternatives matches: " + reasons);
    }

    template <class T>
    bool read_tuple(const json& value, T& out, const json_path* path) {
        constexpr std::size_t size = std::tuple_size_v<T>;
        const json_array* array = array_or_fail(value, path);
        if (array == nullptr || !has_size(*array, size, path)) {
            return false;
        }
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            [[maybe_unused]] const auto element =
                [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
                    const json_path here{path, {}, At};
                    return read((*array)[At], std::get<At>(out), &here);
                };
            return (element(std::integral_constant<std::size_t, I>{}) && ...);
        }(std::make_index_sequence<size>{});
    }

    template <class T>
    bool read_elements(const json& value, T& out, const json_path* path) {
        const json_array* array = array_or_fail(value, path);
        if (array == nullptr) {
            return false;
        }
        out.clear();
        if constexpr (requires { out.reserve(array->size()); }) {
            out.reserve(array->size());
        }
        json_path here{path, {}, 0};
        for (const json& each : *array) {
            typename T::value_type element{};
            if (!read(each, element, &here)) {
                return false;
            }
            if constexpr (json_set<T>) {
                if (!spend_on_chain(out, element, path)) {
                    return false;
                }
                if (!insert(out, std::move(element))) {
                    return fail(&here, "duplicate element");
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
    bool read_map(const json& value, T& out, const json_path* path) {
        using key_type = typename T::key_type;
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail_expected(path, "object", value);
        }
        out.clear();
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            typename T::mapped_type mapped{};
            if (!read(entry.value(), mapped, &here)) {
                return false;
            }
            if constexpr (std::is_enum_v<key_type>) {
                const auto key = reflect::enum_from_name<key_type>(entry.key());
                if (!key) {
                    return fail(path, "unknown member " + quoted_excerpt(entry.key()));
                }
                out.emplace(*key, std::move(mapped));
            } else {
                static_assert(std::constructible_from<key_type, std::string_view>,
                              "mcp: the keys of a map must be strings or enums");
                key_type key(std::string_view{entry.key()});
                if (!spend_on_chain(out, key, path)) {
                    return false;
                }
                out.emplace(std::move(key), std::move(mapped));
            }
        }
        return true;
    }

    /// Reads members by name into `members`, a tuple of references. `check(i, member, path)` checks
    /// each member that was read.
    template <class Members, std::size_t Count>
    bool read_members(const json& value, const std::array<std::string_view, Count>& names,
                      Members members, const std::array<bool, Count>& optional,
                      const json_path* path, auto check) {
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail_expected(path, "object", value);
        }
        std::size_t found = 0;
        const auto member = [&]<std::size_t At>(std::integral_constant<std::size_t, At> at) {
            const json* each = object->if_contains(names[At]);
            if (each == nullptr) {
                return optional[At] ||
                       fail(path, "member " + quoted_excerpt(names[At]) + " is missing");
            }
            ++found;
            auto& out = std::get<At>(members);
            if (optional[At] && each->is_null() && null_is_absent(*each, out)) {
                return true;
            }
            const json_path here{path, names[At], 0};
            return read(*each, out, &here) && check(at, out, &here);
        };
        const bool good = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (member(std::integral_constant<std::size_t, I>{}) && ...);
        }(std::make_index_sequence<Count>{});
        return good && (found == object->size() || fail_unknown(*object, names, path));
    }

    /// Returns whether null counts as absent for a member that may be absent: true if the type has
    /// no null value. `out` then keeps its default. For an optional, null always means absent.
    template <class T>
    bool null_is_absent(const json& null, const T&) {
        if constexpr (has_codec_read<T>) {
            return !codec<T>::read(null);
        } else if constexpr (std::same_as<T, json> || std::same_as<T, std::monostate> ||
                             json_variant<T>) {
            T probe{};
            return !read(null, probe, nullptr);
        } else {
            return true;
        }
    }

    template <std::size_t Count>
    bool fail_unknown(const json_object& object, const std::array<std::string_view, Count>& names,
                      const json_path* path) {
        for (const auto& entry : object) {
            bool known = false;
            for (const std::string_view name : names) {
                known = known || name == std::string_view{entry.key()};
            }
            if (!known) {
                return fail(path, "unknown member " + quoted_excerpt(entry.key()));
            }
        }
        return false;
    }

    template <class... Args>
    bool read_arguments(const json& value, arguments<Args...>& out, const json_path* path) {
        static constexpr std::array<std::string_view, sizeof...(Args)> names{Args::name...};
        static constexpr std::array<bool, sizeof...(Args)> optional{
            json_optional<typename Args::value_type>...};
        return std::apply(
            [&](auto&... member) {
                return read_members(value, names, std::tie(member...), optional, path,
                                    [](auto, const auto&, auto) { return true; });
            },
            out.values);
    }

    template <class T>
    bool read_struct(const json& value, T& out, const json_path* path) {
        static constexpr auto optional = []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<bool, sizeof...(I)>{reflect::may_be_absent<T, I>...};
        }(std::make_index_sequence<reflect::member_count<T>>{});
        static_assert(reflect::check_defaults<T>());
        reflect::apply_described_defaults(out);
        return read_members(value, reflect::member_names<T>, reflect::member_refs(out), optional,
                            path, [&](auto at, const auto& member, const json_path* here) {
                                return obeys<T, at>(member, here);
                            });
    }

    /// Checks a member against `describe<T>`.
    template <class T, std::size_t At, class Member>
    bool obeys(const Member& member, const json_path* path) {
        if constexpr (reflect::has_described_members<T>) {
            if (!spend_on_pattern(reflect::effort_of_attributes<T, At>(member), path)) {
                return false;
            }
            const std::string expected = reflect::unmet_expectation<T, At>(member);
            return expected.empty() || fail(path, "expected " + expected + got(member));
        } else {
            return true;
        }
    }

    /// Returns a text such as ", got 101", or an empty text for types whose values may be long.
    template <class T>
    static std::string got(const T& value) {
        if constexpr (json_number<T>) {
            std::string text = ", got ";
            json_writer{text}.value(value);
            return text;
        } else if constexpr (json_optional<T>) {
            return value ? got(*value) : std::string{};
        } else {
            return {};
        }
    }

    template <class T>
    bool read_constrained(const json& value, T& out, const json_path* path) {
        typename T::value_type inner{};
        if (!read(value, inner, path)) {
            return false;
        }
        if constexpr (requires { T::rule::effort(inner); }) {
            if (!spend_on_pattern(T::rule::effort(inner), path)) {
                return false;
            }
        }
        if (!T::admits(inner)) {
            return fail(path, "expected " + T::expectation() + got(inner));
        }
        out = T(std::move(inner));
        return true;
    }

    bool spend(std::size_t effort, const json_path* path, const char* otherwise) {
        if (effort > effort_left_) {
            return fail(path, otherwise);
        }
        effort_left_ -= effort;
        return true;
    }

    bool spend_on_pattern(std::size_t effort, const json_path* path) {
        return spend(effort, path, "the value has too much text to match against patterns");
    }

    /// Charges for colliding keys, with which a hash table takes quadratic time.
    template <class Table>
    bool spend_on_chain([[maybe_unused]] const Table& table,
                        [[maybe_unused]] const typename Table::key_type& key,
                        [[maybe_unused]] const json_path* path) {
        if constexpr (requires { table.bucket_size(table.bucket(key)); }) {
            const std::size_t chain = table.empty() ? 0 : table.bucket_size(table.bucket(key));
            return spend(chain / 4, path, "too many keys have the same hash");
        }
        return true;
    }

    std::size_t tries_left_ = 100'000;

    /// The budget of all patterns and hash tables together, as in
    /// `schema::validation_limits::work`.
    std::size_t effort_left_ = 1'000'000;
};

template <class T>
bool decoder::read(const json& value, T& out, const json_path* path) {
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
    } else if constexpr (reflect::is_constrained<T>) {
        return read_constrained(value, out, path);
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
