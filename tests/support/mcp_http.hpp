#pragma once

// Requests and responses for tests of the HTTP endpoint. A test passes a request to the endpoint
// directly, or sends it over a socket.

#include <mcp/http/message.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/replay/memory_log.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/sse/parser.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>
#include <vector>

namespace wire {

/// Settings of an endpoint and of the collaborators of its server.
struct endpoint_options {
    mcp::http_policy policy{};
    mcp::json_limits json{};
    std::size_t batch = 100;
    bool always_stream = false;
    mcp::session_limits sessions{};
    std::size_t replay_events = 0; ///< 0: no replay log
    std::chrono::milliseconds retry = std::chrono::seconds(1);
    std::size_t calls = 100;
    mcp::unpaired_surrogates surrogates = mcp::unpaired_surrogates::replace;
    /// If unset, a silent call becomes a stream after 1 ms with a replay log, and never without.
    std::optional<std::chrono::milliseconds> stream_after{};
    bool strict_accept = true;
};

/// Sets the collaborators of the server, and returns the options of the endpoint.
inline mcp::streamable_http_options furnish(mcp::any_server& server,
                                            const endpoint_options& options) {
    auto& shared = server.environment();
    const mcp::detail::pool_source pool = [&shared] { return shared.pool(); };
    shared.sessions = mcp::detail::any_session_store(
        std::make_shared<mcp::memory_sessions>(options.sessions), pool);
    if (options.replay_events)
        shared.replay.emplace(std::make_shared<mcp::memory_log>(
                                  mcp::memory_log_options{.events = options.replay_events}),
                              pool);
    return {.policy = options.policy,
            .json = options.json,
            .surrogates = options.surrogates,
            .batch = options.batch,
            .calls = options.calls,
            .always_stream = options.always_stream,
            .stream_after = options.stream_after.value_or(
                std::chrono::milliseconds(options.replay_events ? 1 : 0)),
            .retry = options.retry,
            .strict_accept = options.strict_accept};
}

inline constexpr std::string_view modern_meta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}})";

