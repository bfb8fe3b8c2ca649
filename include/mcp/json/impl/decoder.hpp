// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/impl/decoder_base.hpp>
#include <mcp/json/impl/got_text.hpp>
#include <mcp/json/impl/hash_chain.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>
#include <mcp/reflect/parameters.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::detail {

/// Reads a value with all its contents into C++. Goes on after a fault, to find others.
class decoder : public decoder_base {
public:
    using decoder_base::decoder_base;

    /// Reads `value` into `out`, which holds its default-constructed value.
    template <class T>
    bool read(json_view value, T& out, const json_path* path);

    /// Reads an object into `out`, whose parameters are described at run time.
    template <class... Args, class... Described>
    bool read(json_view value, arguments<Args...>& out,
              const reflect::parameter_descriptions<Described...>& described) {
        const auto plan = plan_of_arguments<Args...>(described, std::index_sequence_for<Args...>{});
        return read_planned(value, out, described, plan.data(), nullptr);
    }

private:
    /// Is `read` as a `read_function`.
    template <class T>
    static bool read_at(decoder_base& self, json_view value, void* out, const json_path* path) {
        return static_cast<decoder&>(self).read(value, *static_cast<T*>(out), path);
    }

    template <class T>
    bool read_codec(json_view value, T& out, const json_path* path) {
        auto read = codec<T>::read(value.to_json());
        if (!read) {
            return fail_within(path, read.error());
        }
        out = std::move(*read);
        return true;
    }

    template <class T>
    bool read_integer(json_view value, T& out, const json_path* path) {
        std::uint64_t bits = 0;
        const bool good = read_whole(value, std::int64_t{std::numeric_limits<T>::min()},
                                     std::uint64_t{std::numeric_limits<T>::max()}, bits, path);
        out = static_cast<T>(bits);
        return good;
    }

    template <class E>
    bool read_enum(json_view value, E& out, const json_path* path) {
        if constexpr (reflect::flag_enum<E>) {
            std::uint64_t bits = 0;
            const bool good =
                read_flags(value, reflect::flag_names<E>.data(), reflect::flag_bits<E>.data(),
                           reflect::flag_names<E>.size(), bits, path);
            out = static_cast<E>(bits);
            return good;
        } else {
            return read_enumerator(value, out, path);
        }
    }

    template <class E>
    bool read_enumerator(json_view value, E& out, const json_path* path) {
        std::size_t index = 0;
        if (!read_name(value, reflect::enum_names<E>.data(), reflect::enum_names<E>.size(), index,
                       path)) {
            return false;
        }
        out = reflect::enum_values<E>[index];
        return true;
    }

    /// Reads a text that `parse` converts to a value.
    template <class T>
    bool read_text(json_view value, T& out, const json_path* path, std::string_view what,
                   auto parse) {
        const auto text = string_or_fail(value, what, path);
        if (!text) {
            return false;
        }
        auto parsed = parse(*text);
        if (!parsed) {
            return fail_text(path, what, value);
        }
        out = T(std::move(*parsed));
        return true;
    }

    template <class Variant, std::size_t Index>
    static bool read_as(decoder_base& self, json_view value, void* out, const json_path* path) {
        std::variant_alternative_t<Index, Variant> alternative{};
        if (!static_cast<decoder&>(self).read(value, alternative, path)) {
            return false;
        }
        static_cast<Variant*>(out)->template emplace<Index>(std::move(alternative));
        return true;
    }

