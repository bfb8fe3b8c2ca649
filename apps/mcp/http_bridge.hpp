// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/sigpipe.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/http/cors.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/transport/http_policy.hpp>
#include <mcp/transport/http_reply.hpp>

#include "mcp/command_line.hpp"
#include "mcp/http_relay.hpp"
#include "mcp/modern_fields.hpp"
#include "mcp/target.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp_app {

/// An endpoint of streamable HTTP in front of a server behind any transport. Each legacy session has
/// a transport of its own; all modern requests share one.
class http_bridge {
public:
    explicit http_bridge(const command_line& given) : given_(given) {
        policy_.own_names.push_back(given.host);
        if (!given.hosts.empty())
            policy_.hosts = given.hosts;
        policy_.origins = given.origins;
    }

    /// Serves on an event loop. `on_closed` is called when all connections to the server have ended
    /// after `stop`.
    void start(const asio::any_io_executor& executor, std::function<void()> on_closed) {
        executor_ = executor;
        on_closed_ = std::move(on_closed);
        asio::co_spawn(executor, end_idle(*this), asio::detached);
    }

    /// Ends all requests and connections.
    void stop() {
        stopping_ = true;
        while (!relays_.empty())
            end(relays_.begin()->first);
        if (closing_ == 0)
            on_closed_();
    }

    /// Forgets what depends on the event loop, which has ended.
    void clear() { relays_.clear(); }

    bool accepts(const mcp::http::request& q) const {
        return mcp::accepts_host(policy_, q) && mcp::accepts_origin(policy_, q);
    }

    asio::awaitable<void> post(mcp::http::request& q, mcp::http::response& r) {
        using mcp::http::status;
        namespace jsonrpc = mcp::jsonrpc;
        if (!lets_in(q, r))
            co_return;
        const std::string_view type =
            q.headers.find("content-type").value_or(std::string_view());
        if (!mcp::http::is_media(type, "application/json"))
            co_return refuse(r, status::unsupported_media_type,
                             {jsonrpc::errc::invalid_request, "Content-Type must be "
                                                              "application/json"});
        auto root = mcp::parse_json(q.body);
        if (!root)
            co_return refuse(r, status::bad_request,
                             {jsonrpc::errc::parse_error,
                              "Parse error: " + std::string(root.error().what())});
        const auto message = jsonrpc::read_message(*root);
        if (!message)
            co_return refuse(r, status::bad_request, message.error(), jsonrpc::readable_id(*root));
        const auto meta = mcp::read_request_meta(message->params);
        if (!meta)
            co_return refuse(r, status::bad_request, mcp::invalid_params(meta.error().what()),
                             message->id);
        const auto named = q.headers.find(mcp::header::protocol_version);
        const auto revision = mcp::parse_revision(named.value_or(std::string_view()));
        const bool modern = meta->is_modern() || (named && !(revision && mcp::is_legacy(*revision)));
        std::optional<jsonrpc::error> wrong;
        parameter_fields mirrored;
        if (modern)
            wrong = check_modern(q.headers, *message, *meta, mirrored);
        if (wrong)
            co_return refuse(r, status::bad_request, *wrong, message->id);
        if (message->kind != jsonrpc::message_kind::request && modern) {
            r.code = status::accepted; // closing a stream is what cancels a modern request
            co_return;
        }
        const bool initializes = !modern && message->method == "initialize";
        std::shared_ptr<http_relay> relay;
        std::string key = initializes ? mcp::random_token(16) : std::string();
        if (modern || initializes)
            relay = co_await opened(r, std::move(key), message->id);
        else
            relay = session_of(q, r, message->id);
        if (!relay)
            co_return;
        relay->touch();
        if (message->kind == jsonrpc::message_kind::request) {
            const auto form = mcp::accepted_form(q.headers);
            if (!form)
                co_return refuse(r, status::not_acceptable,
                                 {jsonrpc::errc::invalid_request,
                                  "Accept must list application/json and text/event-stream"},
                                 message->id);
            if (relay->has(message->id))
                co_return refuse(r, status::bad_request,
                                 mcp::invalid_request("A request of this id is under way"));
            auto exchange =
                relay->ask(*std::move(root), std::string(q.body), *form, std::move(mirrored));
            auto answer = respond(r, std::move(exchange));
            co_return co_await std::move(answer);
        }
        std::string failure, text(q.body);
        try {
            co_await relay->notify(&*message, std::move(text));
        } catch (const mcp::transport_error& why) {
            failure = why.what();
        }
        if (!failure.empty())
            co_return refuse(r, status::bad_gateway, {mcp::errc::refused, failure});
        r.code = status::accepted;
    }

