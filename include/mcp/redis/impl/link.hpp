#pragma once

#include <mcp/redis/reply.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
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
/// destroy the link at once. Replies still pending when the connection ends are never delivered.
class link {
public:
    using arguments = std::vector<std::string>;
    using on_reply = std::function<void(reply)>;

    link(asio::io_context& io, const settings& to, std::function<void()> lost)
        : watch_(std::make_shared<watch>(io, std::move(lost))) {
        context_ptr made(redisConnectNonBlock(to.host.c_str(), to.port));
        watch_->encrypted = static_cast<bool>(to.encrypt);
        if (made && made->err == 0 && made->fd >= 0 && (!to.encrypt || to.encrypt(*made, to.host)))
            watch_->begin(std::move(made));
    }
    link(const link&) = delete;
    link& operator=(const link&) = delete;
    ~link() { watch_->end(); }

    bool open() const noexcept { return watch_->open(); }

    /// Sends a command; `done` is called with its reply.
    void send(const arguments& command, on_reply done) {
        if (!open())
            return;
        watch_->replies.push_back(std::move(done));
        watch_->append(command);
    }

    /// Sends SUBSCRIBE or UNSUBSCRIBE; the replies go to `heard`.
    void send_subscription(const char* verb, const std::string& channel) {
        if (open())
            watch_->append({verb, channel});
    }

    /// Sets the receiver of unsolicited replies; without a receiver, such a reply ends the
    /// connection.
    void hear(on_reply heard) { watch_->heard = std::move(heard); }

    /// Stops sending and receiving.
    void close() noexcept { watch_->stopped = true; }

private:
    using context_ptr = std::unique_ptr<redisContext, free_hiredis>;

    /// State that outlives the link, for waits that complete later.
    struct watch : std::enable_shared_from_this<watch> {
        watch(asio::io_context& io, std::function<void()> l) : descriptor(io), lost(std::move(l)) {}

        bool open() const noexcept { return context && !stopped; }

        void begin(context_ptr with) {
            context = std::move(with);
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
            if (const auto tell = std::exchange(lost, nullptr))
                tell();
        }

        void append(const arguments& command) {
            std::vector<const char*> texts;
            std::vector<std::size_t> sizes;
            for (const std::string& each : command) {
                texts.push_back(each.data());
                sizes.push_back(each.size());
            }
            redisAppendCommandArgv(context.get(), static_cast<int>(texts.size()), texts.data(),
                                   sizes.data());
            write_when_ready();
        }

        void write_when_ready() {
            if (std::exchange(writing, true))
                return;
            descriptor.async_wait(asio::posix::stream_descriptor::wait_write,
                                  [kept = shared_from_this()](asio::error_code failure) {
                                      kept->writing = false;
                                      if (!failure && kept->open())
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

        void deliver(reply answer) {
            if (replies.empty()) {
                if (heard)
                    heard(std::move(answer));
                else
                    lose(); // replies can no longer be matched to commands
                return;
            }
            const on_reply done = std::move(replies.front());
            replies.pop_front();
            if (done)
                done(std::move(answer));
        }

        asio::posix::stream_descriptor descriptor;
        context_ptr context;
        std::deque<on_reply> replies; ///< of the commands under way, in order
        on_reply heard;
        std::function<void()> lost;
        bool encrypted = false;
        bool writing = false; ///< a wait for writability is under way
        bool stopped = false;
    };

    std::shared_ptr<watch> watch_;
};

} // namespace mcp::redis::detail
