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
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// What one modern call has learnt from its client so far, and what it asks for next.
///
/// The handler runs from its start in every round; questions that were answered in earlier rounds
/// return at once. A question without an answer suspends the handler for good: the round ends, the
/// client is told what is missing, and the coroutine is destroyed where it stands. Used on the
/// executor of the call. [MCP 2026-07-28 basic/patterns/mrtr]
class input_round {
public:
    /// What a state may hold: it is the server's own, and larger than what clients may send.
    static constexpr json_limits limits{.depth = 512,
                                        .object_members = std::numeric_limits<std::size_t>::max()};

    /// `ended` is called when the handler first waits for something that is not there.
    explicit input_round(std::function<void()> ended) : ended_(std::move(ended)) {}

    /// Adds what was learnt in earlier rounds: the payload of a request state. False if malformed.
    bool restore(std::string_view payload) {
        const auto parsed = parse_json(payload, limits);
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

    /// Adds the client's new answers; one that is known already stays as it was.
    void add(const json_object& responses) {
        for (const auto& entry : responses)
            answers_.emplace(entry.key(), entry.value());
    }

    /// What is known, as the payload of a request state: of the answers those that the handler has
    /// looked at, so that a client cannot fill the state with others.
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

    /// Suspends the handler for good, to be destroyed with the round.
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

    /// Destroys what waits. The coroutines unwind on their executor.
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
