// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace mcp::schema::detail {

/// Computes the exact decimal digits of a positive double in a constant expression, where C++20 has
/// no `std::to_chars`.
class exact_decimal {
public:
    explicit constexpr exact_decimal(double value) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        const auto biased = static_cast<int>(bits >> 52U) & 0x7FF;
        const std::uint64_t fraction = bits & 0xF'FFFF'FFFF'FFFFU;
        int exponent = biased == 0 ? -1074 : biased - 1075;
        std::uint64_t mantissa = biased == 0 ? fraction : fraction | (1ULL << 52U);
        for (; mantissa % 2 == 0 && exponent < 0; ++exponent)
            mantissa /= 2;
        for (; mantissa != 0; mantissa /= base)
            limbs_[count_++] = static_cast<std::uint32_t>(mantissa % base);
        // Compilers count the steps of a constant expression, so each step multiplies by much.
        for (; exponent >= 29; exponent -= 29)
            multiply(1U << 29U);
        for (; exponent > 0; --exponent)
            multiply(2);
        // m / 2^k is m * 5^k / 10^k.
        for (; exponent <= -12; exponent += 12, point_ -= 12)
            multiply(244'140'625);
        for (; exponent < 0; ++exponent, --point_)
            multiply(5);
    }

    /// Rounds to 17 significant digits, which identify exactly one double: the value is
    /// `digits * 10^exponent`.
    constexpr void round(std::uint64_t& digits, int& exponent) const {
        std::size_t total = 9 * (count_ - 1);
        for (std::uint32_t top = limbs_[count_ - 1]; top != 0; top /= 10)
            ++total;
        digits = 0;
        std::size_t taken = 0;
        bool up = false;
        for (std::size_t at = 0; at < total && taken <= 17; ++at, ++taken) {
            const std::uint32_t next = digit(total - 1 - at);
            if (taken == 17)
                up = next >= 5;
            else
                digits = digits * 10 + next;
        }
        digits += up ? 1U : 0U;
        exponent = point_ + (total > 17 ? static_cast<int>(total) - 17 : 0);
    }

private:
    static constexpr std::uint32_t base = 1'000'000'000;

    /// The factor is less than the base: then the last carry fits into one limb.
    constexpr void multiply(std::uint32_t factor) {
        std::uint64_t carry = 0;
        for (std::size_t at = 0; at < count_; ++at) {
            carry += std::uint64_t{limbs_[at]} * factor;
            limbs_[at] = static_cast<std::uint32_t>(carry % base);
            carry /= base;
        }
        if (carry != 0)
            limbs_[count_++] = static_cast<std::uint32_t>(carry);
    }

    /// Returns the digit with the place value 10^`place`.
    [[nodiscard]] constexpr std::uint32_t digit(std::size_t place) const {
        std::uint32_t limb = limbs_[place / 9];
        for (std::size_t left = place % 9; left > 0; --left)
            limb /= 10;
        return limb % 10;
    }

    std::array<std::uint32_t, 90> limbs_{};
    std::size_t count_ = 0;
    int point_ = 0;
};

/// A finite number as JSON text that reads back as the same `T`: the shortest text if that has at
/// most 15 digits, or else 17 digits.
class real_text {
public:
    template <std::floating_point T>
    explicit constexpr real_text(T value) {
        double positive = static_cast<double>(value);
        if (positive < 0) {
            put('-');
            positive = -positive;
        }
        std::uint64_t digits = 0;
        int exponent = 0;
        if (positive != 0 && !find_short(static_cast<T>(positive), digits, exponent))
            exact_decimal{positive}.round(digits, exponent);
        write(digits, exponent);
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    static constexpr double power_of_ten(int exponent) {
        double power = 1;
        for (; exponent > 0; --exponent)
            power *= 10;
        return power;
    }

    /// Powers up to 10^22 are exact. So one multiplication or division is rounded correctly, and
    /// the comparison proves the digits.
    template <class T>
    static constexpr bool find_short(T value, std::uint64_t& digits, int& exponent) {
        if (value < T(1e-7) || value > T(1e21))
            return false;
        for (int scale = 0; scale <= 22; ++scale) {
            const double scaled = static_cast<double>(value) * power_of_ten(scale);
            if (scaled >= 1e15)
                break;
            digits = static_cast<std::uint64_t>(scaled + 0.5);
            if (static_cast<T>(static_cast<double>(digits) / power_of_ten(scale)) == value) {
                exponent = -scale;
                return true;
            }
        }
        return false;
    }

    constexpr void write(std::uint64_t digits, int exponent) {
        for (; digits != 0 && digits % 10 == 0; digits /= 10)
            ++exponent;
        std::array<char, 24> reversed{};
        int count = 0;
        do {
            reversed[static_cast<std::size_t>(count++)] = static_cast<char>('0' + digits % 10);
            digits /= 10;
        } while (digits != 0);
        const int point = count + exponent; // number of digits before the decimal point
        if (point > 21 || point < -6) {
            put_digits(reversed, count, 1);
            put('e');
            put_integer(point - 1);
        } else if (point <= 0) {
            put('0');
            put('.');
            for (int zero = point; zero < 0; ++zero)
                put('0');
            put_digits(reversed, count, count);
        } else {
            put_digits(reversed, count, point);
            for (int zero = count; zero < point; ++zero)
                put('0');
        }
    }

    constexpr void put_digits(const std::array<char, 24>& reversed, int count, int point) {
        for (int at = 0; at < count; ++at) {
            if (at == point)
                put('.');
            put(reversed[static_cast<std::size_t>(count - 1 - at)]);
        }
    }

    constexpr void put_integer(int value) {
        if (value < 0) {
            put('-');
            value = -value;
        }
        for (int place = value >= 100 ? 100 : value >= 10 ? 10 : 1; place > 0; place /= 10)
            put(static_cast<char>('0' + value / place % 10));
    }

    constexpr void put(char c) { text_[size_++] = c; }

    std::array<char, 40> text_{};
    std::size_t size_ = 0;
};

} // namespace mcp::schema::detail
