// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mcp::redis {

/// Thrown when Redis replies with an error: the command is wrong or not allowed.
class command_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A reply of Redis to a command. [RESP 2]
class reply {
public:
    enum class kind { nil, integer, text, array, error };

    reply() = default;
    explicit reply(std::int64_t number) : kind_(kind::integer), number_(number) {}
    explicit reply(std::string text, kind of = kind::text) : kind_(of), text_(std::move(text)) {}
    explicit reply(std::vector<reply> elements)
        : kind_(kind::array)
        , elements_(std::move(elements)) {}

    kind type() const noexcept { return kind_; }
    bool is_nil() const noexcept { return kind_ == kind::nil; }
    bool is_error() const noexcept { return kind_ == kind::error; }

    /// Returns the number; throws `command_error` if the reply is not an integer.
    std::int64_t integer() const {
        expect(kind::integer, "an integer");
        return number_;
    }

    /// Returns the string, or the status such as `OK`; throws `command_error` if the reply is
    /// neither.
    const std::string& text() const {
        expect(kind::text, "a string");
        return text_;
    }

    /// Returns the elements; throws `command_error` if the reply is not an array.
    const std::vector<reply>& elements() const {
        expect(kind::array, "an array");
        return elements_;
    }

    /// Returns the error text of Redis; empty if the reply is not an error.
    std::string error() const { return is_error() ? text_ : std::string(); }

private:
    void expect(kind wanted, const char* name) const {
        if (kind_ != wanted)
            throw command_error(is_error() ? text_
                                           : std::string("the reply of Redis is not ") + name);
    }

    kind kind_ = kind::nil;
    std::int64_t number_ = 0;
    std::string text_;
    std::vector<reply> elements_;
};

} // namespace mcp::redis
