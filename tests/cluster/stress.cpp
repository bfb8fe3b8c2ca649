#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cluster/three_servers.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

// Sends ten thousand messages to one session while processes and Redis crash. The client gets each
// message once and in order, or a report of a gap.

namespace {

using namespace std::chrono_literals;
using wire::answer;
using wire::at;
using wire::client;

constexpr int publishers = 4;
constexpr int enough = 10'000; ///< confirmed messages
constexpr int batch = 20;      ///< messages in one call
constexpr int crashes = 20;    ///< of processes; the middle crash is that of Redis

/// The origin of a message: its publisher, and its number there.
struct origin {
    int who = 0;
    int number = 0;
    auto operator<=>(const origin&) const = default;
};

/// An entry that the client received: a message, or a gap with a number of lost messages.
struct entry {
    std::optional<origin> message;
    std::uint64_t sequence = 0; ///< of a message
    std::uint64_t lost = 0;     ///< of a gap
};

/// The present ports of the servers; a server changes its port when it restarts.
class address_book {
public:
    explicit address_book(const cluster::three_servers& all) {
        for (std::size_t i = 0; i < ports_.size(); ++i)
            put(i, all.servers[i].port());
    }
    void put(std::size_t i, std::uint16_t port) { ports_[i] = port; }
    std::uint16_t any(std::minstd_rand& random) const { return ports_[random() % ports_.size()]; }

private:
    std::array<std::atomic<std::uint16_t>, cluster::three_servers::size> ports_{};
};

/// Waits a moment, where a client must wait for a server.
void breathe() {
    std::this_thread::sleep_for(2ms);
}

/// Calls `publish` at random servers, and records the confirmed messages.
class publisher {
public:
    publisher(const address_book& where, std::string session, int who)
        : where_(where)
        , session_(std::move(session))
        , who_(who)
        , random_(static_cast<unsigned>(who) + 1) {}

    /// Sends new numbers. If the response confirms them, records them and returns true.
    bool send(int count) {
        const int from = next_;
        next_ += count;
        try {
            client c(where_.any(random_));
            const answer a = c.ask(cluster::as(
                wire::legacy_tool(session_, "publish",
                                  R"({"session":")" + session_ + R"(","who":)" +
                                      std::to_string(who_) + R"(,"from":)" + std::to_string(from) +
                                      R"(,"count":)" + std::to_string(count) + "}")));
            const auto events = a.events();
            const std::string result = events.empty() ? a.body : events.back();
            if (at(result, "/result/content").empty() || at(result, "/result/isError") == "true")
                return false;
        } catch (const std::system_error&) { // no server listens there now
            return false;
        }
        for (int n = from; n < next_; ++n)
            confirmed.push_back({who_, n});
        return true;
    }

    std::vector<origin> confirmed;

private:
    const address_book& where_;
    const std::string session_;
    const int who_;
    int next_ = 1;
    std::minstd_rand random_;
};

/// Reads the session's stream from one server after another, until a message of `last` comes.
class reader {
public:
    reader(const address_book& where, std::string session, int last)
        : where_(where)
        , session_(std::move(session))
        , last_(last) {}

    void run() {
        while (!done_) {
            try {
                read_some();
            } catch (const std::system_error&) { // no server listens there now
            }
            breathe();
        }
    }

    std::vector<entry> got;
    std::vector<std::string> faults;
    int streams = 0;

private:
    void read_some() {
        client c(where_.any(random_));
        wire::request q = cluster::as(wire::get(session_));
        q.add("Last-Event-ID", position_);
        c.send(q);
        const answer head = c.head();
        if (head.code != 200) {
            if (head.code != 503 && head.code != 0)
                faults.push_back("GET was answered with " + std::to_string(head.code));
            return;
        }
        ++streams;
        for (auto left = 1 + random_() % 400; left > 0 && !done_; --left) {
            const auto event = c.event();
            if (!event)
                return;
            if (!event->empty())
                take(*event, c.last_event_id());
        }
    }

    void take(const std::string& event, const std::string& id) {
        if (at(event, "/params/logger") == R"("replay")") {
            got.push_back({std::nullopt, 0, std::stoull(at(event, "/params/data/lostEvents"))});
            return;
        }
        const origin from{std::stoi(at(event, "/params/data/who")),
                          std::stoi(at(event, "/params/data/n"))};
        got.push_back({from, std::stoull(id.substr(id.find('-') + 1)), 0});
        position_ = id;
        done_ = from.who == last_;
    }

