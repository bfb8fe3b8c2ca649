#pragma once

#include <mcp/async/suspended.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/input_required.hpp>

#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Holds the answers that one modern call has from its client, and its new questions.
///
/// The handler runs from its start in every round, and questions that were answered in earlier
/// rounds return at once. A question without an answer suspends the handler for good: the round
/// ends, the client gets the missing questions, and the coroutine is destroyed. Used on the
/// executor of the call. [MCP 2026-07-28 basic/patterns/mrtr]
class input_round {
public:
    /// `ended` is called when the handler first waits for a missing answer.
    explicit input_round(std::function<void()> ended) : ended_(std::move(ended)) {}

    /// Restores earlier rounds from the payload of a state. Returns false if it is malformed.
    bool restore(std::string_view payload) {
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

    /// Adds the client's new answers. Answers that are already known stay as they are.
    void add(const json_object& responses) {
        for (const auto& entry : responses)
            answers_.emplace(entry.key(), entry.value());
    }

    /// Returns the payload of a request state. It holds only the answers that the handler has read,
    /// so that a client cannot fill the state with others.
    std::string payload() const {
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

    const json* answer(std::string_view key) {
        const json* known = answers_.if_contains(key);
        if (known)
            used_.emplace(key);
        return known;
    }

    const json* remembered(std::string_view key) const { return once_.if_contains(key); }
    void remember(std::string_view key, json value) {
        once_.insert_or_assign(key, std::move(value));
    }

    const std::vector<input_request>& missing() const noexcept { return missing_; }

    /// Suspends the handler for good; it is destroyed with the round.
    asio::awaitable<void> wait_for(std::vector<input_request> questions) {
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

    /// Destroys the suspended coroutines. They unwind on their executor.
    void drop() { parked_.clear(); }

private:
    std::function<void()> ended_;
    json_object answers_;
    std::set<std::string, std::less<>> used_;
    json_object once_;
    std::vector<input_request> missing_;
    std::vector<suspended<>> parked_;
};

} // namespace mcp
