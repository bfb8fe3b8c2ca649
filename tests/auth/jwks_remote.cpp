#include <mcp/auth/jwks_remote.hpp>

#include <mcp/async/mailbox.hpp>
#include <mcp/auth/jwt.hpp>
#include <mcp/http/message.hpp>
#include <mcp/testing/collaborator.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <auth/jwt_maker.hpp>
#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace jwks_remote_test {

using namespace std::chrono_literals;
using mcp::jwt_algorithm;
using mcp::testing::settled;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string named(const char* kid) {
    return "{\"keys\":[" + test::p256_key().jwk(std::string(R"("kid":")") + kid + "\"") + "]}";
}

/// An endpoint that does as it is told.
struct endpoint {
    std::atomic<int> fetches{0};
    std::string text = named("a");
    bool fails = false;
    std::shared_ptr<mcp::mailbox> gate; // if there, a fetch waits for something in it
};

struct fetcher {
    std::shared_ptr<endpoint> of;
    asio::awaitable<std::string> operator()(std::string url) const {
        EXPECT_EQ(url, "the url");
        return fetch(of);
    }
    static asio::awaitable<std::string> fetch(std::shared_ptr<endpoint> of) {
        ++of->fetches;
        if (of->gate) {
            const bool opened = co_await of->gate->wait();
            if (!opened)
                throw std::runtime_error("the gate is closed");
        }
        if (of->fails)
            throw std::runtime_error("the endpoint is on fire");
        co_return of->text;
    }
};

class jwks_remote : public testing::Test {
protected:
    using remote = mcp::jwks_remote<fetcher>;

    remote make() {
        mcp::jwks_remote_options options;
        options.ttl = 600s;
        options.pause = 30s;
        options.keep = 3600s;
        options.on_failure = [this](const std::string& sentence) { failures.push_back(sentence); };
        options.now = [now = now] { return std::chrono::steady_clock::time_point(now->load()); };
        return remote("the url", fetcher{there}, options);
    }
    void pass(std::chrono::steady_clock::duration time) { *now = now->load() + time; }

    /// "known", "unknown", or "away" if there are no keys to look in.
    static std::string outcome(const std::optional<mcp::jwks>& keys, const std::string& kid) {
        return !keys ? "away" : keys->has(kid, jwt_algorithm::es256) ? "known" : "unknown";
    }
    static std::string find_key(const remote& keys, const std::string& kid) {
        const auto found = settled([&] { return keys.keys_for(kid, jwt_algorithm::es256); });
        return outcome(found, kid);
    }
    /// Asks on a loop, later.
    static asio::awaitable<void> ask_into(remote keys, std::string kid,
                                          std::vector<std::string>& outcomes) {
        auto pending = keys.keys_for(kid, jwt_algorithm::es256);
        const std::optional<mcp::jwks> found = co_await std::move(pending);
        outcomes.push_back(outcome(found, kid));
    }

    std::shared_ptr<endpoint> there = std::make_shared<endpoint>();
    std::shared_ptr<std::atomic<std::chrono::steady_clock::duration>> now =
        std::make_shared<std::atomic<std::chrono::steady_clock::duration>>(24h);
    std::vector<std::string> failures;
};

TEST_F(jwks_remote, are_fetched_once_and_again_when_they_are_old) {
    const remote keys = make();
    EXPECT_EQ(there->fetches, 0) << "not before somebody asks";
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(find_key(keys, "a"), "known");
    EXPECT_EQ(there->fetches, 1);
    pass(449s);
    EXPECT_EQ(find_key(keys, "a"), "known");
    EXPECT_EQ(there->fetches, 1);
    there->text = named("b");
    pass(151s);
    EXPECT_EQ(find_key(keys, "a"), "unknown") << "it was withdrawn";
    EXPECT_EQ(find_key(keys, "b"), "known");
    EXPECT_EQ(there->fetches, 2);
}

TEST_F(jwks_remote, may_be_used_for_ever) {
    mcp::jwks_remote_options options;
    options.ttl = options.pause = options.keep = std::chrono::seconds::max();
    options.now = [now = now] { return std::chrono::steady_clock::time_point(now->load()); };
    const remote keys("the url", fetcher{there}, options);
    EXPECT_EQ(find_key(keys, "a"), "known");
    pass(24h);
    EXPECT_EQ(find_key(keys, "a"), "known");
    EXPECT_EQ(there->fetches, 1);
}

TEST_F(jwks_remote, are_fetched_ahead_while_nobody_waits) {
    const remote keys = make();
    EXPECT_EQ(find_key(keys, "a"), "known");
    pass(450s);
    there->gate = std::make_shared<mcp::mailbox>();
    asio::io_context io;
    std::vector<std::string> outcomes;
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(io, ask_into(keys, "a", outcomes), asio::detached);
    io.poll();
    EXPECT_THAT(outcomes, ElementsAre("known", "known", "known"));
    EXPECT_EQ(there->fetches, 2);
    there->gate->poke();
    io.run();
    there->gate = nullptr;
    pass(449s);
    EXPECT_EQ(find_key(keys, "a"), "known") << "they are new again";
    EXPECT_EQ(there->fetches, 2);
}

