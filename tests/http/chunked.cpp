#include <mcp/http/chunked.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace chunked_test {

using mcp::http::chunked_decoder;
using outcome = chunked_decoder::outcome;

struct decoded {
    outcome how;
    std::string data;
    std::size_t consumed;
};

/// Decodes `bytes` in place, in pieces of `step`.
decoded decode(std::string bytes, std::size_t step, std::size_t limit = 1000) {
    chunked_decoder decoder(limit);
    std::size_t in = 0;
    std::size_t out = 0;
    outcome how = outcome::need_more;
    while (in < bytes.size() && how == outcome::need_more) {
        std::size_t consumed = 0;
        std::size_t produced = 0;
        how = decoder.decode(bytes.data() + out, bytes.data() + in,
                             std::min(step, bytes.size() - in), consumed, produced);
        in += consumed;
        out += produced;
    }
    return {how, bytes.substr(0, out), in};
}

struct row {
    std::string_view bytes;
    outcome how;
    std::string_view data = "";
};

constexpr row rows[] = {
    {"0\r\n\r\n", outcome::complete, ""},
    {"3\r\nabc\r\n0\r\n\r\n", outcome::complete, "abc"},
    {"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", outcome::complete, "abcde"},
    {"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", outcome::complete, "01234567890123456789"},
    {"0003\r\nabc\r\n000\r\n\r\n", outcome::complete, "abc"},
    {"3;name=value;other=\"q\"\r\nabc\r\n0;last\r\n\r\n", outcome::complete, "abc"},
    {"3\r\n\r\n\n\r\n0\r\n\r\n", outcome::complete, "\r\n\n"},
    {"1\r\na\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n", outcome::complete, "a"},
    {"3\r\nab", outcome::need_more, "ab"},
    {"3\r\nabc\r\n0\r\n", outcome::need_more, "abc"},
    {"\r\n", outcome::bad},
    {"g\r\n", outcome::bad},
    {"-1\r\n", outcome::bad},
    {"+3\r\nabc\r\n", outcome::bad},
    {"0x3\r\nabc\r\n", outcome::bad},
    {" 3\r\nabc\r\n", outcome::bad},
    {"3 \r\nabc\r\n", outcome::bad},
    {"3\nabc\r\n", outcome::bad},
    {"3\r\nabc\n0\r\n\r\n", outcome::bad, "abc"},
    {"3\r\nabcd\r\n", outcome::bad, "abc"},
    {"3\rabc", outcome::bad},
    {"3;a\nb\r\nabc", outcome::bad},
    {"fffffffffffffffff\r\n", outcome::bad},
    {"0\r\n folded\r\n\r\n", outcome::bad},
    {"0\r\n: nameless\r\n\r\n", outcome::bad},
    {"0\r\nT: a\nb\r\n\r\n", outcome::bad},
    {"0\r\n\rX", outcome::bad},
    {"3e9\r\n", outcome::too_large},
    {"fffffffffffffff\r\n", outcome::too_large},
};

TEST(chunked, takes_the_coding_off_whatever_the_split) {
    for (const row& r : rows) {
        for (std::size_t step = 1; step <= r.bytes.size(); ++step) {
            const decoded d = decode(std::string(r.bytes), step);
            EXPECT_EQ(d.how, r.how) << r.bytes << " in steps of " << step;
            EXPECT_EQ(d.data, r.data) << r.bytes << " in steps of " << step;
        }
    }
}

TEST(chunked, leaves_what_follows) {
    const decoded d = decode("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n", 1000);
    EXPECT_EQ(d.how, outcome::complete);
    EXPECT_EQ(d.consumed, 11U);
}

TEST(chunked, the_limit_is_for_all_chunks_together) {
    EXPECT_EQ(decode("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 1, 5).how, outcome::complete);
    EXPECT_EQ(decode("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", 1, 5).how, outcome::too_large);
}

TEST(chunked, extensions_and_trailers_are_bounded) {
    const std::string much(5000, 'x');
    EXPECT_EQ(decode("1;" + much + "\r\na\r\n0\r\n\r\n", 1).how, outcome::bad);
    EXPECT_EQ(decode("0\r\nT: " + much + "\r\n\r\n", 1).how, outcome::bad);
    EXPECT_EQ(decode(std::string(5000, '0') + "\r\n\r\n", 1).how, outcome::bad);
}

TEST(chunked, extensions_are_bounded_in_sum) {
    const auto chunks = [](int count, std::size_t extension, std::string_view data) {
        std::string out;
        for (int i = 0; i < count; ++i) {
            out += "1;" + std::string(extension, 'x') + "\r\na\r\n";
        }
        return out += std::string(data);
    };
    EXPECT_EQ(decode(chunks(900, 16, "0\r\n\r\n"), 7).how, outcome::complete);
    EXPECT_EQ(decode(chunks(4, 4000, "0\r\n\r\n"), 7).how, outcome::complete);
    EXPECT_EQ(decode(chunks(5, 4000, ""), 7).how, outcome::bad);
    EXPECT_EQ(decode(chunks(900, 50, ""), 7).how, outcome::bad);
}

TEST(chunked, many_small_chunks_are_no_overhead_too_many) {
    std::string bytes;
    for (int i = 0; i < 900; ++i) {
        bytes += "1;ext=12345\r\na\r\n";
    }
    const decoded d = decode(bytes + "0\r\n\r\n", 7);
    EXPECT_EQ(d.how, outcome::complete);
    EXPECT_EQ(d.data, std::string(900, 'a'));
}

} // namespace chunked_test
