// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// The params of `completion/complete`, which asks for values that complete a partial input
/// [MCP 2026-07-28 server/utilities/completion].
struct completion_params {
    enum class target : std::uint8_t { prompt, resource };

    completion_params() = default;
    completion_params(target kind_, std::string name_, std::string argument_, std::string value_)
        : kind{kind_}
        , name{std::move(name_)}
        , argument{std::move(argument_)}
        , value{std::move(value_)} {}

    target kind = target::prompt;
    /// The name of the prompt, or the URI template of the resource.
    std::string name;
    /// The argument of the prompt, or the variable of the template.
    std::string argument;
    /// The partial input; may be empty.
    std::string value;
    /// The arguments that already have a value; absent before 2025-06-18.
    std::vector<std::pair<std::string, std::string>> context;
};

/// The candidates, best first. At most 100 are sent; if there are more, `hasMore` is sent as true.
struct completion_result {
    completion_result() = default;
    completion_result(std::vector<std::string> values_, std::optional<std::int64_t> total_ = {},
                      bool has_more_ = false)
        : values{std::move(values_)}
        , total{total_}
        , has_more{has_more_} {}

    std::vector<std::string> values;
    /// The number of all candidates, if known.
    std::optional<std::int64_t> total;
    bool has_more = false;
};

/// The maximum number of candidates in one response.
inline constexpr std::size_t max_completions = 100;

/// Writes a complete result. `server_info` is that of `begin_result`.
void write(json_writer& w, const completion_result& value, revision r,
           std::string_view server_info = {});

/// Writes the params of a request.
void write(json_writer& w, const completion_params& value, revision r);

result<completion_params, decode_error> read_completion_params(json_view params);

result<completion_result, decode_error> read_completion_result(json_view value,
                                                               std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/completion.ipp>
#endif
