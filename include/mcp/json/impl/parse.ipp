// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/impl/reader.hpp>
#include <mcp/json/parse.hpp>

#include <boost/json/monotonic_resource.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL void throw_exception_from_error(const parse_error& error, const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

MCP_DECL result<json, parse_error> parse_json(std::string_view text, const json_limits& limits,
                                              json_storage storage) {
    detail::json_reader reader;
    if (!reader.read(text, limits, storage)) {
        return parse_error{std::move(reader.message()), reader.offset()};
    }
    return reader.release();
}

struct json_parser::state {
    static constexpr std::size_t usual = 16 * 1024;

    state(const json_limits& limits_, unpaired_surrogates surrogates_, std::size_t size_)
        : limits{limits_}
        , surrogates{surrogates_}
        , size{size_}
        , buffer{std::make_unique_for_overwrite<unsigned char[]>(size_)} {
        reader.emplace();
        memory.emplace(buffer.get(), size);
    }

    const json_limits limits;
    const unpaired_surrogates surrogates;
    const std::size_t size;
    const std::unique_ptr<unsigned char[]> buffer;
    std::optional<boost::json::monotonic_resource> memory;
    std::optional<detail::json_reader> reader; ///< always present; made again after a large text
    std::optional<json> value;
    bool large = false;
};

MCP_DECL json_parser::json_parser(const json_limits& limits, unpaired_surrogates surrogates,
                                  std::size_t memory)
    : state_{std::make_unique<state>(limits, surrogates, memory)} {}

MCP_DECL json_parser::~json_parser() = default;

MCP_DECL result<const json*, parse_error> json_parser::parse(std::string_view text) {
    clear();
    state& s = *state_;
    s.large = text.size() > state::usual;
    if (!s.reader->read(text, s.limits, &*s.memory, s.surrogates)) {
        return parse_error{std::move(s.reader->message()), s.reader->offset()};
    }
    return &s.value.emplace(s.reader->release());
}

MCP_DECL void json_parser::clear() {
    state& s = *state_;
    s.value.reset();
    if (std::exchange(s.large, false)) {
        s.reader.emplace(); // its stacks have grown with the text
    } else {
        s.reader->clear();
    }
    // Constructs it again, because its release() doubles the size of the next block each time.
    s.memory.emplace(s.buffer.get(), s.size);
}

} // namespace mcp
