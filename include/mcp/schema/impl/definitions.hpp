// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>
#include <mcp/reflect/type_name.hpp>
#include <mcp/schema/impl/text_sink.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp::schema::detail {

template <class T>
inline constexpr char type_address{};

/// Identifies a type in a constant expression by an address. The spelling is compared first,
/// because g++ -fsanitize=undefined does not allow the comparison of two different addresses there.
/// The spelling alone is not sufficient: two lambdas of a function may each have a struct of the
/// same spelling.
struct type_mark {
    const char* address = nullptr;
    std::string_view spelling;

    friend constexpr bool operator==(const type_mark& a, const type_mark& b) {
        return a.spelling == b.spelling && a.address == b.address;
    }
};

template <class T>
inline constexpr type_mark mark_of{
    &type_address<T>, reflect::detail::printed_values<reflect::detail::named_type<T>{}>()};

/// The structs that a schema consists of, and how often each is used. A struct that is used twice,
/// or by itself, is written in `$defs`.
class definitions {
public:
    struct entry {
        type_mark mark;
        std::string_view name;
        std::size_t number = 0; ///< the number of earlier entries with the same name
        std::size_t uses = 0;
        void (*write)(text_sink&, const definitions&) = nullptr;
    };

    static constexpr std::size_t max_size = 256;

    /// Records a use of `T`; returns whether it is the first.
    template <class T>
    constexpr bool use(void (*writer)(text_sink&, const definitions&)) {
        if (entry* known = find(mark_of<T>)) {
            ++known->uses;
            return false;
        }
        entry added{mark_of<T>, reflect::type_name<T>, 0, 1, writer};
        for (std::size_t at = 0; at < size_; ++at)
            added.number += entries_[at].name == added.name ? 1U : 0U;
        entries_.at(size_++) = added;
        return true;
    }

    /// Makes `T` the root of the schema, referred to as `#`.
    template <class T>
    constexpr void set_root() {
        root_ = mark_of<T>;
    }

    template <class T>
    [[nodiscard]] constexpr bool is_root() const {
        return root_ == mark_of<T>;
    }

    /// Returns whether `T` is written in `$defs`.
    template <class T>
    [[nodiscard]] constexpr bool is_shared() const {
        const entry* known = find(mark_of<T>);
        return known != nullptr && is_shared(*known);
    }

    /// Writes `"$ref":"#/$defs/…"`.
    template <class T>
    constexpr void write_reference(text_sink& out) const {
        out.key("$ref");
        out.begin_string();
        out.text("#");
        if (!is_root<T>()) {
            out.text("/$defs/");
            write_name(out, *find(mark_of<T>));
        }
        out.end_string();
    }

    /// Writes `"$defs":{…}` if there are any definitions.
    constexpr void write(text_sink& out) const {
        bool begun = false;
        for (std::size_t at = 0; at < size_; ++at) {
            const entry& each = entries_[at];
            if (!is_shared(each))
                continue;
            if (!begun) {
                out.key("$defs");
                out.begin_object();
                begun = true;
            }
            write_key(out, each);
            each.write(out, *this);
        }
        if (begun)
            out.end_object();
    }

private:
    [[nodiscard]] constexpr bool is_shared(const entry& each) const {
        return each.uses > 1 && each.mark != root_;
    }

    [[nodiscard]] constexpr const entry* find(const type_mark& mark) const {
        for (std::size_t at = 0; at < size_; ++at)
            if (entries_[at].mark == mark)
                return &entries_[at];
        return nullptr;
    }

    [[nodiscard]] constexpr entry* find(const type_mark& mark) {
        for (std::size_t at = 0; at < size_; ++at)
            if (entries_[at].mark == mark)
                return &entries_[at];
        return nullptr;
    }

    /// Writes a name such as "point", and "point_2" for another struct of that name.
    static constexpr void write_name(text_sink& out, const entry& each) {
        out.text(each.name);
        if (each.number > 0) {
            const char suffix[] = {'_', static_cast<char>('1' + each.number)};
            out.text({suffix, 2});
        }
    }

    static constexpr void write_key(text_sink& out, const entry& each) {
        out.begin_string();
        write_name(out, each);
        out.end_string();
        out.colon();
    }

    std::array<entry, max_size> entries_{};
    std::size_t size_ = 0;
    type_mark root_;
};

/// The structs of the schema of a result. A result has all its members, but empty ones; what an
/// argument may leave out does not matter.
class result_definitions : public definitions {};

template <class Known>
inline constexpr bool is_of_result = std::is_same_v<Known, result_definitions>;

template <class T, class Known>
constexpr void write_definition(text_sink& out, const definitions& known);

template <class T, class Known>
constexpr void collect(Known& known);

template <class... T, class Known>
constexpr void collect_all(Known& known, std::type_identity<std::tuple<T...>>) {
    (collect<std::remove_cvref_t<T>>(known), ...);
}

template <class Sequence, class... T, class Known>
constexpr void collect_all(Known& known, std::type_identity<reflect::member_list<Sequence, T...>>) {
    (collect<std::remove_cv_t<T>>(known), ...);
}

template <class... T, class Known>
constexpr void collect_all(Known& known, std::type_identity<std::variant<T...>>) {
    (collect<T>(known), ...);
}

template <class First, class Second, class Known>
constexpr void collect_all(Known& known, std::type_identity<std::pair<First, Second>>) {
    collect<First>(known);
    collect<Second>(known);
}

template <class... Args, class Known>
constexpr void collect_all(Known& known, std::type_identity<arguments<Args...>>) {
    (collect<typename Args::value_type>(known), ...);
}

/// Records the structs in `T`.
template <class T, class Known>
constexpr void collect(Known& known) {
    using namespace mcp::detail;
    if constexpr (requires { codec<T>::schema; } || has_text_form<T> || json_tree<T> ||
                  json_text<T> || std::same_as<T, bytes> || std::is_scalar_v<T>) {
    } else if constexpr (json_optional<T>) {
        collect<reflect::content_type<T>>(known);
    } else if constexpr (reflect::is_constrained<T> || reflect::is_arg<T>) {
        collect<typename T::value_type>(known);
    } else if constexpr (json_tuple<T> || json_variant<T> || reflect::is_arguments<T>) {
        collect_all(known, std::type_identity<T>{});
    } else if constexpr (json_map<T>) {
        collect<typename T::mapped_type>(known);
    } else if constexpr (json_range<T>) {
        collect<json_element_t<T>>(known);
    } else if constexpr (reflect::aggregate_struct<T>) {
        if (known.template use<T>(&write_definition<T, Known>))
            collect_all(known, std::type_identity<reflect::member_list_of<T>>{});
    }
}

} // namespace mcp::schema::detail
