// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_transport.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/meta.hpp>

#include "mcp/terminal.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp_app {

inline void report(const std::string& what, const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& why) {
        std::fprintf(stderr, "mcp: %s: %s\n", what.c_str(), printable(why.what()).c_str());
    }
}

/// Forwards messages, as they are, between a client and a server behind any transport. Requests are
/// known by the JSON text of their ids.
class relay : public mcp::message_receiver, public std::enable_shared_from_this<relay> {
public:
    relay(const asio::any_io_executor& executor, std::unique_ptr<mcp::client_transport> server)
        : executor_(executor)
        , server_(std::move(server)) {}
    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;
    virtual ~relay() = default;

    asio::awaitable<void> open() { return server_->open(*this); }

    /// Fails the requests under way, and ends the connection to the server.
    asio::awaitable<void> close() {
        closing_ = true;
        fail_all("the bridge has ended");
        return server_->close();
    }

    /// Sends a request of the client. `parameters` are the names and values of `Mcp-Param-…`.
    void request(const mcp::jsonrpc::message& message, std::string text,
                 std::vector<std::pair<std::string, std::string>> parameters = {}) {
        mcp::outgoing_request request;
        const mcp::json_view meta = mcp::find_member(message.params, "_meta");
        if (const auto named = mcp::find_member(meta, mcp::meta_key::protocol_version).if_string())
            if (const auto known = mcp::parse_revision(*named))
                agree(*known);
        request.revision = message.method == "initialize" ? mcp::latest_legacy : revision_;
        if (const auto name = mcp::mcp_name(message.method, message.params))
            request.name = *name;
        const auto made = std::make_shared<call>(*this, message.id, std::string(message.method));
        made->token = text_of(mcp::find_member(meta, mcp::meta_key::progress_token));
        calls_[std::string(message.id.text())] = made;
        request.body = std::move(text);
        request.parameters = std::move(parameters);
        asio::co_spawn(executor_, send(shared_from_this(), made, std::move(request)),
                       asio::bind_cancellation_slot(made->abort.slot(), asio::detached));
    }

    /// Sends a notification or a response of the client, or what is no message. `message` is null
    /// for the latter. Throws `transport_error`.
    asio::awaitable<void> notify(const mcp::jsonrpc::message* message, std::string text) {
        if (message && message->kind == mcp::jsonrpc::message_kind::notification &&
            message->method == "notifications/cancelled")
            if (const auto id =
                    mcp::jsonrpc::id::from(mcp::find_member(message->params, "requestId")))
                if (const bool told = forget(std::string(id->text())); told)
                    return nothing();
        return server_->notify(std::move(text), revision_);
    }

    /// Cancels a request that the client no longer awaits.
    void cancel(const std::string& id) {
        const bool under_way = calls_.contains(id);
        if (const bool told = forget(id); told || !under_way)
            return;
        std::string text;
        mcp::jsonrpc::write_notification(text, "notifications/cancelled",
                                         R"({"requestId":)" + id + "}");
        asio::co_spawn(executor_, tell(shared_from_this(), std::move(text)), asio::detached);
    }

    void receive(std::string message) override {
        mcp::json_document document;
        const mcp::json_view root = document.read(message) ? mcp::json_view() : document.root();
        const bool is_response = root && root.is_object() && !root.find("method");
        auto found = calls_.end();
        if (is_response) {
            found = calls_.find(text_of(root.find("id")));
            if (found != calls_.end()) {
                const auto answered = found->second;
                learn(*answered, root);
            }
        } else if (root && root.is_object()) {
            found = call_of(mcp::find_member(root, "params"));
        }
        const std::string id = found == calls_.end() ? std::string() : found->first;
        if (is_response && found != calls_.end())
            calls_.erase(found);
        deliver(id, std::move(message), is_response);
    }

    void closed(std::exception_ptr why) override {
        if (closing_)
            return;
        report("the connection has ended", why);
        try {
            std::rethrow_exception(why);
        } catch (const std::exception& failure) {
            fail_all(failure.what());
        }
        ended();
    }

protected:
    const asio::any_io_executor& executor() const noexcept { return executor_; }

    /// Whether both sides have agreed on a revision.
    bool agreed() const noexcept { return agreed_; }

    /// Takes a message for the client. `id` names the request that it belongs to; empty if it
    /// belongs to none that is known.
    virtual void deliver(const std::string& id, std::string message, bool is_response) = 0;

    /// A request has been cancelled: there is no response.
    virtual void dropped(const std::string&) {}

    /// The connection to the server has ended.
    virtual void ended() = 0;

    /// The server has forgotten the session.
    virtual void session_lost() {}

