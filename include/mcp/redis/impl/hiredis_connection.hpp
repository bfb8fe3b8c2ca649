// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/redis/reply.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/defer.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp::redis::detail {

inline reply reply_from(const redisReply* raw) {
    switch (raw->type) {
    case REDIS_REPLY_INTEGER:
        return reply(static_cast<std::int64_t>(raw->integer));
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
        return reply(std::string(raw->str, static_cast<std::size_t>(raw->len)));
    case REDIS_REPLY_ERROR:
        return reply(std::string(raw->str, static_cast<std::size_t>(raw->len)), reply::kind::error);
    case REDIS_REPLY_ARRAY: {
        std::vector<reply> elements;
        elements.reserve(raw->elements);
        for (std::size_t i = 0; i < raw->elements; ++i)
            elements.push_back(reply_from(raw->element[i]));
        return reply(std::move(elements));
    }
    default:
        return reply();
    }
}

/// Returns a command as an array of bulk strings. `redisAppendCommandArgv` takes four times as
/// long. [RESP]
inline std::string encoded_command(const std::vector<std::string>& command) {
    std::string out;
    std::size_t size = 16;
    for (const std::string& each : command)
        size += each.size() + 16;
    out.reserve(size);
    const auto number = [&out](char kind, std::size_t n) {
        char digits[24];
        out += kind;
        out.append(digits, std::to_chars(digits, std::end(digits), n).ptr).append("\r\n");
    };
    number('*', command.size());
    for (const std::string& each : command) {
        number('$', each.size());
        out.append(each).append("\r\n");
    }
    return out;
}

struct free_hiredis {
    void operator()(redisContext* p) const noexcept { redisFree(p); }
    void operator()(redisReply* p) const noexcept { freeReplyObject(p); }
};

/// A connection to Redis: a hiredis context whose descriptor Asio watches. For one thread.
///
/// It uses the context and the parser of hiredis but not its asynchronous layer. That layer aborts
/// the process with an assertion when a subscribed connection receives an unexpected reply.
///
/// `lost` is called once when the connection fails, not when it is closed or destroyed. It must not
/// destroy this object at once. Replies still pending when the connection ends are never delivered.
class hiredis_connection {
public:
    using arguments = std::vector<std::string>;
    using on_reply = std::function<void(reply)>;

    hiredis_connection(asio::io_context& io, const settings& to, std::function<void()> lost)
        : state_(std::make_shared<state>(io, std::move(lost))) {
        context_ptr context(redisConnectNonBlock(to.host.c_str(), to.port));
        state_->encrypted = static_cast<bool>(to.encrypt);
        if (context && context->err == 0 && context->fd >= 0 &&
            (!to.encrypt || to.encrypt(*context, to.host)))
            state_->begin(std::move(context));
    }
    hiredis_connection(const hiredis_connection&) = delete;
    hiredis_connection& operator=(const hiredis_connection&) = delete;
    ~hiredis_connection() { state_->end(); }

    bool open() const noexcept { return state_->open(); }

    /// Sends a command; `done` is called with its reply.
    void send(const arguments& command, on_reply done) {
        if (!open())
            return;
        state_->waiting.push_back(std::move(done));
        state_->append(command);
    }

    /// Sends SUBSCRIBE or UNSUBSCRIBE; the replies go to the receiver that `on_push` sets.
    void send_subscription(const char* verb, const std::string& channel) {
        if (open())
            state_->append({verb, channel});
    }

    /// Sets the receiver of unsolicited replies; without a receiver, such a reply ends the
    /// connection.
    void on_push(on_reply receive) { state_->push = std::move(receive); }

    /// Stops sending and receiving.
    void close() noexcept { state_->stopped = true; }

private:
    using context_ptr = std::unique_ptr<redisContext, free_hiredis>;

    /// State that outlives the `hiredis_connection`, for waits that complete later.
    struct state : std::enable_shared_from_this<state> {
        state(asio::io_context& io, std::function<void()> on_loss)
            : descriptor(io)
            , lost(std::move(on_loss)) {}

        bool open() const noexcept { return context && !stopped; }

        void begin(context_ptr connecting) {
            context = std::move(connecting);
            descriptor.assign(context->fd);
            read_when_ready();
        }

        void end() {
            stopped = true;
            lost = nullptr;
            if (!context)
                return;
            descriptor.release(); // hiredis closes it
            context.reset();
        }

        void lose() {
            stopped = true;
            if (const auto report = std::exchange(lost, nullptr))
                report();
        }

        void append(const arguments& command) {
            const std::string encoded = encoded_command(command);
            if (redisAppendFormattedCommand(context.get(), encoded.data(), encoded.size()) !=
                REDIS_OK)
                return lose();
            write_later();
        }

        /// Writes the commands that are appended meanwhile as well. A connection that is being
        /// made, or encrypted, must become writable first.
        void write_later() {
            if (!connected || encrypted)
                return write_when_ready();
            if (std::exchange(writing, true))
                return;
            asio::defer(descriptor.get_executor(), [kept = shared_from_this()] {
                kept->writing = false;
                if (kept->open())
                    kept->write();
            });
        }

        void write_when_ready() {
            if (std::exchange(writing, true))
                return;
            descriptor.async_wait(asio::posix::stream_descriptor::wait_write,
                                  [kept = shared_from_this()](asio::error_code failure) {
                                      kept->writing = false;
                                      if (failure || !kept->open())
                                          return;
                                      kept->connected = true;
                                      kept->write();
                                  });
        }

        void read_when_ready() {
            descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                  [kept = shared_from_this()](asio::error_code failure) {
                                      if (failure || !kept->open())
                                          return;
                                      kept->read();
                                      if (kept->open())
                                          kept->read_when_ready();
                                  });
        }

        void write() {
            const auto before = sdslen(context->obuf);
            int done = 0;
            if (redisBufferWrite(context.get(), &done) != REDIS_OK)
                return lose();
            // A TLS write without progress waits for the peer; `read` tries again.
            if (done == 0 && (!encrypted || sdslen(context->obuf) < before))
                write_when_ready();
        }

        void read() {
            if (redisBufferRead(context.get()) != REDIS_OK)
                return lose();
            while (open()) {
                void* raw = nullptr;
                if (redisReaderGetReply(context->reader, &raw) != REDIS_OK)
                    return lose();
                if (raw == nullptr)
                    break;
                const std::unique_ptr<redisReply, free_hiredis> owned(
                    static_cast<redisReply*>(raw));
                deliver(reply_from(owned.get()));
            }
            if (open() && sdslen(context->obuf) > 0)
                write_when_ready();
        }

        void deliver(reply received) {
            if (waiting.empty()) {
                if (push)
                    push(std::move(received));
                else
                    lose(); // replies can no longer be matched to commands
                return;
            }
            const on_reply done = std::move(waiting.front());
            waiting.pop_front();
            if (done)
                done(std::move(received));
        }

        asio::posix::stream_descriptor descriptor;
        context_ptr context;
        std::deque<on_reply> waiting; ///< of the commands under way, in order
        on_reply push;                ///< receives the replies that no command waits for
        std::function<void()> lost;
        bool encrypted = false;
        bool connected = false; ///< has been writable
        bool writing = false;   ///< a write is due, or a wait for writability is under way
        bool stopped = false;
    };

    std::shared_ptr<state> state_;
};

} // namespace mcp::redis::detail