/// Counts an event that happens on other threads, so that tests can wait for it.
class happening {
public:
    void happen() {
        std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    /// Waits until the event has happened `times` times. Returns false after 20 seconds.
    bool seen(int times = 1) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return count_ >= times; });
    }
    int count() {
        std::lock_guard lock(mutex_);
        return count_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

/// An HTTP request that owns its text.
struct request {
    mcp::http::verb method = mcp::http::verb::post;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    std::string path = "/mcp";
    std::string remote = "127.0.0.1";
    std::optional<unsigned> user{}; ///< of the peer, if it comes over a Unix domain socket

    request& without(std::string_view name) {
        std::erase_if(headers, [&](const auto& h) { return mcp::http::iequals(h.first, name); });
        return *this;
    }
    request& add(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    request& set(std::string name, std::string value) {
        return without(name).add(std::move(name), std::move(value));
    }
    request& text(std::string body_) {
        body = std::move(body_);
        return *this;
    }

    /// Returns the bytes of the request for a socket.
    std::string bytes() const {
        std::string out(mcp::http::to_string(method));
        out.append(" ").append(path).append(" HTTP/1.1\r\n");
        for (const auto& [name, value] : headers)
            out.append(name).append(": ").append(value).append("\r\n");
        out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
        return out + body;
    }
};

/// Returns a JSON-RPC request, or a notification if `id` is empty.
inline std::string call(std::string_view method, std::string_view members = {},
                        std::string_view id = "1") {
    std::string text = R"({"jsonrpc":"2.0")";
    if (!id.empty())
        text.append(R"(,"id":)").append(id);
    text.append(R"(,"method":")").append(method).append(R"(","params":{)").append(members);
    return text + "}}";
}

inline request post(std::string body) {
    request q;
    q.add("Host", "localhost")
        .add("Content-Type", "application/json")
        .add("Accept", "application/json, text/event-stream");
    q.body = std::move(body);
    return q;
}

/// Returns a modern request with all required headers.
inline request modern(std::string_view method, std::string members = {}, std::string_view name = {},
                      std::string_view id = "1") {
    if (!members.empty())
        members += ',';
    request q = post(call(method, members.append(modern_meta), id));
    q.add("MCP-Protocol-Version", "2026-07-28").add("Mcp-Method", std::string(method));
    if (!name.empty())
        q.add("Mcp-Name", std::string(name));
    return q;
}
inline request modern_tool(std::string_view tool, std::string_view arguments = "{}",
                           std::string_view id = "1") {
    return modern("tools/call",
                  R"("name":")" + std::string(tool) + R"(","arguments":)" + std::string(arguments),
                  tool, id);
}

inline request initialize(std::string_view revision = "2025-11-25",
                          std::string_view capabilities = R"({"elicitation":{}})") {
    return post(call("initialize",
                     R"("protocolVersion":")" + std::string(revision) + R"(","capabilities":)" +
                         std::string(capabilities) +
                         R"(,"clientInfo":{"name":"test","version":"1"})",
                     "0"));
}
/// Returns a POST of a message in a session.
inline request in_session(std::string_view session, std::string body) {
    return post(std::move(body)).add("Mcp-Session-Id", std::string(session));
}
inline request legacy_tool(std::string_view session, std::string_view tool,
                           std::string_view arguments = "{}", std::string_view id = "1",
                           std::string_view more = {}) {
    return in_session(session, call("tools/call",
                                    R"("name":")" + std::string(tool) + R"(","arguments":)" +
                                        std::string(arguments) + std::string(more),
                                    id));
}
inline request get(std::string_view session) {
    request q;
    q.method = mcp::http::verb::get;
    return q.add("Host", "localhost")
        .add("Accept", "text/event-stream")
        .add("Mcp-Session-Id", std::string(session));
}
inline request erase(std::string_view session) {
    request q = get(session);
    q.method = mcp::http::verb::delete_;
    return q;
}

/// Returns the value at a JSON pointer, as JSON text; empty if there is none.
inline std::string at(std::string_view text, std::string_view pointer) {
    const auto value = mcp::parse_json(text);
    if (!value)
        return {};
    boost::system::error_code failed;
    const mcp::json* found = value->find_pointer(pointer, failed);
    std::string out;
    if (found)
        mcp::json_writer(out).value(*found);
    return out;
}

/// An HTTP response.
struct answer {
    int code = 0;
    std::string type;
    std::string headers;
    std::string body;

    std::string header(std::string_view name) const {
        std::string_view rest = headers;
        while (!rest.empty()) {
            const auto end = rest.find("\r\n");
            const std::string_view line = rest.substr(0, end);
            rest.remove_prefix(end == rest.npos ? rest.size() : end + 2);
            const auto colon = line.find(": ");
            if (colon != line.npos && mcp::http::iequals(line.substr(0, colon), name))
                return std::string(line.substr(colon + 2));
        }
        return {};
    }
    std::string operator[](std::string_view pointer) const { return at(body, pointer); }
    /// Returns the code of the JSON-RPC error; 0 if there is none.
    int error() const {
        const std::string text = at(body, "/error/code");
        return text.empty() ? 0 : std::stoi(text);
    }
    /// Returns the messages of a response: data of events, elements of an array, or the body.
    std::vector<std::string> messages() const {
        if (type == "text/event-stream")
            return events();
        const auto value = mcp::parse_json(body);
        std::vector<std::string> all;
        if (value && value->is_array())
            for (const mcp::json& each : value->get_array())
                mcp::json_writer(all.emplace_back()).value(each);
        else
            all.push_back(body);
        return all;
    }
    /// Returns the data of the SSE events of the body.
    std::vector<std::string> events() const {
        mcp::sse::parser parser;
        parser.feed(body);
        std::vector<std::string> all;
        while (auto event = parser.next())
            all.push_back(event->data);
        return all;
    }
};

/// The request that a handler gets, and the response that it fills.
struct spoken {
    explicit spoken(request of) : text(std::move(of)) {
        q.method = text.method;
        q.method_name = mcp::http::to_string(text.method);
        q.target = q.path = text.path;
        for (const auto& [name, value] : text.headers)
            q.headers.add(name, value);
        q.body = text.body;
        q.remote = asio::ip::make_address(text.remote);
        if (text.user)
            q.local = mcp::http::local_peer{.user = *text.user};
    }
    spoken(const spoken&) = delete;
    spoken& operator=(const spoken&) = delete;

    const request text;
    mcp::http::request q;
    mcp::http::response r;
};

/// Calls a handler without a socket, on a new event loop. Returns the whole response.
template <class Endpoint>
answer ask(Endpoint& endpoint, const request& what) {
    spoken made(what);
    auto& [text, q, r] = made;
    asio::io_context loop;
    std::exception_ptr failure;
    auto run = [&](mcp::http::request& q_, mcp::http::response& r_) -> asio::awaitable<void> {
        co_await endpoint(q_, r_);
        bool more = r_.stream != nullptr;
        while (more)
            more = co_await r_.stream->read(r_.body);
    };
    bool ended = false;
    asio::co_spawn(loop, run(q, r), [&](std::exception_ptr e) {
        failure = e;
        ended = true;
    });
    loop.run_for(std::chrono::seconds(20));
    if (failure)
        std::rethrow_exception(failure);
    if (!ended)
        throw std::runtime_error("no end of the response");
    return {static_cast<int>(r.code), r.content_type, r.headers, r.body};
}

/// Starts a session and returns its id.
template <class Endpoint>
std::string open_session(Endpoint& endpoint, std::string_view revision = "2025-11-25") {
    return ask(endpoint, initialize(revision)).header("Mcp-Session-Id");
}

/// A client on one connection. Reads time out after twenty seconds, so that a test fails instead of
/// hanging.
class client {
public:
    explicit client(std::uint16_t port) : socket_(*loop_) {
        socket_.connect({asio::ip::address_v4::loopback(), port});
        const timeval patience{20, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    client(client&&) = default;
    client& operator=(client&&) = delete;

    void send(const request& q) { send(q.bytes()); }
    void send(std::string_view bytes) {
        std::error_code ignored; // a server may answer and then close the connection
        asio::write(socket_, asio::buffer(bytes), ignored);
    }

    /// Reads the head of the next response, and a body of known length. `event` reads the events of
    /// an SSE stream.
    answer head() {
        answer a;
        const std::string text = take_until("\r\n\r\n");
        if (text.size() < 12)
            return a;
        a.code = std::stoi(text.substr(9, 3));
        a.headers = text.substr(text.find("\r\n") + 2);
        a.type = a.header("Content-Type");
        chunked_ = a.header("Transfer-Encoding") == "chunked";
        events_ = mcp::sse::parser();
        text_.clear();
        if (!chunked_) {
            a.body = take(std::stoul("0" + a.header("Content-Length")));
            events_.feed(a.body);
        }
        return a;
    }

    /// Reads the next whole response.
    answer whole() {
        answer a = head();
        if (chunked_) {
            while (read_chunk()) {
            }
            a.body = text_;
        }
        return a;
    }
    answer ask(const request& q) {
        send(q);
        return whole();
    }

    /// Returns the data of the next event; nothing if the stream has ended. A priming event has no
    /// data.
    std::optional<std::string> event() {
        while (true) {
            if (auto next = events_.next())
                return next->data;
            if (!chunked_ || !read_chunk())
                return std::nullopt;
        }
    }
    const std::string& last_event_id() const { return events_.last_event_id(); }
    std::optional<std::chrono::milliseconds> retry() const { return events_.retry(); }
    /// Returns the text of the stream that was read so far.
    const std::string& text() const { return text_; }
    /// Reads until the text of the stream contains `part`. Returns false if the stream ends before.
    bool reads(std::string_view part) {
        while (text_.find(part) == text_.npos)
            if (!chunked_ || !read_chunk())
                return false;
        return true;
    }
    /// Returns whether the stream ended with its last chunk, and not with the connection.
    bool ended_well() const { return ended_well_; }

    void close() { socket_.close(); }

private:
    bool read_some() {
        char bytes[65536];
        const auto n = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
        if (n > 0)
            in_.append(bytes, static_cast<std::size_t>(n));
        return n > 0;
    }
    std::string take(std::size_t size) {
        while (in_.size() - at_ < size && read_some()) {
        }
        std::string out = in_.substr(at_, size);
        at_ += out.size();
        compact();
        return out;
    }
    std::string take_until(std::string_view mark) {
        std::size_t found = 0;
        while ((found = in_.find(mark, at_)) == in_.npos) {
            if (!read_some())
                return {};
        }
        std::string out = in_.substr(at_, found + mark.size() - at_);
        at_ += out.size();
        compact();
        return out;
    }
    void compact() {
        if (at_ > 1024 * 1024) {
            in_.erase(0, at_);
            at_ = 0;
        }
    }
    bool read_chunk() {
        const std::string line = take_until("\r\n");
        const std::size_t size = line.empty() ? 0 : std::stoul(line, nullptr, 16);
        if (size == 0) {
            ended_well_ = !line.empty();
            chunked_ = false;
            take_until("\r\n");
            return false;
        }
        const std::string data = take(size);
        take(2);
        text_ += data;
        events_.feed(data);
        return true;
    }

    std::unique_ptr<asio::io_context> loop_ = std::make_unique<asio::io_context>();
    asio::ip::tcp::socket socket_;
    std::string in_;
    std::size_t at_ = 0;
    bool chunked_ = false;
    bool ended_well_ = false;
    std::string text_;
    mcp::sse::parser events_{};
};

} // namespace wire
