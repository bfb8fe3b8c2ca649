// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/impl/decoder_base.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/view.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

MCP_DECL bool decoder_base::fail(const json_path* path, std::string message) {
    error_.path = render_path(root_, path);
    error_.message = std::move(message);
    return false;
}

MCP_DECL decode_error decoder_base::take_error() {
    if (earlier_.empty()) {
        return std::move(error_);
    }
    std::string all;
    for (const decode_error& each : earlier_) {
        all.append(each.what()).append("; ");
    }
    all.append(error_.what());
    if (earlier_.size() + 1 == max_faults) {
        all.append("; and maybe more");
    }
    return {{}, std::move(all)};
}

MCP_DECL bool decoder_base::goes_on() {
    if (only_first_ || exhausted_ || earlier_.size() + 1 == max_faults) {
        return false;
    }
    earlier_.push_back(std::move(error_));
    return true;
}

MCP_DECL bool decoder_base::fail_again() {
    error_ = std::move(earlier_.back());
    earlier_.pop_back();
    return false;
}

MCP_DECL bool decoder_base::fail_expected(const json_path* path, std::string_view what,
                                          json_view value) {
    std::string message = "expected ";
    message.append(what).append(", got ").append(kind_name(value));
    return fail(path, std::move(message));
}

MCP_DECL bool decoder_base::fail_within(const json_path* path, const decode_error& inner) {
    error_.path = join_paths(render_path(root_, path), inner.path);
    error_.message = inner.message;
    return false;
}

MCP_DECL bool decoder_base::fail_expectation(const json_path* path, const std::string& expectation,
                                             const std::string& got) {
    return fail(path, "expected " + expectation + got);
}

MCP_DECL bool decoder_base::fail_text(const json_path* path, std::string_view what,
                                      json_view value) {
    return fail(path, std::string{"expected "}.append(what).append(", got ") +
                          quoted_excerpt(value.get_string()));
}

MCP_DECL bool decoder_base::fail_unknown(const json_path* path, std::string_view name) {
    return fail(path, "unknown member " + quoted_excerpt(name));
}

MCP_DECL bool decoder_base::fail_range(const json_path* path, std::int64_t min, std::uint64_t max,
                                       const std::string& got) {
    return fail(path, "expected integer from " + std::to_string(min) + " to " +
                          std::to_string(max) + ", got " + got);
}

MCP_DECL bool decoder_base::read_whole(json_view value, std::int64_t min, std::uint64_t max,
                                       std::uint64_t& out, const json_path* path) {
    const auto store_signed = [&](std::int64_t number) {
        if (number < min || (number >= 0 && static_cast<std::uint64_t>(number) > max)) {
            return fail_range(path, min, max, std::to_string(number));
        }
        out = static_cast<std::uint64_t>(number);
        return true;
    };
    const auto store_unsigned = [&](std::uint64_t number) {
        if (number > max) {
            return fail_range(path, min, max, std::to_string(number));
        }
        out = number;
        return true;
    };
    switch (value.kind()) {
    case json_kind::int64:
        return store_signed(value.get_int64());
    case json_kind::uint64:
        return store_unsigned(value.get_uint64());
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
        return store_signed(static_cast<std::int64_t>(number));
    }
    if (number >= 0 && number < 2 * two_to_63) {
        return store_unsigned(static_cast<std::uint64_t>(number));
    }
    return fail(path, "expected integer of at most 64 bits");
}

template <class Real>
bool decoder_base::read_any_real(json_view value, Real& out, const json_path* path) {
    switch (value.kind()) {
    case json_kind::int64:
        out = static_cast<Real>(value.get_int64());
        return true;
    case json_kind::uint64:
        out = static_cast<Real>(value.get_uint64());
        return true;
    case json_kind::double_:
        out = static_cast<Real>(value.get_double());
        break;
    default:
        return fail_expected(path, "number", value);
    }
    return std::isfinite(out) || fail(path, "the number is too large");
}

MCP_DECL bool decoder_base::read_real(json_view value, float& out, const json_path* path) {
    return read_any_real(value, out, path);
}

MCP_DECL bool decoder_base::read_real(json_view value, double& out, const json_path* path) {
    return read_any_real(value, out, path);
}

MCP_DECL bool decoder_base::read_real(json_view value, long double& out, const json_path* path) {
    return read_any_real(value, out, path);
}

MCP_DECL std::optional<std::string_view>
decoder_base::string_or_fail(json_view value, std::string_view what, const json_path* path) {
    const auto text = value.if_string();
    if (!text) {
        fail_expected(path, what, value);
    }
    return text;
}

MCP_DECL bool decoder_base::array_or_fail(json_view value, const json_path* path) {
    return value.is_array() || fail_expected(path, "array", value);
}

MCP_DECL bool decoder_base::object_or_fail(json_view value, const json_path* path) {
    return value.is_object() || fail_expected(path, "object", value);
}

MCP_DECL bool decoder_base::read_string(json_view value, std::string& out, const json_path* path) {
    const auto text = string_or_fail(value, "string", path);
    if (!text) {
        return false;
    }
    out.assign(*text);
    return true;
}

MCP_DECL bool decoder_base::read_name(json_view value, const std::string_view* names,
                                      std::size_t count, std::size_t& index,
                                      const json_path* path) {
    const auto text = string_or_fail(value, "string", path);
    if (!text) {
        return false;
    }
    for (index = 0; index < count; ++index) {
        if (names[index] == *text) {
            return true;
        }
    }
    std::string list;
    for (std::size_t at = 0; at < count; ++at) {
        list.append(list.empty() ? "\"" : ", \"").append(names[at]).append("\"");
    }
    return fail(path, "expected one of " + list + ", got " + quoted_excerpt(*text));
}

