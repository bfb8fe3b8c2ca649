// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/async/stop_signals.hpp>
#include <mcp/http/connection.hpp>
#include <mcp/http/impl/connection_refusal.hpp>
#include <mcp/http/impl/ignore_new_peers.hpp>
#include <mcp/http/impl/listen_unix.hpp>
#include <mcp/http/impl/listeners.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/server.hpp>
#include <mcp/http/shard.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/basic_socket_acceptor.hpp>
#include <asio/basic_waitable_timer.hpp>
#include <asio/buffer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/wait_traits.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::http {

/// One event loop with its acceptors, its clock and its connections.
class server::worker {
public:
    explicit worker(server& owner)
        : owner_(owner)
        , shard_(loop_, owner.handler_, owner.options_.limits, owner.options_.on_error, owner.open_,
                 &owner.in_flight_, &owner.options_.on_refusal, &owner.options_.records,
                 &owner.options_.on_handshake_failure) {}

    /// Adds a listening socket. Call it before the event loop runs.
    void listen(detail::listener socket) {
        const auto protocol = socket.local_endpoint().protocol();
        listening_socket& listening = listening_.emplace_back(loop_, protocol.family() == AF_UNIX);
        listening.acceptor.assign(protocol, socket.release());
        listening.acceptor.non_blocking(true);
        accept(listening);
    }

    /// Removes the file when accepting ends.
    void own(detail::socket_file file) { file_ = std::move(file); }

    /// Stops the server at the first signal.
    void watch_signals() {
        signals_.emplace(loop_.get_executor());
        signals_->watch([this] { owner_.stop(); });
    }

    asio::io_context& loop() { return loop_; }

    std::size_t streams() const noexcept { return shard_.streams.load(std::memory_order_relaxed); }

    /// Drains after the delay of the options.
    void stop() {
        if (draining_ || drain_at_) {
            return;
        }
        const auto delay = owner_.options_.drain_delay;
        if (delay.count() <= 0) {
            return drain();
        }
        drain_at_ = mcp::detail::later(read_clock(), delay);
        shard_.let_peers_leave();
        arm();
    }

    void drain() {
        if (std::exchange(draining_, true)) {
            return;
        }
        signals_.reset(); // the next signal has its default effect
        file_.remove();
        std::error_code ignored;
        for (listening_socket& each : listening_) {
            if (owner_.options_.sockets.empty()) { // else another process goes on to accept
                accept_pending(each);
            }
            each.acceptor.close(ignored);
        }
        stop_at_ = mcp::detail::later(read_clock(), owner_.options_.limits.shutdown_timeout);
        shard_.drain();
        if (ticking_) {
            clock_.cancel();
        } else {
            arm();
        }
    }

    /// Ends work that waits for an event outside the event loop. Do not call it while the loop
    /// runs.
    void drop_waiting_work() {
        draining_ = true;
        loop_.restart();
        shard_.abort();
        loop_.poll();
    }

    void advance(std::chrono::milliseconds by) {
        ahead_ += by;
        on_tick();
    }

private:
    shard::clock::time_point read_clock() const { return shard::clock::now() + ahead_; }

    struct listening_socket {
        listening_socket(asio::io_context& loop, bool local)
            : acceptor(loop.get_executor())
            , is_local(local) {}
        asio::basic_socket_acceptor<asio::generic::stream_protocol, shard::executor_type> acceptor;
        asio::generic::stream_protocol::endpoint peer;
        bool is_local; ///< of Unix domain sockets
        bool accept_failed = false;
    };

    void accept(listening_socket& listening) {
        listening.acceptor.async_accept(
            listening.peer, [this, &listening](std::error_code ec, shard::socket socket) {
                on_accept(listening, ec, socket);
            });
    }

    void on_accept(listening_socket& listening, std::error_code ec, shard::socket& socket) {
        if (ec) {
            return draining_ ? void() : on_accept_failed(listening, ec);
        }
        admit(listening, socket);
        if (!draining_) {
            accept(listening);
        }
    }

