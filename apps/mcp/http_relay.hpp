// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/transport/http_reply.hpp>

#include "mcp/relay.hpp"

#include <asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp_app {

/// The relay of clients behind HTTP: of one legacy session, or of all modern requests. The requests
/// of the latter come from many clients, so they get ids and progress tokens of their own.
class http_relay final : public relay {
public:
    enum class kind { session, modern };
    using clock = std::chrono::steady_clock;

    /// The largest message.
    static constexpr std::size_t message_bytes = 64 * 1024 * 1024;

    /// `on_end` is called when the relay is of no more use.
    http_relay(const asio::any_io_executor& executor, std::unique_ptr<mcp::client_transport> server,
               kind serves, std::function<void()> on_end)
        : relay(executor, std::move(server))
        , is_modern_(serves == kind::modern)
        , on_end_(std::move(on_end)) {}

    /// A request under way.
    struct exchange {
        std::shared_ptr<mcp::http_reply> reply;
        std::function<void()> left; ///< to be called when the client goes
    };

    /// Sends a request. `root` is the message, and `text` its text.
    exchange ask(mcp::json root, std::string text, mcp::reply_form form,
                 std::vector<std::pair<std::string, std::string>> parameters = {}) {
        pending made;
        if (is_modern_) {
            make_unique(root, made);
            text = mcp::encode(root);
        }
        const auto message = mcp::jsonrpc::read_message(root);
        made.key = message->id.text();
        exchange out;
        out.left = later([key = made.key](http_relay& self) { self.leave(key); });
        if (form == mcp::reply_form::body)
            out.reply = std::make_shared<mcp::http_reply>();
        else
            out.reply = std::make_shared<mcp::http_reply>([left = out.left] {
                const auto events = std::make_shared<mcp::event_reply>(left, unread());
                return mcp::http_reply::stream{events, events->reader()};
            });
        out.reply->admitted();
        if (form == mcp::reply_form::events)
            out.reply->stream_now();
        made.reply = out.reply;
        pending_.push_back(std::move(made));
        request(*message, std::move(text), std::move(parameters));
        return out;
    }

    /// Whether a request of this id is under way.
    bool has(const mcp::jsonrpc::id& id) {
        return !is_modern_ && find(std::string(id.text())) != pending_.end();
    }

    /// Begins the stream of messages that belong to no request, in place of the one before.
    std::unique_ptr<mcp::http::body_stream> listen() {
        if (listening_)
            renew();
        listening_ = true;
        return std::make_unique<mcp::mailbox_stream>(
            others()->reader(),
            later([now = generation_](http_relay& self) { self.stop_listening(now); }));
    }

    void touch() { used_ = clock::now(); }

    /// Whether no client has used it since `then`, or waits for it.
    bool is_idle(clock::time_point then) const {
        return used_ < then && !listening_ &&
               std::none_of(pending_.begin(), pending_.end(),
                            [](const pending& each) { return each.reply != nullptr; });
    }

    /// Ends all streams.
    void end_streams() { renew(); }

private:
    struct pending {
        std::string key{};                        ///< the text of the id for the server
        std::shared_ptr<mcp::http_reply> reply{}; ///< null when the client has gone
        mcp::json id{};                           ///< of the client; modern only
        mcp::json token{};                        ///< of its progress; modern only
    };

    static mcp::mailbox_limits unread() {
        mcp::mailbox_limits limits;
        limits.bytes = 2 * message_bytes;
        return limits;
    }

    /// Returns a function that does `act` later on the event loop, if the relay still exists.
    template <class Act>
    std::function<void()> later(Act act) {
        return [weak = weak_from_this(), executor = executor(), act] {
            asio::post(executor, [weak, act] {
                if (const auto self = weak.lock())
                    act(static_cast<http_relay&>(*self));
            });
        };
    }

    std::vector<pending>::iterator find(const std::string& key) {
        return std::find_if(pending_.begin(), pending_.end(),
                            [&](const pending& each) { return each.key == key; });
    }

    /// Gives a request an id and a progress token that no other has.
    void make_unique(mcp::json& root, pending& of) {
        mcp::json_object& members = root.as_object();
        const std::int64_t number = ++last_id_;
        of.id = std::exchange(members["id"], number);
        if (mcp::json* const token =
                member(member(members, "params", "_meta"), mcp::meta_key::progress_token))
            of.token = std::exchange(*token, number);
    }

