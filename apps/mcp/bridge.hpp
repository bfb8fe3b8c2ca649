// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_transport.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/member.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/transport/impl/fd_pump.hpp>
#include <mcp/transport/impl/line_connection.hpp>
#include <mcp/transport/impl/standard_streams.hpp>

#include "mcp/terminal.hpp"

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/this_coro.hpp>

#include <cstdio>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp_app {

/// Forwards messages, as they are, between a client on standard input and output and a server
/// behind any transport.
class bridge final : public mcp::message_receiver, public std::enable_shared_from_this<bridge> {
public:
    bridge(const asio::any_io_executor& executor, std::unique_ptr<mcp::client_transport> server)
        : executor_(executor)
        , server_(std::move(server))
        , client_(executor,
                  mcp::detail::for_event_loop(streams_.input(),
                                              mcp::detail::fd_pump::direction::from_fd, from_input_),
                  mcp::detail::for_event_loop(streams_.output(),
                                              mcp::detail::fd_pump::direction::to_fd, to_output_),
                  64 * 1024 * 1024) {}

    asio::awaitable<int> run() {
        co_await server_->open(*this);
        std::string line;
        for (;;) {
            const bool more = co_await client_.read(line);
            if (!more)
                break;
            if (line.find_first_not_of(" \t\r") == line.npos)
                continue;
            std::string message;
            std::swap(message, line);
            co_await forward(std::move(message));
        }
        for (const auto& [id, ended] : std::exchange(calls_, {}))
            ended->abort.emit(asio::cancellation_type::terminal);
        co_await server_->close();
        client_.close();
        co_return status_;
    }

    void receive(std::string message) override {
        mcp::json_document document;
        const mcp::json_view root = document.read(message) ? mcp::json_view() : document.root();
        if (root && root.is_object() && !root.find("method"))
            if (const mcp::json_view sent = root.find("id"))
              if (const auto id = mcp::jsonrpc::id::from(sent))
                if (const auto found = calls_.find(std::string(id->text())); found != calls_.end()) {
                    learn(found->second->method, root);
                    calls_.erase(found);
                }
        write(std::move(message));
    }

    void closed(std::exception_ptr why) override {
        report("the connection has ended", why);
        status_ = 4;
        client_.stop_reading();
    }

private:
    /// A request of the client that is under way.
    struct call final : mcp::request_receiver {
        call(bridge& owner_, std::string method_) : owner(owner_), method(std::move(method_)) {}

        void receive(std::string message) override {
            owner.look_at(*this, message);
            owner.write(std::move(message));
        }
        bool done() const noexcept override { return answered; }

        bridge& owner;
        const std::string method;
        asio::cancellation_signal abort{};
        bool answered = false;
        bool cancelled = false; ///< by the client, which awaits no response
    };

    /// Takes a message of the client.
    asio::awaitable<void> forward(std::string text) {
        mcp::json_document document;
        std::optional<mcp::jsonrpc::message> message;
        if (!document.read(text))
            if (auto read = mcp::jsonrpc::read_message(document.root()))
                message = *std::move(read);
        // A batch, or what is no message, passes as well: the server says what it thinks of it.
        if (message && message->kind == mcp::jsonrpc::message_kind::request)
            co_return begin(*message, std::move(text));
        if (message && message->kind == mcp::jsonrpc::message_kind::notification)
            if (const bool told = cancel(*message); told)
                co_return;
        std::exception_ptr failure;
        try {
            co_await server_->notify(std::move(text), revision_);
        } catch (const mcp::transport_error&) {
            failure = std::current_exception();
        }
        if (failure)
            report("a message could not be sent", failure);
    }

    void begin(const mcp::jsonrpc::message& message, std::string text) {
        mcp::outgoing_request request;
        const mcp::json_view meta = mcp::find_member(message.params, "_meta");
        if (const auto named = mcp::find_member(meta, mcp::meta_key::protocol_version).if_string())
            if (const auto known = mcp::parse_revision(*named))
                agree(*known);
        request.revision = message.method == "initialize" ? mcp::latest_legacy : revision_;
        if (const auto name = mcp::mcp_name(message.method, message.params))
            request.name = *name;
        const auto made = std::make_shared<call>(*this, std::string(message.method));
        calls_[std::string(message.id.text())] = made;
        request.body = std::move(text);
        asio::co_spawn(executor_, send(shared_from_this(), made, std::move(request), message.id),
                       asio::bind_cancellation_slot(made->abort.slot(), asio::detached));
    }

