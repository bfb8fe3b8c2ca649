// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/replay/replay_log.hpp>
#include <mcp/testing/collaborator.hpp>

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace mcp::testing {

/// Checks the contract of `replay_log`; returns the failures as sentences.
///
/// Each `make()` returns a pointer to an empty log, which keeps at least 100 and at most `most`
/// events of a stream.
template <class Factory>
failures check_replay_log(Factory make, std::uint64_t most = 1024) {
    findings found;
    const auto append = [](auto& log, std::string session, std::uint64_t stream, std::string text) {
        return settled([&] { return log.append(session, stream, text); });
    };
    const auto after = [](auto& log, std::string session, std::uint64_t stream,
                          std::uint64_t sequence) {
        return settled([&] { return log.after(session, stream, sequence); });
    };
    found.check("order", [&] {
        const auto log = make();
        const std::string odd("{\"a\":\"\r\n\0é\"}", 13);
        for (std::uint64_t i = 1; i <= 5; ++i)
            found.expect(append(*log, "s", 1, odd + std::to_string(i)) == i,
                         "the sequences of a stream are not 1, 2, 3 …");
        found.expect(append(*log, "s", 2, "x") == 1, "another stream does not begin with 1");
        found.expect(append(*log, "t", 1, "x") == 1, "another session does not begin with 1");
        const replayed all = after(*log, "s", 1, 0);
        found.expect(all.whole && all.events.size() == 5, "not all events of a stream are given");
        const replayed two = after(*log, "s", 1, 3);
        found.expect(two.whole && two.events.size() == 2, "not exactly the later events are given");
        if (two.events.size() == 2)
            found.expect(two.events[0].sequence == 4 && two.events[0].message == odd + "4" &&
                             two.events[1].sequence == 5 && two.events[1].message == odd + "5",
                         "events are not in order, or a message has changed");
        const replayed none = after(*log, "s", 1, 5);
        found.expect(none.whole && none.events.empty(), "an event follows the last event");
    });
    found.check("unknown", [&] {
        const auto log = make();
        const replayed none = after(*log, "s", 1, 0);
        found.expect(none.whole && none.events.empty(), "an unknown stream has events or a gap");
        const replayed lost = after(*log, "s", 1, 3);
        found.expect(!lost.whole && lost.events.empty(),
                     "no gap is reported after an unknown event");
        append(*log, "s", 1, "x");
        found.expect(!after(*log, "s", 1, 3).whole && !after(*log, "s", 2, 1).whole,
                     "no gap is reported after an unknown event");
    });
    found.check("cap", [&] {
        const auto log = make();
        for (std::uint64_t i = 1; i <= most + 10; ++i)
            append(*log, "s", 1, std::to_string(i));
        const replayed cut = after(*log, "s", 1, 0);
        found.expect(!cut.whole, "a gap is not reported");
        found.expect(cut.events.size() <= most, "the log is not bounded");
        found.expect(!cut.events.empty() && cut.events.back().sequence == most + 10,
                     "the newest event is not the last");
        const replayed recent = after(*log, "s", 1, most);
        found.expect(recent.whole && recent.events.size() == 10, "recent events are lost");
        for (std::uint64_t stream = 2; stream <= 80; ++stream)
            append(*log, "s", stream, "x");
        found.expect(after(*log, "s", 2, 0).events.size() == 1,
                     "the only event of a stream is lost after few later events");
    });
    found.check("forget", [&] {
        const auto log = make();
        append(*log, "s", 1, "a");
        append(*log, "s", 2, "b");
        append(*log, "t", 1, "c");
        settled([&] { return log->forget(std::string("s")); });
        found.expect(after(*log, "s", 1, 0).events.empty() && after(*log, "s", 2, 0).events.empty(),
                     "a forgotten session still has events");
        found.expect(!after(*log, "s", 1, 1).whole, "a forgotten session is not reported as a gap");
        found.expect(after(*log, "t", 1, 0).events.size() == 1,
                     "forget removes the events of another session");
    });
    found.check("threads", [&] {
        const auto log = make();
        std::mutex mutex;
        std::set<std::uint64_t> seen;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                try {
                    for (int i = 0; i < 20; ++i) {
                        const auto sequence = append(*log, "s", 1, "x");
                        std::lock_guard lock(mutex);
                        seen.insert(sequence);
                    }
                } catch (...) { // counted as missing
                }
            });
        for (auto& each : threads)
            each.join();
        found.expect(seen.size() == 80 && *seen.rbegin() == 80,
                     "concurrent appends do not get distinct, consecutive sequences");
    });
    return found.take();
}

} // namespace mcp::testing