    /// Gives a message the id and the progress token of the client. Returns the status of a
    /// response.
    static mcp::reply_status restore(std::string& message, const pending& of) {
        auto root = mcp::parse_json(message);
        mcp::json_object* const members = root ? root->if_object() : nullptr;
        if (!members)
            return mcp::reply_status::ok;
        if (members->contains("id"))
            (*members)["id"] = of.id;
        for (const std::string_view part : {"params", "result"})
            if (mcp::json* const subscription =
                    member(member(*members, part, "_meta"), mcp::meta_key::subscription_id))
                *subscription = of.id;
        mcp::json* const params = members->if_contains("params");
        if (mcp::json* const token =
                member(params ? params->if_object() : nullptr, mcp::meta_key::progress_token))
            *token = of.token;
        message = mcp::encode(*root);
        const mcp::json_view error = mcp::json_view(*root).find("error");
        const mcp::json_view code = error.find("code");
        const auto number = code && code.is_number() ? code.to_int64() : std::nullopt;
        if (!number)
            return mcp::reply_status::ok;
        if (*number == mcp::jsonrpc::errc::method_not_found)
            return mcp::reply_status::not_found;
        return mcp::is_bad_request(static_cast<int>(*number)) ? mcp::reply_status::bad_request
                                                              : mcp::reply_status::ok;
    }

    static mcp::json* member(mcp::json_object* object, std::string_view name) {
        return object ? object->if_contains(name) : nullptr;
    }
    static mcp::json_object* member(mcp::json_object& object, std::string_view outer,
                                    std::string_view inner) {
        mcp::json* const first = object.if_contains(outer);
        mcp::json* const second = member(first ? first->if_object() : nullptr, inner);
        return second ? second->if_object() : nullptr;
    }

    void deliver(const std::string& id, std::string message, bool is_response) override {
        const auto found = find(id);
        if (found == pending_.end()) {
            if (!is_response)
                deliver_other(std::move(message));
            return;
        }
        const mcp::reply_status status =
            is_modern_ ? restore(message, *found) : mcp::reply_status::ok;
        const auto reply = found->reply;
        if (is_response)
            pending_.erase(found);
        if (reply && is_response)
            reply->finish(std::move(message), status);
        else if (reply)
            reply->send(std::move(message));
        if (is_response && !agreed() && !is_modern_)
            on_end_(); // `initialize` has failed
    }

    /// Delivers a message that belongs to no request that is known.
    void deliver_other(std::string message) {
        if (is_modern_) {
            // A log message names no request. It must not reach another client.
            const auto root = mcp::parse_json(message);
            const bool is_log = root && mcp::find_member(*root, "method").if_string() ==
                                            std::string_view("notifications/message");
            if (is_log && pending_.size() == 1 && pending_.front().reply)
                pending_.front().reply->send(std::move(message));
            return;
        }
        const auto open = std::find_if(
            pending_.rbegin(), pending_.rend(),
            [](const pending& each) { return each.reply && each.reply->reaches_client(); });
        if (listening_ || open == pending_.rend())
            others()->send(std::move(message)); // which waits for a stream
        else
            open->reply->send(std::move(message));
    }

    void dropped(const std::string& id) override {
        const auto found = find(id);
        if (found == pending_.end())
            return;
        const auto reply = found->reply;
        pending_.erase(found);
        if (reply)
            reply->finish({}, mcp::reply_status::ok);
    }

    void ended() override { on_end_(); }
    void session_lost() override { on_end_(); } // the client begins another

    /// The client no longer awaits a request. A modern request is cancelled by that.
    void leave(const std::string& key) {
        touch();
        const auto found = find(key);
        if (found == pending_.end())
            return;
        found->reply = nullptr;
        if (is_modern_)
            cancel(key);
    }

    void stop_listening(std::uint64_t generation) {
        if (generation == generation_)
            renew();
    }

    /// Ends the stream of other messages, and drops those that are unread.
    void renew() {
        touch();
        if (others_)
            others_->reader()->close();
        others_ = nullptr;
        listening_ = false;
        ++generation_;
    }

    const std::shared_ptr<mcp::event_reply>& others() {
        if (!others_)
            others_ = std::make_shared<mcp::event_reply>(
                later([now = generation_](http_relay& self) { self.stop_listening(now); }),
                unread());
        return others_;
    }

    const bool is_modern_;
    const std::function<void()> on_end_;
    std::vector<pending> pending_{}; ///< in the order of their requests
    std::int64_t last_id_ = 0;
    std::shared_ptr<mcp::event_reply> others_{}; ///< the messages that belong to no request
    bool listening_ = false;                     ///< whether a client reads these
    std::uint64_t generation_ = 0;               ///< changes when they begin anew
    clock::time_point used_ = clock::now();
};

} // namespace mcp_app
