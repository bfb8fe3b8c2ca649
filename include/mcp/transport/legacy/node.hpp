#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/subscriber.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/transport/legacy/live_sessions.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::legacy {

/// The questions that a request has answered. Movable. The destructor resumes their callers.
class answered {
public:
    answered() = default;
    answered(answered&&) noexcept = default;
    answered& operator=(answered&&) = delete;
    ~answered() { close(all_); }

    void add(std::shared_ptr<mailbox> waiting) { all_.push_back(std::move(waiting)); }

    /// Resumes them after the work that runs now on the executor of the request. So the request
    /// gets its response first.
    void go_on_after(const asio::any_io_executor& request) {
        if (!all_.empty())
            asio::post(request, [all = std::exchange(all_, {})] { close(all); });
    }

private:
    static void close(const std::vector<std::shared_ptr<mailbox>>& all) {
        for (const auto& each : all)
            each->close();
    }

    std::vector<std::shared_ptr<mailbox>> all_;
};

/// One endpoint among the processes that serve the same sessions. Through the broker it receives
/// the messages that concern requests of this process.
class node final : public subscriber, public std::enable_shared_from_this<node> {
public:
    explicit node(server_environment& environment)
        : environment_(environment)
        , name_(random_token(9))
        , sessions_(name_ + '.') {}

    /// Starts to receive from the other processes, as soon as the broker permits.
    void join() {
        environment_.topics.join(topic(name_), shared_from_this());
        environment_.topics.join(std::string(everybody), shared_from_this());
    }

    /// Completes when the other processes can reach this process. Before, no question is sent to a
    /// client, because another process may receive its answer. Throws `unavailable`.
    pending<nothing> joined() {
        // The process may have been cut off since. The broker knows; otherwise subscribing again
        // has no effect.
        return joined_.load() ? environment_.topics.subscribe(topic(name_), shared_from_this())
                              : pending<nothing>(confirm(shared_from_this()));
    }
    void leave() {
        environment_.topics.unsubscribe(topic(name_), this);
        environment_.topics.unsubscribe(std::string(everybody), this);
    }

    /// Returns the live sessions of this process.
    live_sessions& sessions() noexcept { return sessions_; }

    /// Passes a client's response to the request that waits for it, in any process. The result is 0
    /// if there is none. A question that waits in this process is added to `asked`. Throws
    /// `unavailable` when awaited.
    pending<std::size_t> answer(session& here, const jsonrpc::message& response, const json& text,
                                answered& asked) {
        if (auto waiting = here.take_answer(response)) {
            asked.add(std::move(waiting));
            return pending<std::size_t>(std::size_t{1});
        }
        const auto whose = node_of(response.id);
        if (!whose || *whose == name_)
            return pending<std::size_t>(std::size_t{0});
        std::string message;
        json_writer w(message);
        w.begin_object();
        w.member("session", std::string_view(here.id()));
        w.member("answer", text);
        w.end_object();
        return environment_.topics.publish(topic(*whose), std::move(message));
    }

    /// Cancels a request of a session, in any process.
    void cancel(session& here, const jsonrpc::id& request) {
        if (here.cancel(request))
            return;
        std::string message;
        json_writer w(message);
        w.begin_object();
        w.member("session", std::string_view(here.id()));
        w.member_raw("cancel", request.text());
        w.end_object();
        environment_.topics.post(std::string(everybody), std::move(message));
    }

    /// Ends a session in all processes.
    void end(std::string_view session_id) {
        sessions_.end(session_id);
        std::string message;
        json_writer w(message);
        w.begin_object();
        w.member("session", session_id);
        w.member("ended", true);
        w.end_object();
        environment_.topics.post(std::string(everybody), std::move(message));
    }

    bool deliver(std::string_view, const std::string& text) override {
        // A message that a client nests to the limit is nested deeper here.
        const auto parsed = parse_json(text, own_json_limits);
        const json_object* told = parsed ? parsed->if_object() : nullptr;
        const json* id = told ? told->if_contains("session") : nullptr;
        if (!id || !id->is_string())
            return false;
        const std::string_view session_id = id->get_string();
        if (told->contains("ended")) {
            sessions_.end(session_id);
            return true;
        }
        const auto here = sessions_.find(session_id);
        if (!here)
            return false;
        if (const json* request = told->if_contains("cancel")) {
            const auto named = jsonrpc::id::from(*request);
            return named && here->cancel(*named);
        }
        const json* response = told->if_contains("answer");
        if (!response)
            return false;
        const auto message = jsonrpc::read_message(*response);
        return message && here->answer(*message);
    }

private:
    static constexpr std::string_view everybody = "nodes";

    static asio::awaitable<nothing> confirm(std::shared_ptr<node> self) {
        for (std::string name : {topic(self->name_), std::string(everybody)}) {
            auto step = self->environment_.topics.subscribe(std::move(name), self);
            if (!step.ready())
                co_await step.settle();
        }
        self->joined_.store(true);
        co_return nothing();
    }

    static std::string topic(std::string_view name) { return "node:" + std::string(name); }

    /// Returns the process that made a request id, `"<name>.<number>"`.
    static std::optional<std::string> node_of(const jsonrpc::id& id) {
        std::string_view text = id.text();
        const auto dot = text.rfind('.');
        if (!text.starts_with('"') || dot == text.npos)
            return std::nullopt;
        return std::string(text.substr(1, dot - 1));
    }

    server_environment& environment_;
    const std::string name_;
    live_sessions sessions_;
    std::atomic<bool> joined_{false};
};

} // namespace mcp::legacy