    static asio::awaitable<void> send(std::shared_ptr<bridge> self, std::shared_ptr<call> under_way,
                                      mcp::outgoing_request request, mcp::jsonrpc::id id) {
        request.method = under_way->method;
        std::string fault;
        try {
            const auto sent = co_await self->server_->send(std::move(request), *under_way);
            if (sent == mcp::send_result::later)
                co_return;
            if (!under_way->done())
                fault = "the server ended the response without a result";
        } catch (const mcp::transport_error& why) {
            fault = why.what();
        } catch (const std::exception&) {
            // cancelled
        }
        self->calls_.erase(std::string(id.text()));
        if (fault.empty() || under_way->answered || under_way->cancelled)
            co_return;
        std::string text;
        const mcp::jsonrpc::error error{mcp::errc::refused, fault, {}};
        mcp::jsonrpc::write_error(text, id, error);
        self->write(std::move(text));
    }

    /// Ends the exchange of a request that the client cancels. Returns whether that tells the
    /// server, so that the notification need not be sent.
    bool cancel(const mcp::jsonrpc::message& message) {
        if (message.method != "notifications/cancelled" || !server_->has_streams() ||
            mcp::is_legacy(revision_))
            return false;
        const auto id = mcp::jsonrpc::id::from(mcp::find_member(message.params, "requestId"));
        const auto found = id ? calls_.find(std::string(id->text())) : calls_.end();
        if (found != calls_.end()) {
            const auto under_way = found->second;
            under_way->cancelled = true;
            under_way->abort.emit(asio::cancellation_type::terminal);
        }
        return true;
    }

    /// Notes the response of a request, and the revision that `initialize` agrees on.
    void look_at(call& of, const std::string& text) {
        mcp::json_document document;
        if (document.read(text))
            return;
        const mcp::json_view root = document.root();
        if (!root.is_object() || root.find("method"))
            return;
        of.answered = true;
        learn(of.method, root);
    }

    void learn(std::string_view method, mcp::json_view response) {
        if (method != "initialize")
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

    /// Writes a message to the client, after those before it.
    void write(std::string message) {
        waiting_.push_back(std::move(message));
        if (!std::exchange(writing_, true))
            asio::co_spawn(executor_, write_all(shared_from_this()), asio::detached);
    }

    static asio::awaitable<void> write_all(std::shared_ptr<bridge> self) {
        while (!self->waiting_.empty()) {
            std::string next = std::move(self->waiting_.front());
            self->waiting_.pop_front();
            const bool written = co_await self->client_.write(std::move(next));
            if (!written)
                break;
        }
        self->writing_ = false;
    }

    static void report(const char* what, const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& why) {
            std::fprintf(stderr, "mcp: %s: %s\n", what, printable(why.what()).c_str());
        }
    }

    const asio::any_io_executor executor_;
    const std::unique_ptr<mcp::client_transport> server_;
    const mcp::detail::standard_streams streams_{};
    std::optional<mcp::detail::fd_pump> from_input_{};
    std::optional<mcp::detail::fd_pump> to_output_{};
    mcp::detail::line_connection client_;
    std::map<std::string, std::shared_ptr<call>> calls_{};
    std::deque<std::string> waiting_{};
    mcp::revision revision_ = mcp::latest;
    bool agreed_ = false;
    bool writing_ = false;
    int status_ = 0;
};

inline asio::awaitable<int> run_bridge(std::unique_ptr<mcp::client_transport> server) {
    const auto executor = co_await asio::this_coro::executor;
    const auto made = std::make_shared<bridge>(executor, std::move(server));
    co_return co_await made->run();
}

} // namespace mcp_app
