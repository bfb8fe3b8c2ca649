// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/sse_broker.hpp>
#include <mcp/testing/collaborator.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::testing {

/// A subscriber that records its messages.
class recording_subscriber : public subscriber {
public:
    bool deliver(std::string_view topic, const std::string& message) override {
        std::lock_guard lock(mutex_);
        messages_.push_back(std::string(topic) + '|' + message);
        return true;
    }
    void taken_over() noexcept override {
        std::lock_guard lock(mutex_);
        ++taken_;
    }
    std::vector<std::string> messages() const {
        std::lock_guard lock(mutex_);
        return messages_;
    }
    int taken() const {
        std::lock_guard lock(mutex_);
        return taken_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> messages_;
    int taken_ = 0;
};

/// Checks the contract of `sse_broker`; returns the failures as sentences.
///
/// `make()` returns two pointers to brokers that carry messages to each other, as in two processes.
/// For a broker of one process, it returns the same pointer twice.
template <class Factory>
failures check_sse_broker(Factory make) {
    findings found;
    using texts = std::vector<std::string>;
    const auto subscribe = [](auto& at, std::string topic, std::shared_ptr<subscriber> who) {
        settled([&] { return at.subscribe(topic, who); });
    };
    const auto claim = [](auto& at, std::string topic, std::shared_ptr<subscriber> who) {
        settled([&] { return at.claim(topic, who); });
    };
    const auto publish = [](auto& at, std::string topic, std::string message) -> std::size_t {
        return settled([&] { return at.publish(topic, message); });
    };
    found.check("delivery", [&] {
        const auto [here, there] = make();
        const auto a = std::make_shared<recording_subscriber>();
        const auto b = std::make_shared<recording_subscriber>();
        const auto other = std::make_shared<recording_subscriber>();
        found.expect(publish(*here, "t", "early") == 0, "a message without subscribers was taken");
        subscribe(*here, "t", a);
        subscribe(*here, "t", a);
        subscribe(*there, "t", b);
        subscribe(*here, "u", other);
        texts expected;
        for (const std::string& each :
             {std::string("{}"), std::string(), std::string("\x01\0\r\n\xff", 5),
              std::string("\x01\x01"), std::string(100'000, 'x')}) {
            found.expect(publish(*there, "t", each) > 0, "no subscriber took a message");
            expected.push_back("t|" + each);
        }
        for (int i = 0; i < 200; ++i) {
            publish(*here, "t", std::to_string(i));
            expected.push_back("t|" + std::to_string(i));
        }
        for (const auto& who : {a, b}) {
            found.expect(soon([&] { return who->messages().size() >= expected.size(); }),
                         "a subscriber did not get all messages");
            auto got = who->messages();
            std::sort(got.begin(), got.end());
            auto sorted = expected;
            std::sort(sorted.begin(), sorted.end());
            found.expect(got == sorted, "a subscriber got other messages, or one twice");
            texts numbers;
            for (const auto& each : who->messages())
                if (each.size() <= 5 && each.size() > 2 && each[2] >= '0' && each[2] <= '9')
                    numbers.push_back(each);
            found.expect(numbers == texts(expected.begin() + 5, expected.end()),
                         "the messages of one publisher are not in order");
        }
        found.expect(other->messages().empty(), "a message came to another topic");
    });
    found.check("unsubscribe", [&] {
        const auto [here, there] = make();
        const auto a = std::make_shared<recording_subscriber>();
        const auto b = std::make_shared<recording_subscriber>();
        subscribe(*here, "t", a);
        subscribe(*here, "t", b);
        here->unsubscribe("t", a.get());
        here->unsubscribe("t", a.get());
        here->unsubscribe("none", a.get());
        publish(*there, "t", "1");
        found.expect(soon([&] { return !b->messages().empty(); }),
                     "unsubscribe removes another subscriber");
        found.expect(a->messages().empty(), "a subscriber still gets messages after unsubscribe");
        found.expect(a.use_count() == 1, "the broker keeps a subscriber alive after unsubscribe");
        here->unsubscribe("t", b.get());
        subscribe(*here, "t", a);
        publish(*there, "t", "2");
        found.expect(soon([&] { return !a->messages().empty(); }) && a->messages() == texts{"t|2"},
                     "a subscriber that has subscribed again does not get each message once");
    });
    found.check("claim", [&] {
        const auto [here, there] = make();
        std::vector<std::shared_ptr<recording_subscriber>> line;
        for (int i = 0; i < 6; ++i) {
            line.push_back(std::make_shared<recording_subscriber>());
            if (i == 0)
                subscribe(*here, "t", line.back());
            else
                claim(i % 2 == 0 ? *here : *there, "t", line.back());
            publish(*here, "t", std::to_string(i));
            found.expect(soon([&] { return !line.back()->messages().empty(); }),
                         "a subscriber that has claimed a topic gets no messages");
        }
        for (std::size_t i = 0; i < line.size(); ++i) {
            const int taken = i + 1 == line.size() ? 0 : 1;
            found.expect(soon([&] { return line[i]->taken() == taken; }),
                         "displaced subscribers are not notified exactly once");
            const auto got = line[i]->messages(); // may include messages from before its claim
            const std::string own = "t|" + std::to_string(i);
            found.expect(!got.empty() && got.back() == own &&
                             std::count(got.begin(), got.end(), own) == 1,
                         "a displaced subscriber still gets messages");
        }
        claim(*there, "t", line.back());
        found.expect(line.back()->taken() == 0, "a subscriber that claims again displaces itself");
    });
    return found.take();
}

} // namespace mcp::testing