    template <class T>
    bool read_variant(json_view value, T& out, const json_path* path) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            static constexpr read_function alternatives[] = {&decoder::read_as<T, I>...};
            return read_alternative(value, alternatives, &out, sizeof...(I), path);
        }(std::make_index_sequence<std::variant_size_v<T>>{});
    }

    template <class T>
    bool read_sequence(json_view value, T& out, const json_path* path) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            // The first entries prevent empty arrays.
            static constexpr read_function elements[] = {
                nullptr, &decoder::read_at<std::tuple_element_t<I, T>>...};
            void* const places[] = {nullptr, std::addressof(std::get<I>(out))...};
            return read_tuple(value, elements + 1, places + 1, sizeof...(I), path);
        }(std::make_index_sequence<std::tuple_size_v<T>>{});
    }

    /// Reads an element into the container at `out`.
    template <class T>
    static bool read_element(decoder_base& self, json_view value, void* out,
                             const json_path* path) {
        decoder& me = static_cast<decoder&>(self);
        T& list = *static_cast<T*>(out);
        typename T::value_type element{};
        if (!me.read(value, element, path)) {
            return false;
        }
        if constexpr (json_set<T>) {
            if (!me.spend_on_chain(chain_of(list, element), path->parent)) {
                return false;
            }
            const std::size_t before = list.size();
            list.insert(std::move(element));
            return list.size() != before || me.fail(path, "duplicate element");
        } else {
            list.push_back(std::move(element));
            return true;
        }
    }

    template <class T>
    bool read_elements(json_view value, T& out, const json_path* path) {
        if (!array_or_fail(value, path)) {
            return false;
        }
        out.clear();
        if constexpr (requires { out.reserve(std::size_t{}); }) {
            out.reserve(value.size());
        }
        return read_elements_by(value, std::addressof(out), &decoder::read_element<T>, path);
    }

    /// Reads a member, whose name is in `path`, into the map at `out`.
    template <class T>
    static bool read_entry(decoder_base& self, json_view value, void* out, const json_path* path) {
        using key_type = typename T::key_type;
        decoder& me = static_cast<decoder&>(self);
        T& map = *static_cast<T*>(out);
        typename T::mapped_type mapped{};
        if (!me.read(value, mapped, path)) {
            return false;
        }
        if constexpr (std::is_enum_v<key_type>) {
            const auto key = reflect::enum_from_name<key_type>(path->key);
            if (!key) {
                return me.fail_unknown(path->parent, path->key);
            }
            map.emplace(*key, std::move(mapped));
        } else {
            static_assert(std::constructible_from<key_type, std::string_view>,
                          "mcp: the keys of a map must be strings or enums");
            key_type key(path->key);
            if (!me.spend_on_chain(chain_of(map, key), path->parent)) {
                return false;
            }
            map.emplace(std::move(key), std::move(mapped));
        }
        return true;
    }

    template <class T>
    bool read_map(json_view value, T& out, const json_path* path) {
        if (!object_or_fail(value, path)) {
            return false;
        }
        out.clear();
        return read_entries_by(value, std::addressof(out), &decoder::read_entry<T>, path);
    }

    /// Is the `has_null` of a type that may have a null value; nullptr for others. For an optional,
    /// null always means absent.
    template <class T>
    static constexpr check_null_function null_check() {
        if constexpr (has_codec_read<T>) {
            return [](decoder_base&, json_view null) {
                return codec<T>::read(null.to_json()).has_value();
            };
        } else if constexpr (std::same_as<T, json> || std::same_as<T, std::monostate> ||
                             json_variant<T>) {
            return [](decoder_base& self, json_view null) {
                T probe{};
                return static_cast<decoder&>(self).read(null, probe, nullptr);
            };
        } else {
            return nullptr;
        }
    }

    /// Is `read` for a member with these attributes.
    template <class T, class Attributes>
    static constexpr member_plan plan_of(std::string_view name, bool optional,
                                         const Attributes& attributes) {
        return {name,       optional, &read_at<T>, null_check<T>(), check_of<T, Attributes>(),
                &attributes};
    }

    /// The last entry prevents an empty array.
    template <class... Args, class... Described, std::size_t... I>
    static constexpr auto
    plan_of_arguments(const reflect::parameter_descriptions<Described...>& described,
                      std::index_sequence<I...>) {
        return std::array<member_plan, sizeof...(I) + 1>{
            plan_of<typename Args::value_type>(Args::name,
                                               reflect::may_be_left_out<Args, Described>,
                                               std::get<I>(described.list).attributes)...,
            member_plan{}};
    }

    template <class... Args, class Described>
    bool read_planned(json_view value, arguments<Args...>& out, const Described& described,
                      const member_plan* plan, const json_path* path) {
        reflect::apply_defaults(out, described);
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            void* const places[] = {std::addressof(std::get<I>(out.values))..., nullptr};
            return read_members(value, plan, places, sizeof...(I), path);
        }(std::index_sequence_for<Args...>{});
    }

    template <class... Args>
    bool read_arguments(json_view value, arguments<Args...>& out, const json_path* path) {
        static constexpr const auto& described = reflect::own_descriptions<arguments<Args...>>;
        static constexpr auto plan =
            plan_of_arguments<Args...>(described, std::index_sequence_for<Args...>{});
        return read_planned(value, out, described, plan.data(), path);
    }

    template <class T, std::size_t... I>
    static constexpr auto plan_of_struct(std::index_sequence<I...>) {
        return std::array<member_plan, sizeof...(I)>{plan_of<reflect::member_type<T, I>>(
            reflect::json_names<T>[I], reflect::may_be_absent<T, I>,
            reflect::member_attributes<T, I>)...};
    }

    template <class T>
    bool read_struct(json_view value, T& out, const json_path* path) {
        constexpr std::size_t count = reflect::member_count<T>;
        static constexpr auto plan = plan_of_struct<T>(std::make_index_sequence<count>{});
        reflect::apply_described_defaults(out);
        return reflect::with_members(out, [&](auto&... member) {
            void* const places[] = {std::addressof(member)..., nullptr};
            return read_members(value, plan.data(), places, count, path);
        });
    }

    /// Returns the function that checks a member against its attributes, or nullptr.
    template <class T, class Attributes>
    static constexpr check_function check_of() {
        if constexpr (std::tuple_size_v<Attributes> > 0) {
            return [](decoder_base& self, const void* object, const void* all,
                      const json_path* path) {
                decoder& me = static_cast<decoder&>(self);
                const auto& member = *static_cast<const T*>(object);
                const auto& attributes = *static_cast<const Attributes*>(all);
                if (!me.spend_on_pattern(reflect::effort_of_attributes(attributes, member), path)) {
                    return false;
                }
                const std::string expected = reflect::unmet_expectation(attributes, member);
                return expected.empty() || me.fail_expectation(path, expected, got_text(member));
            };
        } else {
            return nullptr;
        }
    }

    template <class T>
    bool read_constrained(json_view value, T& out, const json_path* path) {
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
            return fail_expectation(path, T::expectation(), got_text(inner));
        }
        out = T(std::move(inner));
        return true;
    }
};