TEST_F(jwks_remote, are_fetched_for_a_name_that_is_not_known_but_not_too_often) {
    const remote keys = make();
    EXPECT_EQ(find_key(keys, "a"), "known");
    there->text = named("b");
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(find_key(keys, "invented" + std::to_string(i)), "unknown");
    EXPECT_EQ(there->fetches, 1) << "they were fetched just now";
    pass(29s);
    EXPECT_EQ(find_key(keys, "b"), "unknown");
    pass(1s);
    EXPECT_EQ(find_key(keys, "b"), "known");
    EXPECT_EQ(there->fetches, 2);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(find_key(keys, "invented" + std::to_string(i)), "unknown");
        pass(1s);
    }
    EXPECT_EQ(there->fetches, 5) << "every 30 seconds, whatever is asked for";
    EXPECT_EQ(find_key(keys, "b"), "known");
}

TEST_F(jwks_remote, are_fetched_by_one_while_the_others_wait) {
    const remote keys = make();
    there->gate = std::make_shared<mcp::mailbox>();
    asio::io_context io;
    std::vector<std::string> outcomes;
    for (int i = 0; i < 50; ++i) {
        const std::string kid = i % 2 == 0 ? "a" : "invented" + std::to_string(i);
        asio::co_spawn(io, ask_into(keys, kid, outcomes), asio::detached);
    }
    io.poll();
    EXPECT_EQ(there->fetches, 1);
    EXPECT_TRUE(outcomes.empty());
    there->gate->poke();
    io.run();
    EXPECT_EQ(there->fetches, 1);
    EXPECT_EQ(outcomes.size(), 50u);
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), "known"), 25);
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), "unknown"), 25);
}

TEST_F(jwks_remote, are_shared_by_loops_on_many_threads) {
    const remote keys = make();
    std::atomic<int> known{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                known += find_key(keys, "a") == "known" ? 1 : 0;
                find_key(keys, "invented" + std::to_string(t * 100 + i));
            }
        });
    for (auto& each : threads)
        each.join();
    EXPECT_EQ(known, 200);
    EXPECT_EQ(there->fetches, 1);
}

TEST_F(jwks_remote, that_are_known_are_used_while_others_wait_for_a_fetch) {
    const remote keys = make();
    EXPECT_EQ(find_key(keys, "a"), "known");
    pass(31s);
    there->gate = std::make_shared<mcp::mailbox>();
    asio::io_context io;
    std::vector<std::string> outcomes;
    asio::co_spawn(io, ask_into(keys, "b", outcomes), asio::detached);
    io.poll();
    EXPECT_EQ(there->fetches, 2);
    asio::co_spawn(io, ask_into(keys, "a", outcomes), asio::detached);
    io.poll();
    EXPECT_THAT(outcomes, ElementsAre("known"));
    there->text = named("b");
    there->gate->poke();
    io.run();
    EXPECT_THAT(outcomes, ElementsAre("known", "known"));
}

TEST_F(jwks_remote, are_away_if_there_never_were_any) {
    const remote keys = make();
    there->fails = true;
    EXPECT_TRUE(keys.health().ok);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(find_key(keys, "a"), "away");
    EXPECT_EQ(there->fetches, 1) << "outcome is down is not asked by each request";
    EXPECT_FALSE(keys.health().ok);
    ASSERT_TRUE(keys.health().since);
    EXPECT_THAT(failures,
                ElementsAre("The keys of tokens cannot be fetched: the endpoint is on fire"));
    pass(30s);
    there->fails = false;
    EXPECT_EQ(find_key(keys, "a"), "known");
    EXPECT_TRUE(keys.health().ok);
}

TEST_F(jwks_remote, that_are_old_are_used_while_the_endpoint_is_down) {
    const remote keys = make();
    EXPECT_EQ(find_key(keys, "a"), "known");
    there->fails = true;
    pass(600s);
    EXPECT_EQ(find_key(keys, "a"), "known");
    EXPECT_EQ(there->fetches, 2);
    EXPECT_EQ(find_key(keys, "b"), "away") << "it may be one of the new ones";
    pass(30s);
    // Now that the endpoint is known to be down, nobody waits for it.
    there->gate = std::make_shared<mcp::mailbox>();
    asio::io_context io;
    std::vector<std::string> outcomes;
    asio::co_spawn(io, ask_into(keys, "a", outcomes), asio::detached);
    asio::co_spawn(io, ask_into(keys, "a", outcomes), asio::detached);
    asio::co_spawn(io, ask_into(keys, "b", outcomes), asio::detached);
    io.poll();
    EXPECT_THAT(outcomes, ElementsAre("known", "known"));
    EXPECT_EQ(there->fetches, 3) << "but it is asked";
    there->gate->poke();
    io.run();
    EXPECT_THAT(outcomes, ElementsAre("known", "known", "away"));
    there->gate = nullptr;
    pass(3600s - 630s);
    EXPECT_EQ(find_key(keys, "a"), "known") << "an hour old";
    pass(1s);
    EXPECT_EQ(find_key(keys, "a"), "away") << "older than they may be";
    there->fails = false;
    pass(30s);
    EXPECT_EQ(find_key(keys, "a"), "known");
}

