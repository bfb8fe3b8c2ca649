#include <mcp/testing/sse_broker_suite.hpp>

#include <mcp/broker/memory_broker.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sse_broker_suite_test {

using ::testing::IsEmpty;

TEST(memory_broker, keeps_the_contract) {
    EXPECT_THAT(mcp::testing::check_sse_broker([] {
                    auto one = std::make_shared<mcp::memory_broker>();
                    return std::pair(one, one);
                }),
                IsEmpty());
}

/// Its members are awaitable in part.
class mixed_broker {
public:
    asio::awaitable<void> subscribe(std::string topic, std::shared_ptr<mcp::subscriber> who) {
        inner_.subscribe(topic, std::move(who));
        co_return;
    }
    void claim(const std::string& topic, std::shared_ptr<mcp::subscriber> who) {
        inner_.claim(topic, std::move(who));
    }
    void unsubscribe(const std::string& topic, const mcp::subscriber* who) {
        inner_.unsubscribe(topic, who);
    }
    asio::awaitable<std::size_t> publish(std::string topic, std::string message) {
        co_return inner_.publish(topic, message);
    }

private:
    mcp::memory_broker inner_;
};

TEST(mixed_broker, keeps_the_contract) {
    EXPECT_THAT(mcp::testing::check_sse_broker([] {
                    auto one = std::make_shared<mixed_broker>();
                    return std::pair(one, one);
                }),
                IsEmpty());
}

/// Says everything twice.
class rude_broker : public mcp::memory_broker {
public:
    std::size_t publish(std::string_view topic, const std::string& message) {
        memory_broker::publish(topic, message);
        return memory_broker::publish(topic, message);
    }
};

TEST(rude_broker, is_found_out) {
    EXPECT_THAT(mcp::testing::check_sse_broker([] {
                    auto one = std::make_shared<rude_broker>();
                    return std::pair(one, one);
                }),
                ::testing::Not(IsEmpty()));
}

} // namespace sse_broker_suite_test
