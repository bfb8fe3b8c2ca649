#include <mcp/server/standard_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace standard_error_test {

using std::chrono::seconds;

/// Both ends of something that may be standard error.
class ends {
public:
    enum class kind { pipe, socket, terminal };

    explicit ends(kind what) {
        int both[2] = {-1, -1};
        if (what == kind::pipe) {
            EXPECT_EQ(::pipe(both), 0);
        } else if (what == kind::socket) {
            EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, both), 0);
        } else {
            both[0] = ::posix_openpt(O_RDWR | O_NOCTTY);
            EXPECT_EQ(::grantpt(both[0]), 0);
            EXPECT_EQ(::unlockpt(both[0]), 0);
            both[1] = ::open(::ptsname(both[0]), O_RDWR | O_NOCTTY);
        }
        reader_ = both[0];
        writer = both[1];
    }
    ends(const ends&) = delete;
    ends& operator=(const ends&) = delete;
    ~ends() {
        close_reader();
        ::close(writer);
    }
    void close_reader() {
        if (reader_ >= 0)
            ::close(std::exchange(reader_, -1));
    }
    /// What is read until the text ends with this; line ends of terminals are as others.
    std::string read_until(const std::string& end) {
        std::string text;
        char bytes[4096];
        while (!text.ends_with(end)) {
            const auto got = ::read(reader_, bytes, sizeof bytes);
            if (got <= 0)
                break;
            for (const char c : std::string_view(bytes, static_cast<std::size_t>(got)))
                text.append(c == '\r' ? 0 : 1, c);
        }
        return text;
    }

    int writer = -1;

private:
    int reader_ = -1;
};

const std::string line = std::string(99, 'x') + '\n';
constexpr ends::kind kinds[] = {ends::kind::pipe, ends::kind::socket, ends::kind::terminal};

TEST(standard_error, writes_at_once) {
    for (const auto kind : kinds) {
        ends both(kind);
        mcp::standard_error out(both.writer);
        out.write("one\n", "weather");
        out.write("two\n", "weather");
        EXPECT_EQ(both.read_until("two\n"), "one\ntwo\n");
        EXPECT_EQ(::fcntl(both.writer, F_GETFL) & O_NONBLOCK, 0) << "others use it, too";
    }
}

TEST(standard_error, lines_wait_for_a_reader_and_stay_whole_and_in_order) {
    for (const auto kind : kinds) {
        ends both(kind);
        mcp::standard_error out(both.writer, 10'000'000);
        std::string all;
        for (int i = 0; i < 20'000; ++i) {
            std::string text = std::to_string(i) + " " + line;
            all += text;
            out.write(std::move(text), "weather");
        }
        EXPECT_FALSE(out.flush(std::chrono::milliseconds(0)));
        out.write("last\n", "weather");
        all += "last\n";
        EXPECT_TRUE(both.read_until("last\n") == all);
        EXPECT_TRUE(out.flush(seconds(20)));
    }
}

TEST(standard_error, what_does_not_fit_is_counted_and_told) {
    for (const auto kind : kinds) {
        ends both(kind);
        mcp::standard_error out(both.writer, 1'000);
        constexpr std::size_t many = 20'000;
        for (std::size_t i = 0; i < many; ++i)
            out.write(line, "weather");
        // A terminal may take a little more in between, and so tell more than once.
        std::size_t whole = 0;
        std::size_t lost = 0;
        while (whole + lost < many) {
            const std::string text = both.read_until("\n");
            for (std::size_t at = 0; at < text.size();) {
                const auto end = text.find('\n', at) + 1;
                const std::string each = text.substr(at, end - at);
                at = end;
                if (each == line) {
                    ++whole;
                    continue;
                }
                ASSERT_TRUE(each.starts_with("weather [warning] ")) << each;
                ASSERT_TRUE(each.ends_with(" of the log lost: standard error was not read\n"));
                lost += std::stoul(each.substr(18));
            }
            ASSERT_FALSE(text.empty());
        }
        EXPECT_EQ(whole + lost, many);
        EXPECT_GT(lost, many / 2);
        EXPECT_TRUE(out.flush(seconds(20)));
        out.write("again\n", "weather");
        EXPECT_EQ(both.read_until("again\n"), "again\n");
    }
}

TEST(standard_error, a_reader_that_has_gone_is_no_harm) {
    for (const auto kind : {ends::kind::pipe, ends::kind::socket}) {
        ends both(kind);
        mcp::standard_error out(both.writer, 1'000);
        both.close_reader();
        for (int i = 0; i < 10; ++i)
            out.write(line, "weather");
        EXPECT_TRUE(out.flush(seconds(20)));
    }
}

TEST(standard_error, a_reader_that_goes_while_lines_wait_is_no_harm) {
    for (const auto kind : {ends::kind::pipe, ends::kind::socket}) {
        ends both(kind);
        mcp::standard_error out(both.writer, 1'000'000);
        for (int i = 0; i < 9'000; ++i)
            out.write(line, "weather");
        both.close_reader();
        EXPECT_TRUE(out.flush(seconds(20)));
    }
}

TEST(standard_error, a_descriptor_may_become_another_thing) {
    ends first(ends::kind::pipe);
    ends second(ends::kind::socket);
    mcp::standard_error out(first.writer);
    out.write("one\n", "weather");
    EXPECT_EQ(first.read_until("one\n"), "one\n");
    ::dup2(second.writer, first.writer);
    out.write("two\n", "weather");
    EXPECT_EQ(second.read_until("two\n"), "two\n");
    ::close(first.writer);
    out.write("to nobody\n", "weather");
    ::dup2(second.writer, first.writer);
    out.write("three\n", "weather");
    EXPECT_EQ(second.read_until("three\n"),
              "weather [warning] 1 line of the log lost: standard error was not read\nthree\n");
}

} // namespace standard_error_test
