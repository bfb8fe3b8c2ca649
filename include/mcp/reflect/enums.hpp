// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/impl/pretty_name.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#ifdef __cpp_impl_reflection
#include <algorithm>
#include <meta>
#include <vector>
#endif

namespace mcp {

/// The range of values of `E` that is searched for names; powers of two above it are found too.
/// Specialise it for an enum with other values outside -128 … 599: C++ cannot see that they have
/// names, and writing one throws. A wider range takes longer to compile:
///
///     template <>
///     struct mcp::enum_range<status> { static constexpr int min = 0, max = 5999; };
template <class E>
struct enum_range {
    static constexpr int min = -128;
    static constexpr int max = 599;
};

namespace reflect {
namespace detail {

template <class E>
[[nodiscard]] consteval long long enum_min() noexcept {
    constexpr auto lowest = std::numeric_limits<std::underlying_type_t<E>>::lowest();
    if constexpr (std::is_unsigned_v<std::underlying_type_t<E>>)
        return enum_range<E>::min < 0 ? 0 : enum_range<E>::min;
    else if (static_cast<long long>(lowest) > enum_range<E>::min)
        return static_cast<long long>(lowest);
    else
        return enum_range<E>::min;
}

template <class E>
[[nodiscard]] consteval long long enum_max() noexcept {
    constexpr auto highest = std::numeric_limits<std::underlying_type_t<E>>::max();
    if (static_cast<unsigned long long>(highest) <
        static_cast<unsigned long long>(enum_range<E>::max))
        return static_cast<long long>(highest);
    return enum_range<E>::max;
}

/// Returns the least power of two above a number that is not negative, or 1.
[[nodiscard]] constexpr long long power_above(long long number) noexcept {
    return static_cast<long long>(
        std::bit_ceil(static_cast<unsigned long long>(number < 0 ? 0 : number) + 1));
}

/// Returns the number of values that are searched: a range, then the powers of two above it.
template <class E>
[[nodiscard]] consteval std::size_t enum_size() noexcept {
    constexpr auto highest =
        static_cast<unsigned long long>(std::numeric_limits<std::underlying_type_t<E>>::max());
    auto size = static_cast<std::size_t>(enum_max<E>() - enum_min<E>() + 1);
    for (auto power = static_cast<unsigned long long>(power_above(enum_max<E>()));
         power <= highest && power <= 1ULL << 62U; power *= 2)
        ++size;
    return size;
}

template <class E>
[[nodiscard]] consteval long long enum_value_at(std::size_t index) noexcept {
    const auto range = static_cast<std::size_t>(enum_max<E>() - enum_min<E>() + 1);
    return index < range ? enum_min<E>() + static_cast<long long>(index)
                         : power_above(enum_max<E>()) << (index - range);
}

// The range of an enum without fixed underlying type ends at the bits that its enumerators need.
// g++ does not accept a value beyond it that `bit_cast` makes. clang up to 19 warns; later versions
// say that it is not a constant, and `enum_admits` detects that.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
template <auto>
struct enum_constant {};

template <class E, long long Value>
concept enum_admits = requires { enum_constant<static_cast<E>(Value)>{}; };
#else
template <class, long long>
concept enum_admits = true;
#endif

/// Returns the enumerator of a value, or a number, which has no name, if `E` has no such value.
template <class E, long long Value>
[[nodiscard]] consteval auto enum_value_of() noexcept {
    if constexpr (enum_admits<E, Value>)
        return std::bit_cast<E>(static_cast<std::underlying_type_t<E>>(Value));
    else
        return 0;
}

template <class E, std::size_t... Index>
[[nodiscard]] consteval std::string_view print_enum(std::index_sequence<Index...>) noexcept {
    // Only an enum with fixed underlying type can be made from a number in braces.
    if constexpr (requires { E{0}; })
        return printed_values<static_cast<E>(enum_value_at<E>(Index))...>();
    else
        return printed_values<enum_value_of<E, enum_value_at<E>(Index)>()...>();
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <class E, std::size_t Count>
struct enum_table {
    std::array<E, Count> values{};
    std::array<std::string_view, Count> names{};
};

#ifdef __cpp_impl_reflection
// clang-format off
/// Returns the enumerators in ascending order of value, without further names of a value.
template <class E>
[[nodiscard]] consteval std::vector<std::pair<E, const char*>> list_enum() {
    std::vector<std::pair<E, const char*>> all;
    for (const std::meta::info each : enumerators_of(^^E))
        all.emplace_back(extract<E>(each), std::define_static_string(identifier_of(each)));
    std::ranges::stable_sort(all, {}, &std::pair<E, const char*>::first);
    const auto rest = std::ranges::unique(all, {}, &std::pair<E, const char*>::first);
    all.erase(rest.begin(), rest.end());
    return all;
}

template <class E>
[[nodiscard]] consteval auto read_enum() {
    enum_table<E, list_enum<E>().size()> found;
    for (std::size_t at = 0; const auto& [value, name] : list_enum<E>()) {
        found.values[at] = value;
        found.names[at++] = name;
    }
    return found;
}
// clang-format on
#else
/// Reads the printed values of an enum, one after the other. It works on pointers, because each
/// call of a function in a constant expression takes time of the compiler, and there are hundreds
/// of values.
class enum_reader {
public:
    /// Reads the values from `first` to `last`, then powers of two.
    constexpr enum_reader(std::string_view printed, long long first, long long last)
        : at_(printed.data())
        , end_(printed.data() + printed.size())
        , last_(last)
        , value_(first)
        , width_(decimal_width(first)) {}

    /// Reads to the next value that has a name; false if there is none.
    constexpr bool next() {
        while (at_ != end_) {
            // Most values have no name: skip "(n::e)7" without looking at each character.
            const std::size_t unnamed = cast_ + width_;
            const bool known = cast_ != 0 && unnamed < static_cast<std::size_t>(end_ - at_) &&
                               at_[unnamed] == ',' && *at_ == '(' && at_[cast_ - 1] == ')' &&
                               (at_[cast_] == '-' || (at_[cast_] >= '0' && at_[cast_] <= '9'));
            if (known) {
                at_ += unnamed + 2;
                step();
                continue;
            }
            const char* const begin = at_;
            const char* const stop = end_of_value();
            const std::string_view printed(begin, static_cast<std::size_t>(stop - begin));
            at_ = end_ - stop > 2 ? stop + 2 : end_;
            name_ = enumerator_name(printed);
            if (name_.empty())
                cast_ = printed.size() > width_ ? printed.size() - width_ : 0;
            found_ = value_;
            step();
            if (!name_.empty())
                return true;
        }
        return false;
    }

    [[nodiscard]] constexpr long long value() const { return found_; }

    [[nodiscard]] constexpr std::string_view name() const { return name_; }

private:
    /// Returns the number of characters of a decimal number.
    [[nodiscard]] static constexpr std::size_t decimal_width(long long number) noexcept {
        std::size_t width = number < 0 ? 2 : 1;
        for (; number <= -10 || number >= 10; number /= 10)
            ++width;
        return width;
    }

    /// Goes to the next value. The width changes only where a number has one digit more or less.
    constexpr void step() {
        const bool beyond = value_ >= last_;
        value_ = beyond ? power_above(value_) : value_ + 1;
        if (beyond || value_ % 10 == 0 || value_ % 10 == -9)
            width_ = decimal_width(value_);
    }

    /// Returns the name in a printed value: `red` for `n::red`, none for `(n::e)7` and `7`.
    [[nodiscard]] static constexpr std::string_view
    enumerator_name(std::string_view printed) noexcept {
        const std::string_view name = last_identifier(printed);
        const bool number = name.empty() || (name.front() >= '0' && name.front() <= '9');
        return number ? std::string_view{} : name;
    }

    /// Returns the end of the value that begins here. A comma inside brackets belongs to the
    /// template arguments of an enclosing class.
    [[nodiscard]] constexpr const char* end_of_value() const noexcept {
        int open = 0;
        const char* at = at_;
        for (; at != end_; ++at) {
            const char c = *at;
            if (c == ',' && open == 0)
                break;
            open += (c == '<' || c == '(') - (c == '>' || c == ')');
        }
        return at;
    }

    const char* at_;
    const char* end_;
    long long last_;
    long long value_;
    std::size_t width_;
    std::size_t cast_ = 0; ///< the length of "(n::e)" after its first occurrence
    long long found_ = 0;
    std::string_view name_{};
};

template <class E>
inline constexpr std::string_view printed_enum =
    print_enum<E>(std::make_index_sequence<enum_size<E>()>{});

template <class E>
[[nodiscard]] consteval std::size_t count_enum() noexcept {
    enum_reader reader(printed_enum<E>, enum_min<E>(), enum_max<E>());
    std::size_t count = 0;
    while (reader.next())
        ++count;
    return count;
}

template <class E>
[[nodiscard]] consteval auto read_enum() noexcept {
    enum_table<E, count_enum<E>()> found;
    enum_reader reader(printed_enum<E>, enum_min<E>(), enum_max<E>());
    for (std::size_t at = 0; reader.next(); ++at) {
        found.values[at] = std::bit_cast<E>(static_cast<std::underlying_type_t<E>>(reader.value()));
        found.names[at] = reader.name();
    }
    return found;
}
#endif

template <class E>
inline constexpr auto enum_table_of = read_enum<E>();

/// Returns whether C++20 finds all enumerators too.
template <class E>
[[nodiscard]] consteval bool all_in_range() noexcept {
    for (const E value : enum_table_of<E>.values) {
        const auto number = static_cast<long long>(value);
        if (number < enum_min<E>() ||
            (number > enum_max<E>() &&
             !std::has_single_bit(static_cast<unsigned long long>(number))))
            return false;
    }
    return true;
}

} // namespace detail

/// The enumerators of `E` in ascending order of value: `std::array<E, N>`. If a value has two
/// names, the compiler chooses one.
template <class E>
    requires std::is_enum_v<E>
inline constexpr const auto& enum_values = detail::enum_table_of<E>.values;

/// The names of the enumerators, in the same order: `std::array<std::string_view, N>`.
template <class E>
    requires std::is_enum_v<E>
inline constexpr const auto& enum_names = detail::enum_table_of<E>.names;

/// Returns the name of `value`, or an empty view if it has none.
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] constexpr std::string_view enum_name(E value) noexcept {
    for (std::size_t at = 0; at < enum_values<E>.size(); ++at)
        if (enum_values<E>[at] == value)
            return enum_names<E>[at];
    return {};
}

/// Returns the value with exactly this name.
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] constexpr std::optional<E> enum_from_name(std::string_view name) noexcept {
    for (std::size_t at = 0; at < enum_names<E>.size(); ++at)
        if (enum_names<E>[at] == name)
            return enum_values<E>[at];
    return std::nullopt;
}

} // namespace reflect
} // namespace mcp