    /// Opens the stream of messages that belong to no request.
    asio::awaitable<void> get(mcp::http::request& q, mcp::http::response& r) {
        const auto relay = lets_in(q, r) ? session_of(q, r) : nullptr;
        if (!relay)
            co_return;
        if (mcp::accepted_form(q.headers).value_or(mcp::reply_form::body) == mcp::reply_form::body)
            co_return refuse(r, mcp::http::status::not_acceptable,
                             mcp::invalid_request("Accept must list text/event-stream"));
        stream(r, relay->listen());
    }

    /// Ends a session.
    asio::awaitable<void> remove(mcp::http::request& q, mcp::http::response& r) {
        const auto relay = lets_in(q, r) ? session_of(q, r) : nullptr;
        if (!relay)
            co_return;
        end(std::string(*q.headers.find(mcp::header::session_id)));
        r.code = mcp::http::status::no_content;
    }

private:
    static void refuse(mcp::http::response& r, mcp::http::status code,
                       const mcp::jsonrpc::error& why, const mcp::jsonrpc::id& id = {}) {
        r.code = code;
        r.content_type = "application/json";
        mcp::jsonrpc::write_error(r.body, id, why);
    }

    static void stream(mcp::http::response& r, std::unique_ptr<mcp::http::body_stream> events) {
        r.content_type = "text/event-stream";
        r.headers += "Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n";
        r.stream = std::move(events);
    }

    bool lets_in(const mcp::http::request& q, mcp::http::response& r) const {
        if (!accepts(q))
            refuse(r, mcp::http::status::forbidden,
                   {mcp::errc::refused, "This Host or Origin is not allowed; see --allowed-hosts "
                                        "and --allowed-origins"});
        else if (stopping_)
            refuse(r, mcp::http::status::service_unavailable,
                   {mcp::errc::refused, "The bridge ends"});
        else
            return true;
        return false;
    }

    /// Returns the session that a request names; null after a refusal.
    std::shared_ptr<http_relay> session_of(const mcp::http::request& q, mcp::http::response& r,
                                           const mcp::jsonrpc::id& id = {}) {
        const auto named = q.headers.find(mcp::header::session_id);
        const auto version = q.headers.find(mcp::header::protocol_version);
        const auto found = named && !named->empty() ? relays_.find(*named) : relays_.end();
        if (!named || named->empty())
            refuse(r, mcp::http::status::bad_request,
                   {mcp::errc::refused, "Mcp-Session-Id is missing; `initialize` begins a session"},
                   id);
        else if (version && !mcp::parse_revision(*version))
            refuse(r, mcp::http::status::bad_request, mcp::unsupported_protocol_version(*version),
                   id);
        else if (found == relays_.end())
            refuse(r, mcp::http::status::not_found,
                   {mcp::errc::session_not_found, "The session is unknown, or has ended"}, id);
        return found == relays_.end() || r.code != mcp::http::status::ok ? nullptr : found->second;
    }

    /// Returns the relay of a key, which is empty for that of modern requests; connects it to the
    /// server if there is none. Returns null after a refusal.
    asio::awaitable<std::shared_ptr<http_relay>> opened(mcp::http::response& r, std::string key,
                                                        mcp::jsonrpc::id id) {
        if (const auto found = relays_.find(key); found != relays_.end())
            co_return found->second;
        if (relays_.size() + closing_ >= given_.sessions) {
            r.set("Retry-After", "5");
            refuse(r, mcp::http::status::service_unavailable,
                   {mcp::errc::refused, "There are too many sessions; try again later"}, id);
            co_return nullptr;
        }
        const auto kind = key.empty() ? http_relay::kind::modern : http_relay::kind::session;
        const auto made = std::make_shared<http_relay>(executor_, make_transport(given_), kind,
                                                       [this, key] { end(key); });
        relays_[key] = made;
        std::exception_ptr failure;
        std::string why;
        try {
            co_await made->open();
        } catch (const mcp::transport_error& error) {
            failure = std::current_exception();
            why = error.what();
        }
        if (failure) {
            report("there is no connection", failure);
            end(key);
            refuse(r, mcp::http::status::bad_gateway, {mcp::errc::refused, why}, id);
            co_return nullptr;
        }
        if (!key.empty())
            r.set(mcp::header::session_id, key);
        co_return made;
    }

