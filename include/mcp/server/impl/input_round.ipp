// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/limits.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/server/input_round.hpp>

#include <asio/async_result.hpp>
#include <asio/use_awaitable.hpp>

namespace mcp {

MCP_DECL bool input_round::restore(std::string_view payload) {
    const auto parsed = parse_json(payload, own_json_limits);
    if (!parsed || !parsed->is_object())
        return false;
    const json_object& object = parsed->get_object();
    const json* answers = object.if_contains("answers");
    const json* once = object.if_contains("once");
    if (!answers || !answers->is_object() || !once || !once->is_object())
        return false;
    answers_ = answers->get_object();
    once_ = once->get_object();
    return true;
}

MCP_DECL void input_round::add(json_view responses) {
    for (const auto& [key, response] : responses.members())
        answers_.emplace(key, response.to_json());
}

MCP_DECL std::string input_round::payload() const {
    std::string text;
    json_writer w(text);
    w.begin_object();
    w.key("answers");
    w.begin_object();
    for (const auto& entry : answers_)
        if (used_.contains(entry.key()))
            w.member(entry.key(), entry.value());
    w.end_object();
    w.member("once", once_);
    w.end_object();
    return text;
}

MCP_DECL const json* input_round::answer(std::string_view key) {
    const json* known = answers_.if_contains(key);
    if (known)
        used_.emplace(key);
    return known;
}

MCP_DECL const json* input_round::remembered(std::string_view key) const {
    return once_.if_contains(key);
}

MCP_DECL void input_round::remember(std::string_view key, json value) {
    once_.insert_or_assign(key, std::move(value));
}

MCP_DECL asio::awaitable<void> input_round::wait_for(std::vector<input_request> questions) {
    for (auto& each : questions)
        missing_.push_back(std::move(each));
    auto park = [this](auto handler) {
        parked_.emplace_back(std::move(handler));
        if (parked_.size() == 1)
            ended_();
    };
    return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(park),
                                                                        asio::use_awaitable);
}

MCP_DECL void input_round::drop() {
    parked_.clear();
}

} // namespace mcp
