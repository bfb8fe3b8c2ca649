#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/async/mailbox.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/http/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/subscription_limits.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/result.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/http_reply.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// One `subscriptions/listen`. Writes published messages to its stream, each marked with the id of
/// the request. [MCP 2026-07-28 basic/patterns/subscriptions]
///
/// It lives while it is referenced; it is subscribed from `begin` to `end`. `write` is called from
/// any thread with one whole message.
class listener final : public subscriber, public std::enable_shared_from_this<listener> {
public:
    using writer = std::function<bool(std::string message)>;

    listener(jsonrpc::id id, subscription_filter filter, writer write)
        : id_(std::move(id))
        , filter_(std::move(filter))
        , write_(std::move(write)) {
        for (const std::string& uri : filter_.resource_subscriptions) {
            auto& spellings = resources_[resource_topic(uri)];
            if (std::find(spellings.begin(), spellings.end(), uri) == spellings.end())
                spellings.push_back(uri);
        }
    }

    /// Counts the filter in the budget of all streams. Returns false if it is too large.
    bool reserve(const std::shared_ptr<byte_budget>& all) {
        std::size_t bytes = 0;
        for (const std::string& uri : filter_.resource_subscriptions)
            bytes += 4 * (sizeof uri + uri.size()); // the topics repeat the URI
        all_ = all;
        held_ = byte_share(all_.get());
        return held_.resize(bytes);
    }

    /// Subscribes and sends the acknowledgement; does not wait for the broker.
    void begin(const any_broker& topics) {
        for (std::string& topic : subscribed())
            topics.join(std::move(topic), shared_from_this());
        acknowledge();
    }

    /// Subscribes, and sends the acknowledgement after the broker's confirmation, so that no later
    /// message is missed. May be awaited on any executor.
    asio::awaitable<void> begin_confirmed(const any_broker& topics) {
        const auto self = shared_from_this();
        for (std::string& topic : subscribed()) {
            auto step = topics.subscribe(std::move(topic), self);
            if (!step.ready())
                co_await step.settle();
        }
        acknowledge();
    }

    void end(const any_broker& topics) {
        for (const std::string& topic : subscribed())
            topics.unsubscribe(topic, this);
    }

    /// Returns the response that ends the stream gracefully.
    std::string goodbye(std::string_view server_info) const {
        std::string message;
        write_listen_end(message, id_, server_info);
        return message;
    }

    bool deliver(std::string_view topic, const std::string&) override {
        if (const auto found = resources_.find(topic); found != resources_.end()) {
            bool taken = false;
            for (const std::string& uri : found->second) { // each as the client spelled it
                std::string message;
                write_resource_updated(message, uri, id_);
                taken = pass_on(std::move(message));
            }
            return taken;
        }
        const auto kind = list_of(topic);
        if (!kind)
            return false;
        std::string message;
        write_list_changed(message, *kind, id_);
        return pass_on(std::move(message));
    }

private:
    bool pass_on(std::string message) {
        std::lock_guard lock(mutex_);
        if (acknowledged_)
            return write_(std::move(message));
        // All messages of a topic are equal, so one is enough.
        if (std::find(early_.begin(), early_.end(), message) == early_.end())
            early_.push_back(std::move(message));
        return true;
    }

    /// Sends the first message, and then those that were published during the subscribing.
    void acknowledge() {
        std::string message;
        write_acknowledged(message, id_, filter_);
        std::lock_guard lock(mutex_);
        write_(std::move(message));
        for (std::string& each : early_)
            write_(std::move(each));
        early_.clear();
        acknowledged_ = true;
    }

    static std::optional<list_kind> list_of(std::string_view topic) {
        for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
            if (list_topic(kind) == topic)
                return kind;
        return std::nullopt;
    }

    std::vector<std::string> subscribed() const {
        std::vector<std::string> names;
        for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
            if (filter_.wants(kind))
                names.emplace_back(list_topic(kind));
        for (const auto& [topic, spellings] : resources_)
            names.push_back(topic);
        return names;
    }