    const address_book& where_;
    const std::string session_;
    const int last_;
    std::string position_ = "0-0";
    bool done_ = false;
    std::minstd_rand random_{42};
};

/// Returns the faults in the entries that a client got, if `confirmed` are the confirmed messages.
std::vector<std::string> judge(const std::vector<entry>& got,
                               const std::vector<origin>& confirmed) {
    std::vector<std::string> faults;
    // By sequence: each place of the stream comes once and in order, or in a gap of that size.
    std::uint64_t sequence = 0;
    std::uint64_t gap = 0;
    // By origin: the places of the messages of each publisher, and the places of gaps.
    std::map<origin, std::size_t> places;
    std::map<int, int> newest;
    std::vector<std::size_t> gaps;
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (!got[i].message) {
            gap += got[i].lost;
            gaps.push_back(i);
            continue;
        }
        const auto [who, number] = *got[i].message;
        const std::string name = std::to_string(who) + "/" + std::to_string(number);
        if (got[i].sequence != sequence + gap + 1)
            faults.push_back(name + " has place " + std::to_string(got[i].sequence) + " after " +
                             std::to_string(sequence) + " and a gap of " + std::to_string(gap));
        sequence = got[i].sequence;
        gap = 0;
        if (!places.emplace(*got[i].message, i).second)
            faults.push_back(name + " came twice");
        else if (number <= newest[who])
            faults.push_back(name + " came after " + std::to_string(newest[who]));
        newest[who] = std::max(newest[who], number);
    }
    for (const origin& each : confirmed) {
        if (places.contains(each))
            continue;
        // The message is lost: there must be a gap between its neighbours.
        const auto next = places.upper_bound(each);
        const std::size_t end =
            next != places.end() && next->first.who == each.who ? next->second : got.size();
        const std::size_t begin = next != places.begin() && std::prev(next)->first.who == each.who
                                      ? std::prev(next)->second
                                      : 0;
        const auto told = std::lower_bound(gaps.begin(), gaps.end(), begin);
        if (told == gaps.end() || *told >= end)
            faults.push_back(std::to_string(each.who) + "/" + std::to_string(each.number) +
                             " was lost, and no gap told");
    }
    return faults;
}

TEST(cluster_judge, knows_what_is_right_and_what_is_not) {
    const auto message = [](int who, int number, std::uint64_t sequence) {
        return entry{origin{who, number}, sequence, 0};
    };
    const auto gap = [](std::uint64_t lost) { return entry{std::nullopt, 0, lost}; };
    const std::vector<origin> sent{{1, 1}, {1, 2}, {2, 1}, {1, 3}};
    const auto faults = [&](const std::vector<entry>& got) { return judge(got, sent).size(); };
    EXPECT_EQ(faults({message(1, 1, 1), message(1, 2, 2), message(2, 1, 3), message(1, 3, 4)}), 0U);
    EXPECT_EQ(faults({message(1, 1, 1), message(1, 2, 2), message(2, 1, 3), message(2, 2, 4),
                      message(1, 3, 5)}),
              0U)
        << "one that was not confirmed";
    EXPECT_EQ(faults({message(1, 1, 1), gap(2), message(1, 3, 4)}), 0U);
    EXPECT_EQ(faults({message(1, 1, 1), gap(1), message(1, 3, 4)}), 1U) << "a smaller gap was told";
    EXPECT_EQ(faults({message(1, 1, 1), message(2, 1, 3), message(1, 3, 4)}), 2U);
    EXPECT_EQ(faults({message(1, 1, 1), message(2, 1, 2), message(1, 3, 3)}), 1U)
        << "it was never recorded";
    EXPECT_EQ(faults({message(1, 2, 1), message(1, 1, 2), message(2, 1, 3), message(1, 3, 4)}), 1U);
    EXPECT_EQ(faults({message(1, 1, 1), message(1, 2, 2), message(1, 2, 3), message(2, 1, 4),
                      message(1, 3, 5)}),
              1U);
}

TEST(cluster_stress, every_message_once_and_in_order_or_a_gap_that_is_told) {
    if (!test::redis_server::installed())
        GTEST_SKIP() << "redis-server is not installed (Debian: apt install redis-server)";
    cluster::three_servers all;
    address_book where(all);
    const std::string session = all.session();
    ASSERT_FALSE(session.empty());

    const int last = publishers; // the first confirmed message of this publisher is the end
    reader subscriber(where, session, last);
    std::thread listening([&] { subscriber.run(); });

    std::atomic<int> confirmed{0};
    std::vector<publisher> senders;
    for (int who = 0; who < publishers; ++who)
        senders.emplace_back(where, session, who);
    std::vector<std::thread> sending;
    for (publisher& each : senders)
        sending.emplace_back([&] {
            while (confirmed < enough)
                if (each.send(batch))
                    confirmed += batch;
                else
                    breathe();
        });

    for (int crash = 1; crash < crashes; ++crash) {
        while (confirmed < enough / crashes * crash)
            breathe();
        if (crash == crashes / 2) {
            all.redis.kill();
            breathe();
            EXPECT_TRUE(all.redis.start());
        } else {
            const std::size_t victim =
                static_cast<std::size_t>(crash) % cluster::three_servers::size;
            all.servers[victim].kill();
            all.servers[victim].start();
            where.put(victim, all.servers[victim].port());
        }
    }
    for (auto& each : sending)
        each.join();
    publisher closing(where, session, last);
    while (!closing.send(1))
        breathe();
    listening.join();

    std::vector<origin> sent;
    for (const publisher& each : senders)
        sent.insert(sent.end(), each.confirmed.begin(), each.confirmed.end());
    const auto faults = judge(subscriber.got, sent);
    EXPECT_TRUE(subscriber.faults.empty()) << subscriber.faults.front();
    EXPECT_EQ(faults.size(), 0U) << faults.front();
    EXPECT_GE(sent.size(), static_cast<std::size_t>(enough));
    EXPECT_GT(subscriber.streams, 8);
    RecordProperty("streams", subscriber.streams);
    RecordProperty("events", static_cast<int>(subscriber.got.size()));
}

} // namespace