TEST_F(jwks_remote, are_not_what_is_no_set) {
    const remote keys = make();
    EXPECT_EQ(find_key(keys, "a"), "known");
    pass(600s);
    there->text = "<html>login</html>";
    EXPECT_EQ(find_key(keys, "a"), "known");
    ASSERT_EQ(failures.size(), 1u);
    EXPECT_THAT(failures.front(), HasSubstr("the response is not a JWK Set"));
    EXPECT_FALSE(keys.health().ok);
    pass(30s);
    there->text = R"({"keys":[]})"; // all were withdrawn
    EXPECT_EQ(find_key(keys, "a"), "unknown");
    EXPECT_TRUE(keys.health().ok);
}

TEST_F(jwks_remote, that_are_the_same_text_stay_the_same_set) {
    const remote keys = make();
    const auto get = [&] {
        return *settled([&] { return keys.keys_for("a", jwt_algorithm::es256); });
    };
    const mcp::jwks before = get();
    pass(600s);
    EXPECT_TRUE(get() == before);
    EXPECT_EQ(there->fetches, 2);
    there->text += ' ';
    pass(600s);
    EXPECT_FALSE(get() == before);
}

TEST_F(jwks_remote, come_though_the_request_that_asked_first_was_cancelled) {
    const remote keys = make();
    there->gate = std::make_shared<mcp::mailbox>();
    asio::io_context io;
    std::vector<std::string> outcomes;
    asio::cancellation_signal cancel;
    std::exception_ptr ended;
    asio::co_spawn(
        io, ask_into(keys, "a", outcomes),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr why) { ended = why; }));
    asio::co_spawn(io, ask_into(keys, "a", outcomes), asio::detached);
    io.poll();
    cancel.emit(asio::cancellation_type::terminal);
    io.poll();
    EXPECT_TRUE(ended) << "it does not wait for the fetch";
    EXPECT_TRUE(outcomes.empty());
    there->gate->poke();
    io.run();
    EXPECT_THAT(outcomes, ElementsAre("known"));
    EXPECT_EQ(there->fetches, 1);
}

TEST_F(jwks_remote, are_fetched_anew_if_the_loop_of_a_fetch_is_gone) {
    const remote keys = make();
    there->gate = std::make_shared<mcp::mailbox>();
    asio::io_context other;
    std::vector<std::string> outcomes;
    {
        asio::io_context io;
        std::vector<std::string> lost;
        asio::co_spawn(io, ask_into(keys, "a", lost), asio::detached);
        io.poll();
        EXPECT_EQ(there->fetches, 1);
        asio::co_spawn(other, ask_into(keys, "a", outcomes), asio::detached);
        other.poll();
        there->gate->poke(); // the answer comes, but nobody runs the loop
    }
    other.run();
    EXPECT_THAT(outcomes, ElementsAre("away"));
    there->gate = nullptr;
    pass(30s);
    EXPECT_EQ(find_key(keys, "a"), "known");
}

TEST_F(jwks_remote, let_in_who_signs_with_a_key_that_was_published) {
    const mcp::jwt auth({.issuer = "i", .audience = {"a"}}, make());
    const auto outcome_of = [&](const char* kid) {
        const std::string header = std::string(R"({"alg":"ES256","kid":")") + kid + "\"}";
        const std::string value =
            "Bearer " + test::make_token(test::p256_key(), "ES256", header,
                                         R"({"iss":"i","aud":"a","sub":"ann","exp":4000000000})");
        mcp::http::request q;
        q.headers.add("Authorization", value);
        const auto outcome = settled([&] { return auth.authenticate(q); });
        return outcome ? outcome->subject : outcome.error().description;
    };
    there->fails = true;
    EXPECT_EQ(outcome_of("a"), "The keys of tokens cannot be fetched now");
    EXPECT_FALSE(auth.health().ok);
    there->fails = false;
    pass(30s);
    EXPECT_EQ(outcome_of("a"), "ann");
    EXPECT_EQ(outcome_of("a"), "ann");
    EXPECT_EQ(outcome_of("b"), "The signing key of the token is unknown");
    there->text = named("b");
    pass(30s);
    EXPECT_EQ(outcome_of("b"), "ann");
    EXPECT_EQ(outcome_of("a"), "The signing key of the token is unknown")
        << "though it was let in before";
    EXPECT_TRUE(auth.health().ok);
}

} // namespace jwks_remote_test