MCP_DECL bool decoder_base::read_flags(json_view value, const std::string_view* names,
                                       const std::uint64_t* flags, std::size_t count,
                                       std::uint64_t& out, const json_path* path) {
    if (!array_or_fail(value, path)) {
        return false;
    }
    json_path here{path, {}, 0};
    bool good = true;
    for (const json_view each : value.elements()) {
        std::size_t index = 0;
        if (!read_name(each, names, count, index, &here) ||
            ((out & flags[index]) != 0 && !fail(&here, "duplicate element"))) {
            if (!goes_on()) {
                return false;
            }
            good = false;
        } else {
            out |= flags[index];
        }
        ++here.index;
    }
    return good || fail_again();
}

MCP_DECL bool decoder_base::read_tuple(json_view value, const read_function* read, void* const* out,
                                       std::size_t count, const json_path* path) {
    if (!array_or_fail(value, path)) {
        return false;
    }
    if (value.size() != count) {
        return fail(path, "expected " + std::to_string(count) + " elements, got " +
                              std::to_string(value.size()));
    }
    json_path here{path, {}, 0};
    for (const json_view each : value.elements()) {
        if (!read[here.index](*this, each, out[here.index], &here)) {
            return false;
        }
        ++here.index;
    }
    return true;
}

MCP_DECL bool decoder_base::read_elements_by(json_view array, void* out, read_function read,
                                             const json_path* path) {
    json_path here{path, {}, 0};
    bool good = true;
    for (const json_view each : array.elements()) {
        if (!read(*this, each, out, &here)) {
            if (!goes_on()) {
                return false;
            }
            good = false;
        }
        ++here.index;
    }
    return good || fail_again();
}

MCP_DECL bool decoder_base::read_entries_by(json_view object, void* out, read_function read,
                                            const json_path* path) {
    bool good = true;
    for (const auto& [name, each] : object.members()) {
        const json_path here{path, name, 0};
        if (!read(*this, each, out, &here)) {
            if (!goes_on()) {
                return false;
            }
            good = false;
        }
    }
    return good || fail_again();
}

MCP_DECL bool decoder_base::read_members(json_view value, const member_plan* plan, void* const* out,
                                         std::size_t count, const json_path* path) {
    if (!object_or_fail(value, path)) {
        return false;
    }
    constexpr std::size_t few = 16;
    std::array<json_view, few> few_members;
    std::vector<json_view> many_members(count > few ? count : 0);
    json_view* const members = count > few ? many_members.data() : few_members.data();
    std::size_t found = 0;
    for (const auto& [name, each] : value.members()) {
        for (std::size_t at = 0; at < count; ++at) {
            if (plan[at].name == name) {
                members[at] = each;
                ++found;
                break;
            }
        }
    }
    bool good = true;
    for (std::size_t at = 0; at < count; ++at) {
        const member_plan& member = plan[at];
        const json_view each = members[at];
        if (!each) {
            if (!member.optional) {
                fail(path, "member " + quoted_excerpt(member.name) + " is missing");
                if (!goes_on()) {
                    return false;
                }
                good = false;
            }
            continue;
        }
        // Null counts as absent for a member that may be absent, unless its type has a null value.
        if (member.optional && each.is_null() &&
            !(member.has_null != nullptr && member.has_null(*this, each))) {
            continue;
        }
        const json_path here{path, member.name, 0};
        if (!member.read(*this, each, out[at], &here) ||
            (member.check != nullptr && !member.check(*this, out[at], member.attributes, &here))) {
            if (!goes_on()) {
                return false;
            }
            good = false;
        }
    }
    if (found != value.size()) {
        return fail_unknown_in(value, plan, count, path);
    }
    return good || fail_again();
}

MCP_DECL bool decoder_base::fail_unknown_in(json_view object, const member_plan* plan,
                                            std::size_t count, const json_path* path) {
    for (const auto& [name, each] : object.members()) {
        bool known = false;
        for (std::size_t at = 0; at < count; ++at) {
            known = known || plan[at].name == name;
        }
        if (!known) {
            fail_unknown(path, name);
            if (!goes_on()) {
                return false;
            }
        }
    }
    return fail_again();
}

MCP_DECL bool decoder_base::read_alternative(json_view value, const read_function* read, void* out,
                                             std::size_t count, const json_path* path) {
    std::string reasons;
    const bool only_first = std::exchange(only_first_, true);
    for (std::size_t at = 0; at < count && tries_left_ != 0; ++at) {
        --tries_left_;
        if (read[at](*this, value, out, path)) {
            only_first_ = only_first;
            return true;
        }
        constexpr std::size_t most = 400;
        if (reasons.size() < most) {
            reasons.append(reasons.empty() ? "" : "; ").append(error_.message);
        }
    }
    only_first_ = only_first;
    if (tries_left_ == 0) {
        exhausted_ = true;
        return fail(path, "the value has too many alternatives to try");
    }
    return fail(path, "none of " + std::to_string(count) + " alternatives matches: " + reasons);
}

MCP_DECL bool decoder_base::spend(std::size_t effort, const json_path* path,
                                  const char* otherwise) {
    if (effort > effort_left_) {
        exhausted_ = true;
        return fail(path, otherwise);
    }
    effort_left_ -= effort;
    return true;
}

MCP_DECL bool decoder_base::spend_on_pattern(std::size_t effort, const json_path* path) {
    return spend(effort, path, "the value has too much text to match against patterns");
}

MCP_DECL bool decoder_base::spend_on_chain(std::size_t chain, const json_path* path) {
    return spend(chain / 4, path, "too many keys have the same hash");
}

} // namespace mcp::detail