    /// Returns the text of an id or a progress token; empty for another value or none.
    static std::string text_of(mcp::json_view value) {
        const auto id = value ? mcp::jsonrpc::id::from(value) : std::nullopt;
        return id ? std::string(id->text()) : std::string();
    }

private:
    /// A request of the client that is under way.
    struct call final : mcp::request_receiver {
        call(relay& owner_, mcp::jsonrpc::id id_, std::string method_)
            : owner(owner_)
            , id(std::move(id_))
            , method(std::move(method_)) {}

        void receive(std::string message) override {
            mcp::json_document document;
            const bool valid = !document.read(message) && document.root().is_object();
            const bool is_response = valid && !document.root().find("method");
            if (is_response)
                owner.learn(*this, document.root());
            if (!ended)
                owner.deliver(std::string(id.text()), std::move(message), is_response);
            ended = ended || is_response;
        }
        bool done() const noexcept override { return ended; }

        relay& owner;
        const mcp::jsonrpc::id id;
        const std::string method;
        std::string token{}; ///< of its progress
        asio::cancellation_signal abort{};
        bool ended = false;     ///< it has its response, or will have none
        bool cancelled = false; ///< by the client, which awaits no response
    };
    using calls = std::map<std::string, std::shared_ptr<call>>;

    static asio::awaitable<void> nothing() { co_return; }

    static asio::awaitable<void> tell(std::shared_ptr<relay> self, std::string text) {
        try {
            co_await self->server_->notify(std::move(text), self->revision_);
        } catch (const mcp::transport_error&) { // the connection has ended, and the request with it
        }
    }

    static asio::awaitable<void> send(std::shared_ptr<relay> self, std::shared_ptr<call> under_way,
                                      mcp::outgoing_request request) {
        request.method = under_way->method;
        std::string fault;
        bool lost = false;
        try {
            const auto sent = co_await self->server_->send(std::move(request), *under_way);
            if (sent == mcp::send_result::later)
                co_return;
            fault = "the server ended the response without a result";
        } catch (const mcp::transport_error& why) {
            fault = why.what();
            lost = why.why() == mcp::transport_failure::session_ended;
        } catch (const std::exception&) {
            // cancelled
        }
        const auto found = self->calls_.find(std::string(under_way->id.text()));
        if (found != self->calls_.end() && found->second == under_way)
            self->calls_.erase(found);
        if (under_way->ended)
            co_return;
        if (fault.empty() || under_way->cancelled)
            self->dropped(std::string(under_way->id.text()));
        else
            self->fail(*under_way, fault);
        if (lost)
            self->session_lost();
    }

    /// Ends what can be ended here of a request that the client cancels. Returns whether that tells
    /// the server, so that the notification need not be sent.
    bool forget(const std::string& id) {
        const bool streams = server_->has_streams() && !mcp::is_legacy(revision_);
        const auto found = calls_.find(id);
        if (found == calls_.end())
            return streams;
        const auto under_way = found->second;
        under_way->cancelled = true;
        if (streams) {
            under_way->abort.emit(asio::cancellation_type::terminal);
        } else if (!server_->has_streams()) {
            calls_.erase(found);
            dropped(id);
        }
        return streams;
    }

    void fail(call& of, const std::string& why) {
        of.ended = true;
        std::string text;
        const mcp::jsonrpc::error error{mcp::errc::refused, why, {}};
        mcp::jsonrpc::write_error(text, of.id, error);
        deliver(std::string(of.id.text()), std::move(text), true);
    }

    void fail_all(const std::string& why) {
        for (const auto& [id, each] : std::exchange(calls_, {})) {
            if (!each->ended)
                fail(*each, why);
            each->abort.emit(asio::cancellation_type::terminal);
        }
    }

    /// Finds the request that a notification names by its progress token or its subscription.
    calls::iterator call_of(mcp::json_view params) {
        if (const auto token = text_of(mcp::find_member(params, mcp::meta_key::progress_token));
            !token.empty())
            for (auto each = calls_.begin(); each != calls_.end(); ++each)
                if (each->second->token == token)
                    return each;
        const mcp::json_view meta = mcp::find_member(params, "_meta");
        return calls_.find(text_of(mcp::find_member(meta, mcp::meta_key::subscription_id)));
    }

    /// Notes the revision that `initialize` agrees on.
    void learn(const call& of, mcp::json_view response) {
        if (of.method != "initialize")
            return;
        const mcp::json_view result = mcp::find_member(response, "result");
        if (const auto named = mcp::find_member(result, "protocolVersion").if_string())
            if (const auto known = mcp::parse_revision(*named))
                agree(*known);
    }

    void agree(mcp::revision on) {
        if (agreed_ && revision_ == on)
            return;
        agreed_ = true;
        revision_ = on;
        server_->agreed(on, true);
    }

    const asio::any_io_executor executor_;
    const std::unique_ptr<mcp::client_transport> server_;
    calls calls_{};
    mcp::revision revision_ = mcp::latest;
    bool agreed_ = false;
    bool closing_ = false;
};

} // namespace mcp_app