    /// Takes the connections that the system has accepted: closing would lose their requests.
    void accept_pending(listening_socket& listening) {
        if (!listening.is_local) {
            detail::ignore_new_peers(listening.acceptor.native_handle());
        }
        std::error_code ec;
        while (!ec) {
            shard::socket socket(loop_.get_executor());
            listening.acceptor.accept(socket, listening.peer, ec);
            if (!ec) {
                admit(listening, socket);
            }
        }
    }

    void admit(const listening_socket& listening, shard::socket& socket) {
        if (!ticking_) {
            update_clock();
        }
        std::error_code failed;
        socket.non_blocking(true, failed);
        if (!listening.is_local) {
            socket.set_option(asio::ip::tcp::no_delay(true), failed);
        }
        if (!owner_.refusal_->prepare()) {
            owner_.refusal_->report(std::make_error_code(std::errc::too_many_files_open),
                                    read_clock());
            owner_.refusal_->refuse(socket, listening.peer, detail::connection_refusal::exhausted);
            owner_.refusal_->prepare();
            return;
        }
        // Take the slot before the check: another event loop may accept at the same moment.
        if (owner_.open_.fetch_add(1) < owner_.options_.limits.connections) {
            begin(listening, std::move(socket));
            arm();
        } else {
            owner_.refusal_->refuse(socket, listening.peer,
                                    detail::connection_refusal::limit_reached);
        }
        owner_.open_.fetch_sub(1); // the connection has its own slot
    }

    /// Refuses the connection if no descriptor is left; else the clock tries again.
    void on_accept_failed(listening_socket& listening, std::error_code why) {
        if (detail::is_exhausted(why)) {
            owner_.refusal_->report(why, read_clock());
            if (owner_.refusal_->refuse_waiting(listening.acceptor.native_handle())) {
                return accept(listening);
            }
        }
        listening.accept_failed = true;
        arm();
    }

    void begin(const listening_socket& from, shard::socket socket) {
        asio::ip::address address;
        std::optional<local_peer> local;
        if (from.is_local) {
            local = detail::local_peer_of(socket.native_handle());
        } else if (const auto endpoint = detail::tcp_endpoint(from.peer)) {
            address = endpoint->address();
        }
        secure_layer* const tls = owner_.options_.tls.get();
        const auto peer = std::make_shared<connection>(shard_, std::move(socket), address, local,
                                                       tls != nullptr ? tls->accept() : nullptr);
        peer->start();
        if (draining_) {
            peer->drain();
        }
    }

    void update_clock() {
        using std::chrono::system_clock;
        shard_.tick(read_clock(), std::chrono::floor<std::chrono::seconds>(system_clock::now()));
    }

    void on_tick() {
        update_clock();
        for (listening_socket& each : listening_) {
            if (!draining_ && std::exchange(each.accept_failed, false)) {
                accept(each);
            }
        }
        if (draining_ && read_clock() >= stop_at_) {
            shard_.abort();
        } else if (!draining_ && drain_at_ && read_clock() >= *drain_at_) {
            return drain();
        }
        arm();
    }

    bool has_failed_accept() const {
        return std::any_of(listening_.begin(), listening_.end(),
                           [](const listening_socket& each) { return each.accept_failed; });
    }

    /// The clock ticks while there is a connection or an unfinished stop.
    void arm() {
        if (draining_ && shard_.size() == 0) {
            return finish();
        }
        if (ticking_ || (shard_.size() == 0 && !has_failed_accept() && !drain_at_)) {
            return;
        }
        ticking_ = true;
        auto interval = owner_.options_.clock_interval;
        if (draining_) {
            interval = std::min(interval, std::chrono::milliseconds(20));
        }
        clock_.expires_at(mcp::detail::later(shard::clock::now(), interval));
        clock_.async_wait([this](std::error_code) {
            ticking_ = false;
            on_tick();
        });
    }

