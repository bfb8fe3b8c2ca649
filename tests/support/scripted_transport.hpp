// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_transport.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp::test {

/// What the client has sent, and the messages of the server that answer it.
struct scripted_server {
    /// Answers a request or a notification of the client: returns the texts to deliver, or throws
    /// what `send` throws. "$id" in a text stands for the id of the request. After the text "$end"
    /// the stream of a request ends; without it, the stream stays open until there is a response.
    std::function<std::vector<std::string>(const json& message)> answer;
    bool streams = false; ///< whether each request has a response stream of its own
    int turns = 0;        ///< of the event loop, before a request is answered
    std::string identity{};
    std::vector<json> sent{};          ///< by the client
    std::vector<std::string> log{};    ///< `open`, methods, `agreed REVISION`, `close`, `aborted`
    std::vector<std::string> fields{}; ///< `Mcp-Param-…: value`
    message_receiver* receiver = nullptr; ///< of the last client

    std::string methods() const {
        std::string all;
        for (const std::string& each : log)
            all.append(all.empty() ? "" : " ").append(each);
        return all;
    }
};

/// A transport to a `scripted_server`.
class scripted_transport final : public client_transport {
public:
    explicit scripted_transport(std::shared_ptr<scripted_server> server)
        : server_(std::move(server)) {}

    asio::awaitable<void> open(message_receiver& to) override {
        server_->log.emplace_back("open");
        server_->receiver = receiver_ = &to;
        co_return;
    }

    asio::awaitable<send_result> send(outgoing_request request, request_receiver& to) override {
        const json message = *parse_json(request.body);
        const auto executor = co_await asio::this_coro::executor;
        for (int turn = 0; turn < server_->turns; ++turn)
            co_await asio::post(executor, asio::use_awaitable);
        for (const auto& [name, value] : request.parameters)
            server_->fields.push_back(name + ": " + value);
        const std::vector<std::string> answers = take(message);
        const std::string id = std::to_string(json_view(message).find("id").get_int64());
        bool ended = false;
        for (std::string text : answers) {
            ended = ended || text == "$end";
            if (ended)
                break;
            if (const auto at = text.find("$id"); at != text.npos)
                text.replace(at, 3, id);
            if (server_->streams)
                to.receive(std::move(text));
            else
                receiver_->receive(std::move(text));
        }
        if (!server_->streams)
            co_return send_result::later;
        if (!ended && !to.done()) {
            asio::steady_timer never(executor, asio::steady_timer::time_point::max());
            std::exception_ptr end;
            try {
                co_await never.async_wait(asio::use_awaitable);
            } catch (...) {
                end = std::current_exception();
            }
            server_->log.emplace_back("aborted");
            std::rethrow_exception(end);
        }
        co_return send_result::complete;
    }

    asio::awaitable<void> notify(std::string message, mcp::revision) override {
        const json value = *parse_json(message);
        for (std::string& each : take(value))
            receiver_->receive(std::move(each));
        co_return;
    }

    void agreed(mcp::revision revision, bool) override {
        server_->log.push_back("agreed " + std::string(to_string(revision)));
    }

    asio::awaitable<void> close() override {
        server_->log.emplace_back("close");
        co_return;
    }

    bool has_streams() const noexcept override { return server_->streams; }
    std::string name() const override { return "scripted"; }
    std::string identity() const override { return server_->identity; }

private:
    std::vector<std::string> take(const json& message) {
        const auto method = json_view(message).find("method").if_string();
        server_->log.emplace_back(method ? std::string(*method) : "response");
        server_->sent.push_back(message);
        return server_->answer(message);
    }

    std::shared_ptr<scripted_server> server_;
    message_receiver* receiver_ = nullptr;
};

} // namespace mcp::test