    /// Waits until the response is known to be JSON or a stream, and writes it.
    static asio::awaitable<void> respond(mcp::http::response& r, http_relay::exchange exchange) {
        asio::steady_timer silence(co_await asio::this_coro::executor,
                                   std::chrono::milliseconds(75));
        silence.async_wait([reply = exchange.reply](std::error_code stopped) {
            if (!stopped)
                reply->stream_now(); // so that the client sees signs of life
        });
        try {
            if (exchange.reply->undecided())
                co_await exchange.reply->decided();
        } catch (...) {
            exchange.reply->abandon();
            exchange.left();
            throw;
        }
        if (auto events = exchange.reply->reader()) {
            stream(r, std::make_unique<mcp::mailbox_stream>(std::move(events), exchange.left));
            co_return;
        }
        const auto status =
            exchange.reply->take_response(r.body).value_or(mcp::reply_status::ok);
        r.code = r.body.empty() ? mcp::http::status::accepted // cancelled
                                : static_cast<mcp::http::status>(status);
        if (!r.body.empty())
            r.content_type = "application/json";
    }

    /// Ends the connection of a relay.
    void end(const std::string& key) {
        const auto found = relays_.find(key);
        if (found == relays_.end())
            return;
        const auto relay = found->second;
        relays_.erase(found);
        ++closing_;
        asio::co_spawn(executor_, close(*this, relay), asio::detached);
    }

    static asio::awaitable<void> close(http_bridge& self, std::shared_ptr<http_relay> relay) {
        try {
            co_await relay->close();
        } catch (const mcp::transport_error&) { // it has ended all the same
        }
        relay->end_streams();
        if (--self.closing_ == 0 && self.stopping_)
            self.on_closed_();
    }

    static asio::awaitable<void> end_idle(http_bridge& self) {
        using clock = http_relay::clock;
        using std::chrono::milliseconds;
        const milliseconds limit(static_cast<milliseconds::rep>(self.given_.idle * 1000));
        asio::steady_timer timer(self.executor_);
        for (;;) {
            timer.expires_after(std::clamp(limit / 4, milliseconds(50), milliseconds(30'000)));
            co_await timer.async_wait(asio::use_awaitable);
            std::vector<std::string> idle;
            for (const auto& [key, relay] : self.relays_)
                if (relay->is_idle(clock::now() - limit))
                    idle.push_back(key);
            for (const std::string& each : idle)
                self.end(each);
        }
    }

    const command_line& given_;
    mcp::http_policy policy_{};
    asio::any_io_executor executor_{};
    std::function<void()> on_closed_{};
    /// By session id; the relay of modern requests has an empty key.
    std::map<std::string, std::shared_ptr<http_relay>, std::less<>> relays_{};
    std::size_t closing_ = 0; ///< relays whose connection is being closed
    bool stopping_ = false;
};

/// Serves until SIGINT or SIGTERM.
inline int run_http_bridge(const command_line& given) {
    using mcp::http::verb;
    const mcp::detail::ignored_sigpipe no_signal;
    make_transport(given); // throws what is wrong with the command line
    http_bridge endpoint(given);
    const auto to = [&endpoint](auto member) {
        return [&endpoint, member](mcp::http::request& q, mcp::http::response& r) {
            return (endpoint.*member)(q, r);
        };
    };
    mcp::http::router routes;
    routes.add(verb::post, "/mcp", to(&http_bridge::post));
    routes.add(verb::get, "/mcp", to(&http_bridge::get));
    routes.add(verb::delete_, "/mcp", to(&http_bridge::remove));
    mcp::http::cors_options pages;
    pages.accepts = [&endpoint](const mcp::http::request& q) { return endpoint.accepts(q); };
    const mcp::http::cors all(routes, pages);
    mcp::http::server_options options;
    options.host = given.host;
    options.port = given.port;
    options.limits.body_bytes = http_relay::message_bytes;
    options.on_refusal = all.marker();
    options.on_error = [](std::exception_ptr failure) { report("HTTP", failure); };
    mcp::http::server server(all, options);
    try {
        server.listen();
    } catch (const std::system_error& why) {
        throw std::runtime_error("cannot listen on " + given.host + ", port " +
                                 std::to_string(given.port) + ": " + why.code().message());
    }
    endpoint.start(server.executor(0), [&server] { server.stop(); });
    // The first signal ends the bridge; the next one has its default effect.
    asio::signal_set signals(server.executor(0), SIGINT, SIGTERM);
    signals.async_wait([&](std::error_code error, int) {
        if (error)
            return;
        signals.clear();
        endpoint.stop();
    });
    const bool is_v6 = given.host.find(':') != given.host.npos;
    std::fprintf(stderr, "mcp: the bridge listens on http://%s%s%s:%u/mcp\n", is_v6 ? "[" : "",
                 given.host.c_str(), is_v6 ? "]" : "", static_cast<unsigned>(server.port()));
    server.run();
    endpoint.clear();
    return 0;
}

} // namespace mcp_app