    /// Event loops end together: a request of one may wait for work on another.
    void finish() {
        if (!std::exchange(finished_, true) && --owner_.undrained_ == 0) {
            for (auto& each : owner_.workers_) {
                each->loop_.stop();
            }
        }
    }

    server& owner_;
    // The event loop destroys suspended connections, which leave the shard.
    shard shard_;
    asio::io_context loop_{1};
    asio::executor_work_guard<shard::executor_type> alive_{loop_.get_executor()};
    std::deque<listening_socket> listening_; // one for each address
    detail::socket_file file_;               // removed before its socket is closed
    std::optional<mcp::detail::stop_signals> signals_;
    asio::basic_waitable_timer<shard::clock, asio::wait_traits<shard::clock>, shard::executor_type>
        clock_{loop_.get_executor()};
    std::optional<shard::clock::time_point> drain_at_; // while the delay of a stop passes
    shard::clock::time_point stop_at_{};
    std::chrono::milliseconds ahead_{0};
    bool ticking_ = false;
    bool draining_ = false;
    bool finished_ = false;
};

MCP_DECL server::server(handler handle, server_options options)
    : handler_(std::move(handle))
    , options_(std::move(options))
    , in_flight_(options_.limits.bytes_in_flight)
    , refusal_(std::make_unique<detail::connection_refusal>(options_.tls != nullptr,
                                                            options_.records, options_.on_error)) {
    for (unsigned i = 0; i < std::max(1U, options_.threads); ++i) {
        workers_.push_back(std::make_unique<worker>(*this));
    }
    undrained_ = workers_.size();
}

MCP_DECL server::~server() {
    for (auto& each : workers_) {
        each->loop().stop();
    }
    join();
    for (auto& each : workers_) {
        each->drop_waiting_work();
    }
}

MCP_DECL void server::listen() {
    if (std::exchange(listening_, true)) {
        return;
    }
    asio::io_context maker;
    detail::socket_file file;
    std::vector<detail::listener> sockets;
    try {
        sockets = detail::listeners(maker, options_, workers_.size(), file);
    } catch (...) {
        listening_ = false;
        throw;
    }
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if (const auto at = detail::tcp_endpoint(sockets[i].local_endpoint()); at && port_ == 0) {
            port_ = at->port();
        }
        workers_[i % workers_.size()]->listen(std::move(sockets[i]));
    }
    workers_.front()->own(std::move(file));
    if (options_.signals) {
        workers_.front()->watch_signals();
    }
}

MCP_DECL void server::run() {
    listen();
    for (std::size_t i = 1; i < workers_.size(); ++i) {
        threads_.emplace_back([loop = &workers_[i]->loop()] { loop->run(); });
    }
    workers_.front()->loop().run();
    join();
}

MCP_DECL void server::start() {
    listen();
    for (auto& each : workers_) {
        threads_.emplace_back([loop = &each->loop()] { loop->run(); });
    }
}

MCP_DECL void server::join() {
    for (auto& each : threads_) {
        each.join();
    }
    threads_.clear();
}

MCP_DECL void server::stop() {
    if (!draining_.exchange(true) && options_.on_stop) {
        options_.on_stop();
    }
    for (auto& each : workers_) {
        asio::post(each->loop(), [w = each.get()] { w->stop(); });
    }
}

MCP_DECL std::size_t server::streams() const noexcept {
    std::size_t all = 0;
    for (const auto& each : workers_) {
        all += each->streams();
    }
    return all;
}

MCP_DECL asio::any_io_executor server::executor(std::size_t thread) const {
    return workers_.at(thread)->loop().get_executor();
}

MCP_DECL void server::advance_clock(std::chrono::milliseconds by) {
    for (auto& each : workers_) {
        asio::post(each->loop(), [w = each.get(), by] { w->advance(by); });
    }
}

} // namespace mcp::http
