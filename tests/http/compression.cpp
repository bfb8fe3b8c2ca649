#include <mcp/http/compression.hpp>

#include <mcp/http/impl/compression_choice.hpp>
#include <mcp/http/impl/zlib_codec.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace compression_test {

using namespace mcp::http;
using detail::coding;
using detail::unpacked;

const std::string long_text(5000, 'a');

std::string packed(std::string_view text, coding format) {
    std::string out;
    detail::deflater(format, 5).write(text, Z_FINISH, out);
    return out;
}

/// Returns what the bytes unpack to, or why they do not.
std::string unpack(std::string_view bytes, coding format, std::size_t most = 100'000) {
    std::string out;
    const unpacked how = detail::unpack(bytes, format, most, out);
    EXPECT_LE(out.size(), most);
    return how == unpacked::whole ? out : how == unpacked::broken ? "broken" : "too large";
}

TEST(compression, chooses_what_the_client_prefers) {
    struct row {
        std::vector<std::string_view> accepts;
        coding chosen;
    };
    const row rows[] = {
        {{}, coding::identity},
        {{""}, coding::identity},
        {{"gzip"}, coding::gzip},
        {{"X-GZIP"}, coding::gzip},
        {{"deflate"}, coding::deflate},
        {{"br"}, coding::identity},
        {{"br, deflate , gzip"}, coding::gzip},
        {{"br", "deflate"}, coding::deflate},
        {{"gzip;q=0.5, deflate"}, coding::deflate},
        {{"gzip;q=0"}, coding::identity},
        {{"gzip;q=0, *"}, coding::deflate},
        {{"*"}, coding::gzip},
        {{"*;q=0"}, coding::identity},
        {{"gzip;q=0.001"}, coding::gzip},
        {{"gzip;q=0.5, identity"}, coding::identity},
        {{"gzip;q=0.5, identity;q=0.5"}, coding::gzip},
        {{"identity;q=0"}, coding::identity}, // nothing else is accepted
        {{"gzip;q=2"}, coding::identity},     // an invalid weight
        {{"gzip;q=1.001"}, coding::identity},
        {{"gzip;q=x, deflate"}, coding::deflate},
        {{"gzip ; Q=1.000"}, coding::gzip},
    };
    for (const row& each : rows) {
        fields headers;
        for (const std::string_view value : each.accepts)
            headers.add("Accept-Encoding", value);
        EXPECT_EQ(detail::choose_coding(headers), each.chosen)
            << testing::PrintToString(each.accepts);
    }
}

TEST(compression, unpacks_what_it_is_given_and_no_more) {
    const std::string gzip = packed(long_text, coding::gzip);
    const std::string zlib = packed(long_text, coding::deflate);
    const std::string raw = zlib.substr(2, zlib.size() - 6);
    struct row {
        std::string bytes;
        coding format;
        std::string result;
    };
    const row rows[] = {
        {gzip, coding::gzip, long_text},
        {zlib, coding::deflate, long_text},
        {raw, coding::deflate, long_text},
        {gzip + packed("more", coding::gzip), coding::gzip, long_text + "more"},
        {packed("", coding::gzip), coding::gzip, ""},
        {"", coding::gzip, "broken"},
        {"", coding::deflate, "broken"},
        {"plain text", coding::gzip, "broken"},
        {zlib, coding::gzip, "broken"},
        {gzip + "x", coding::gzip, "broken"},
        {zlib + "x", coding::deflate, "broken"},
    };
    for (const row& each : rows)
        EXPECT_EQ(unpack(each.bytes, each.format), each.result) << each.bytes.size();
    for (std::size_t cut = 0; cut < gzip.size(); ++cut)
        EXPECT_EQ(unpack(gzip.substr(0, cut), coding::gzip), "broken") << cut;
    EXPECT_EQ(unpack(gzip, coding::gzip, 5000), long_text);
    EXPECT_EQ(unpack(gzip, coding::gzip, 4999), "too large");
    const std::string bomb = packed(std::string(50'000'000, '\0'), coding::gzip);
    EXPECT_EQ(unpack(bomb, coding::gzip), "too large");
}

/// Says something part by part.
class parts final : public body_stream {
public:
    explicit parts(std::vector<std::string> says) : says_(std::move(says)) {}
    asio::awaitable<bool> read(std::string& out) override {
        out += says_.at(at_++);
        co_return at_ < says_.size();
    }
    void close() noexcept override {}

private:
    std::vector<std::string> says_;
    std::size_t at_ = 0;
};

response ask(const handler& inner, request q, compression_options options = {}) {
    const handler wrapped = compressed(inner, options);
    response r;
    asio::io_context loop;
    asio::co_spawn(loop, wrapped(q, r), asio::detached);
    loop.run();
    return r;
}

request accepting(std::string_view codings) {
    request q;
    q.headers.add("Accept-Encoding", codings);
    return q;
}