    const jsonrpc::id id_;
    const subscription_filter filter_;
    const writer write_;
    std::map<std::string, std::vector<std::string>, std::less<>> resources_; // URIs by their topic
    std::shared_ptr<byte_budget> all_;
    byte_share held_;
    std::mutex mutex_;
    bool acknowledged_ = false;
    std::vector<std::string> early_;
};

/// Reads the filter in the params of `subscriptions/listen`. Returns the error if it is refused.
inline result<subscription_filter, jsonrpc::error> read_filter(const json_object* params,
                                                               const subscription_limits& most) {
    auto filter = read_listen_params(params);
    if (!filter)
        return invalid_params("params." + filter.error().what());
    if (auto why = most.refuse_all(filter->resource_subscriptions,
                                   "params.notifications.resourceSubscriptions: a URI"))
        return std::move(*why);
    return std::move(*filter);
}

/// Returns the part of a filter that this server sends to a client without a principal. It leaves
/// out members of extensions, and resources that need permission.
inline subscription_filter honoured(const any_server& server, subscription_filter asked) {
    asked.task_ids.clear();
    std::erase_if(asked.resource_subscriptions,
                  [&](const std::string& uri) { return server.reading(uri) != nullptr; });
    return asked;
}

/// Returns the part of a filter that this server sends to the principal `who`, which may be null.
/// It leaves out resources that the principal may not read. Throws `unavailable` if a predicate
/// does.
inline asio::awaitable<subscription_filter>
honoured(any_server& server, std::shared_ptr<const principal> who, subscription_filter asked) {
    std::vector<std::string> allowed;
    for (std::string& uri : asked.resource_subscriptions) {
        std::exception_ptr refusal;
        if (auto needed = server.reading(uri)) {
            json_object params = reading_params(uri);
            refusal = co_await verdict_of(std::move(needed), who, std::move(params));
        }
        try {
            if (refusal)
                std::rethrow_exception(refusal);
            allowed.push_back(std::move(uri));
        } catch (const unavailable&) {
            throw;
        } catch (const forbidden&) {
        } catch (...) {
            server.environment().log(log_level::warning,
                                     "a predicate failed: " + describe_exception(refusal));
        }
    }
    asked.task_ids.clear();
    asked.resource_subscriptions = std::move(allowed);
    co_return asked;
}

/// The response body of a listen request.
class listen_stream final : public http::body_stream {
public:
    listen_stream(any_server& server, jsonrpc::id id, subscription_filter filter)
        : server_(server)
        , box_(std::make_shared<mailbox>(server.environment().stream_limits()))
        , listener_(std::make_shared<listener>(
              std::move(id), std::move(filter),
              [box = box_](std::string message) { return push(*box, message); }))
        , body_(box_) {}

    ~listen_stream() override { listener_->end(server_.environment().topics); }

    /// Starts to listen. Await it once, before the stream is read. Throws `unavailable` if the
    /// broker does, or if the streams hold too much already.
    asio::awaitable<void> begin() {
        if (!listener_->reserve(server_.environment().stream_budget()))
            throw unavailable("the streams of the server have reached their memory limit");
        return listener_->begin_confirmed(server_.environment().topics);
    }

    asio::awaitable<bool> read(std::string& out) override { return body_.read(out); }
    bool ready() const noexcept override { return body_.ready(); }
    void close() noexcept override { body_.close(); }
    void idle() noexcept override { body_.idle(); }
    void drain() noexcept override {
        push(*box_, listener_->goodbye(server_.info_text(latest)));
        box_->close();
    }

private:
    static bool push(mailbox& box, const std::string& message) {
        std::string text;
        sse::append_event(text, sse::event{.data = message, .name = "message"});
        const push_result pushed = box.push(std::move(text));
        if (pushed == push_result::full)
            box.abandon(); // the client is too slow; it may listen again
        return pushed == push_result::taken;
    }

    any_server& server_;
    std::shared_ptr<mailbox> box_;
    std::shared_ptr<listener> listener_;
    mailbox_stream body_;
};

} // namespace mcp