template <class T>
bool decoder::read(json_view value, T& out, const json_path* path) {
    static_assert(has_codec_read<T> || !has_codec<T>, "mcp: mcp::codec of this type has no read");
    if constexpr (has_codec_read<T>) {
        return read_codec(value, out, path);
    } else if constexpr (has_text_form<T>) {
        return read_text(value, out, path, text_form<T>::what(), text_form<T>::parse);
    } else if constexpr (std::same_as<T, json>) {
        out = value.to_json();
        return true;
    } else if constexpr (std::same_as<T, json_object>) {
        return value.is_object() ? (out = std::move(value.to_json().get_object()), true)
                                 : fail_expected(path, "object", value);
    } else if constexpr (std::same_as<T, json_array>) {
        return value.is_array() ? (out = std::move(value.to_json().get_array()), true)
                                : fail_expected(path, "array", value);
    } else if constexpr (std::same_as<T, bool>) {
        return value.is_bool() ? (out = value.get_bool(), true)
                               : fail_expected(path, "boolean", value);
    } else if constexpr (json_number<T> && std::integral<T>) {
        return read_integer(value, out, path);
    } else if constexpr (json_number<T>) {
        return read_real(value, out, path);
    } else if constexpr (std::same_as<T, std::string>) {
        return read_string(value, out, path);
    } else if constexpr (std::same_as<T, json_string>) {
        return value.is_string() ? (out = value.get_string(), true)
                                 : fail_expected(path, "string", value);
    } else if constexpr (std::is_enum_v<T>) {
        return read_enum(value, out, path);
    } else if constexpr (std::same_as<T, bytes>) {
        return read_text(value, out, path, "base64 text", from_base64);
    } else if constexpr (std::same_as<T, std::monostate>) {
        return value.is_null() || fail_expected(path, "null", value);
    } else if constexpr (json_optional<T>) {
        return value.is_null() ? (out.reset(), true) : read(value, reflect::renew(out), path);
    } else if constexpr (json_variant<T>) {
        return read_variant(value, out, path);
    } else if constexpr (json_tuple<T> || is_std_array<T>) {
        return read_sequence(value, out, path);
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
