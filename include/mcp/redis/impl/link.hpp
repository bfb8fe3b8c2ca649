#pragma once

#include <mcp/redis/reply.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <hiredis/async.h>

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

/// One connection to Redis: hiredis's context, whose descriptor Asio watches. One thread.
///
/// `lost` is called once when it ends by itself, not when it is destroyed; it must not destroy it
/// at once. A reply that has not come when the connection ends does not come at all.
class link {
public:
    using arguments = std::vector<std::string>;
    using on_reply = std::function<void(reply)>;

    link(asio::io_context& io, const settings& to, std::function<void()> lost)
        : watch_(std::make_shared<watch>(io, std::move(lost))) {
        context_ = redisAsyncConnect(to.host.c_str(), to.port);
        if (context_ == nullptr || context_->err != 0 || context_->c.fd < 0 ||
            (to.encrypt && !to.encrypt(context_->c, to.host))) {
            if (context_ != nullptr)
                redisAsyncFree(context_);
            context_ = nullptr;
            return;
        }
        watch_->context = context_;
        watch_->descriptor.assign(context_->c.fd);
        context_->data = watch_.get();
        context_->ev.data = watch_.get();
        context_->ev.addRead = [](void* p) { self(p).want(self(p).reading, true); };
        context_->ev.delRead = [](void* p) { self(p).reading.wanted = false; };
        context_->ev.addWrite = [](void* p) { self(p).want(self(p).writing, false); };
        context_->ev.delWrite = [](void* p) { self(p).writing.wanted = false; };
        context_->ev.cleanup = [](void* p) { self(p).release(); };
        redisAsyncSetConnectCallback(context_, [](const redisAsyncContext*, int) {});
        redisAsyncSetDisconnectCallback(context_, [](const redisAsyncContext*, int) {});
    }

    link(const link&) = delete;
    link& operator=(const link&) = delete;

    ~link() {
        watch_->lost = nullptr;
        if (watch_->context != nullptr)
            redisAsyncFree(watch_->context);
    }

    bool open() const noexcept { return watch_->context != nullptr; }

    /// Sends a command; `done` is called with its reply, or for every message if it subscribes.
    void send(const arguments& command, on_reply done) {
        if (!open())
            return;
        std::vector<const char*> texts;
        std::vector<std::size_t> sizes;
        for (const std::string& each : command) {
            texts.push_back(each.data());
            sizes.push_back(each.size());
        }
        watch_->replies.push_back(std::move(done));
        redisAsyncCommandArgv(watch_->context, &answered, nullptr, static_cast<int>(texts.size()),
                              texts.data(), sizes.data());
    }

    /// Sends SUBSCRIBE or UNSUBSCRIBE; its confirmations and all messages go to `heard`.
    void send_subscription(const char* verb, const std::string& channel) {
        if (!open())
            return;
        const char* texts[] = {verb, channel.data()};
        const std::size_t sizes[] = {std::char_traits<char>::length(verb), channel.size()};
        redisAsyncCommandArgv(watch_->context, &pushed, nullptr, 2, texts, sizes);
    }

    /// Takes what comes to a connection that has subscribed.
    void hear(on_reply heard) { watch_->heard = std::move(heard); }

private:
    struct interest {
        bool wanted = false;
        bool waiting = false;
    };

    /// What outlives the context, for waits that complete after it.
    struct watch : std::enable_shared_from_this<watch> {
        watch(asio::io_context& io, std::function<void()> l) : descriptor(io), lost(std::move(l)) {}

        void want(interest& of, bool read) {
            of.wanted = true;
            if (of.waiting)
                return;
            of.waiting = true;
            descriptor.async_wait(read ? asio::posix::stream_descriptor::wait_read
                                       : asio::posix::stream_descriptor::wait_write,
                                  [kept = shared_from_this(), &of, read](asio::error_code failure) {
                                      of.waiting = false;
                                      if (kept->context == nullptr || !of.wanted || failure)
                                          return;
                                      of.wanted = false;
                                      if (read)
                                          redisAsyncHandleRead(kept->context);
                                      else
                                          redisAsyncHandleWrite(kept->context);
                                  });
        }

        /// hiredis lets go of the descriptor and closes it.
        void release() {
            context = nullptr;
            if (descriptor.is_open())
                descriptor.release();
            if (const auto tell = std::exchange(lost, nullptr))
                tell();
        }

        asio::posix::stream_descriptor descriptor;
        redisAsyncContext* context = nullptr;
        interest reading;
        interest writing;
        std::deque<on_reply> replies; ///< of the commands that are under way, in order
        on_reply heard;
        std::function<void()> lost;
    };

    static watch& self(void* p) { return *static_cast<watch*>(p); }

    static void answered(redisAsyncContext* context, void* raw, void*) {
        watch& of = self(context->data);
        const auto kept = of.shared_from_this();
        if (of.replies.empty())
            return;
        const on_reply done = std::move(of.replies.front());
        of.replies.pop_front();
        if (raw != nullptr && done)
            done(reply_from(static_cast<redisReply*>(raw)));
    }

    static void pushed(redisAsyncContext* context, void* raw, void*) {
        const auto kept = self(context->data).shared_from_this();
        if (raw != nullptr && kept->heard)
            kept->heard(reply_from(static_cast<redisReply*>(raw)));
    }

    std::shared_ptr<watch> watch_;
    redisAsyncContext* context_ = nullptr;
};

} // namespace mcp::redis::detail