TEST(compression, of_responses) {
    const std::string text = R"({"text":")" + long_text + R"("})";
    struct row {
        std::string accepts, type, fields, body, sent_fields;
    };
    const std::string vary = "Vary: Accept-Encoding\r\n";
    const std::string gzip = vary + "Content-Encoding: gzip\r\n";
    const row rows[] = {
        {"gzip", "application/json", "", text, gzip},
        {"deflate", "application/json", "", text, vary + "Content-Encoding: deflate\r\n"},
        {"gzip", "text/html; charset=utf-8", "", text, gzip},
        {"gzip", "Application/Problem+JSON", "", text, gzip},
        {"", "application/json", "", text, vary},
        {"gzip", "application/json", "", "small", vary},
        {"gzip", "image/png", "", text, ""},
        {"gzip", "", "", text, ""},
        {"gzip", "application/json", "ETag: \"v1\"\r\n", text, "ETag: W/\"v1\"\r\n" + gzip},
        {"gzip", "application/json", "ETag: W/\"v1\"\r\n", text, "ETag: W/\"v1\"\r\n" + gzip},
        {"gzip", "application/json", "Content-Encoding: br\r\n", text, "Content-Encoding: br\r\n"},
        {"gzip", "application/json", "Cache-Control: private, no-transform\r\n", text,
         "Cache-Control: private, no-transform\r\n"},
    };
    for (const row& each : rows) {
        const handler inner = [&](request&, response& r) -> asio::awaitable<void> {
            r.content_type = each.type;
            r.headers = each.fields;
            r.shared = {std::make_shared<const std::string>(each.body.substr(2)), 2};
            r.body = each.body.substr(0, 2);
            co_return;
        };
        response r = ask(inner, accepting(each.accepts));
        EXPECT_EQ(r.headers, each.sent_fields);
        r.complete_body();
        if (each.sent_fields.ends_with("gzip\r\n"))
            EXPECT_EQ(unpack(r.body, coding::gzip), each.body);
        else if (each.sent_fields.ends_with("deflate\r\n"))
            EXPECT_EQ(unpack(r.body, coding::deflate), each.body);
        else
            EXPECT_EQ(r.body, each.body);
    }
}

TEST(compression, of_streams_only_if_asked_and_event_by_event) {
    const std::vector<std::string> events = {"data: 1\n\n", "", "data: 2\n\n", "data: 3\n\n"};
    const handler inner = [&](request&, response& r) -> asio::awaitable<void> {
        r.content_type = "text/event-stream";
        r.stream = std::make_unique<parts>(events);
        co_return;
    };
    EXPECT_EQ(ask(inner, accepting("gzip")).headers, "");
    const response r = ask(inner, accepting("gzip"), {.streams = true});
    EXPECT_EQ(r.headers, "Vary: Accept-Encoding\r\nContent-Encoding: gzip\r\n");
    z_stream reader{};
    ASSERT_EQ(::inflateInit2(&reader, 15 + 16), Z_OK);
    asio::io_context loop;
    for (const std::string& event : events) {
        std::string bytes;
        bool more = false;
        asio::co_spawn(
            loop, [&]() -> asio::awaitable<void> { more = co_await r.stream->read(bytes); },
            asio::detached);
        loop.restart();
        loop.run();
        char text[100] = {};
        reader.next_in = reinterpret_cast<Bytef*>(bytes.data());
        reader.avail_in = static_cast<uInt>(bytes.size());
        reader.next_out = reinterpret_cast<Bytef*>(text);
        reader.avail_out = sizeof text;
        const int state = bytes.empty() ? Z_OK : ::inflate(&reader, Z_SYNC_FLUSH);
        EXPECT_EQ(text, event) << "an event does not wait for the next";
        EXPECT_EQ(state == Z_STREAM_END, !more);
    }
    ::inflateEnd(&reader);
}

TEST(compression, of_requests) {
    const std::string gzip = packed(long_text, coding::gzip);
    struct row {
        std::vector<std::string_view> codings;
        std::string body;
        status code;
        std::string seen;
    };
    const row rows[] = {
        {{}, "plain", status::ok, "plain"},
        {{"identity"}, "plain", status::ok, "plain"},
        {{"gzip"}, gzip, status::ok, long_text},
        {{"X-Gzip"}, gzip, status::ok, long_text},
        {{"deflate"}, packed(long_text, coding::deflate), status::ok, long_text},
        {{"gzip"}, "plain", status::bad_request, ""},
        {{"gzip"}, gzip.substr(0, 10), status::bad_request, ""},
        {{"gzip"}, packed(std::string(20'000, 'a'), coding::gzip), status::payload_too_large, ""},
        {{"br"}, gzip, status::unsupported_media_type, ""},
        {{"gzip, gzip"}, gzip, status::unsupported_media_type, ""},
        {{"gzip", "gzip"}, gzip, status::unsupported_media_type, ""},
    };
    for (const row& each : rows) {
        std::string seen;
        const handler inner = [&](request& q, response&) -> asio::awaitable<void> {
            seen = q.body;
            EXPECT_EQ(q.headers.find("content-encoding").value_or("identity"), "identity");
            co_return;
        };
        request q;
        q.method = verb::post;
        q.body = each.body;
        for (const std::string_view one : each.codings)
            q.headers.add("Content-Encoding", one);
        const response r = ask(inner, q, {.request_bytes = 10'000});
        EXPECT_EQ(r.code, each.code);
        EXPECT_EQ(seen, each.seen);
        EXPECT_EQ(r.headers.find("Accept-Encoding: gzip, deflate\r\n") != std::string::npos,
                  each.code == status::unsupported_media_type);
    }
}

} // namespace compression_test
