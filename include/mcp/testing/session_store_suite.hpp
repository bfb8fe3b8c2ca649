// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/session/session_store.hpp>
#include <mcp/testing/collaborator.hpp>

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace mcp::testing {

/// Checks the contract of `session_store`; returns the failures as sentences.
///
/// Each `make()` returns a pointer to an empty store.
///
///     const auto failures =
///         mcp::testing::check_session_store([] { return std::make_shared<my_sessions>(); });
template <class Factory>
failures check_session_store(Factory make) {
    findings found;
    const auto record_of = [](std::string id) {
        session_record record;
        record.id = std::move(id);
        record.owner = "ann";
        record.revision = revision::v2025_06_18;
        record.client.name = "client \"é\"";
        record.threshold = log_level::error;
        record.subscriptions = {"file:///a", "file:///b"};
        record.created = session_record::clock::now();
        record.version = 7;
        return record;
    };
    found.check("create and find", [&] {
        const auto store = make();
        const session_record record = record_of("s1");
        found.expect(settled([&] { return store->create(record); }), "create refuses a new record");
        const session_ptr kept = settled([&] { return store->find(std::string("s1")); });
        found.expect(kept != nullptr, "find does not return the record of create");
        if (!kept)
            return;
        found.expect(kept->id == "s1" && kept->owner == "ann", "id or owner has changed");
        found.expect(kept->revision == record.revision, "the revision has changed");
        found.expect(kept->client.name == record.client.name, "the client has changed");
        found.expect(kept->threshold == record.threshold, "the log level has changed");
        found.expect(kept->subscriptions == record.subscriptions, "the subscriptions have changed");
        found.expect(kept->version == record.version, "the version has changed");
        const auto moved = kept->created - record.created;
        found.expect(moved < std::chrono::seconds(2) && moved > -std::chrono::seconds(2),
                     "the time of creation has changed");
    });
    found.check("create twice", [&] {
        const auto store = make();
        settled([&] { return store->create(record_of("s1")); });
        session_record second = record_of("s1");
        second.owner = "mallory";
        found.expect(!settled([&] { return store->create(second); }),
                     "create accepts an id that is in use");
        const session_ptr kept = settled([&] { return store->find(std::string("s1")); });
        found.expect(kept && kept->owner == "ann", "a second create changes the owner");
    });
    found.check("unknown", [&] {
        const auto store = make();
        found.expect(!settled([&] { return store->find(std::string("none")); }),
                     "find returns a record for an unknown id");
        found.expect(!settled([&] { return store->update(record_of("none")); }),
                     "update returns true for an unknown record");
        found.expect(!settled([&] { return store->find(std::string("none")); }),
                     "update creates a record");
        found.expect(!settled([&] { return store->erase(std::string("none")); }),
                     "erase returns true for an unknown record");
        found.expect(!settled([&] { return store->find(std::string()); }),
                     "find returns a record for an empty id");
    });
    found.check("update", [&] {
        const auto store = make();
        session_record record = record_of("s1");
        settled([&] { return store->create(record); });
        const session_ptr before = settled([&] { return store->find(std::string("s1")); });
        record.subscriptions = {"file:///c"};
        found.expect(settled([&] { return store->update(record); }), "update refuses a record");
        const session_ptr after = settled([&] { return store->find(std::string("s1")); });
        found.expect(after && after->subscriptions == record.subscriptions,
                     "find does not return the record of update");
        found.expect(before && before->subscriptions.size() == 2,
                     "update changes a record that find has returned");
    });
    found.check("replace", [&] {
        const auto store = make();
        if constexpr (requires { store->replace(session_record(), session_record()); }) {
            const session_record before = record_of("s1");
            session_record here = before;
            here.subscriptions = {"file:///here"};
            session_record there = before;
            there.subscriptions = {"file:///there"};
            found.expect(!settled([&] { return store->replace(before, here); }),
                         "replace returns true for an unknown record");
            settled([&] { return store->create(before); });
            const session_ptr known = settled([&] { return store->find(std::string("s1")); });
            found.expect(known && settled([&] { return store->replace(*known, here); }),
                         "replace refuses the record that find has returned");
            found.expect(known && !settled([&] { return store->replace(*known, there); }),
                         "replace overwrites a concurrent change");
            const session_ptr kept = settled([&] { return store->find(std::string("s1")); });
            found.expect(kept && kept->subscriptions == here.subscriptions,
                         "find does not return the record of replace");
        }
    });
    found.check("replace at once", [&] {
        const auto store = make();
        if constexpr (requires { store->replace(session_record(), session_record()); }) {
            constexpr std::size_t each = 10;
            session_record empty = record_of("s1");
            empty.subscriptions.clear();
            settled([&] { return store->create(empty); });
            std::atomic<bool> failed{false};
            const auto add = [&](const std::string& uri) {
                bool done = false;
                while (!done) {
                    const session_ptr now = settled([&] { return store->find(std::string("s1")); });
                    session_record more = *now;
                    more.subscriptions.push_back(uri);
                    ++more.version;
                    done = settled([&] { return store->replace(*now, more); });
                }
            };
            std::vector<std::thread> threads;
            for (std::size_t t = 0; t < 4; ++t)
                threads.emplace_back([&, t] {
                    try {
                        for (std::size_t i = 0; i < each; ++i)
                            add("file:///" + std::to_string(t * each + i));
                    } catch (...) {
                        failed = true;
                    }
                });
            for (auto& thread : threads)
                thread.join();
            const session_ptr kept = settled([&] { return store->find(std::string("s1")); });
            found.expect(!failed && kept && kept->subscriptions.size() == 4 * each,
                         "a change is lost among concurrent replaces that return true");
        }
    });
    found.check("erase", [&] {
        const auto store = make();
        settled([&] { return store->create(record_of("s1")); });
        settled([&] { return store->create(record_of("s2")); });
        found.expect(settled([&] { return store->erase(std::string("s1")); }),
                     "erase returns false for a known record");
        found.expect(!settled([&] { return store->find(std::string("s1")); }),
                     "find returns an erased record");
        found.expect(settled([&] { return store->find(std::string("s2")); }) != nullptr,
                     "erase removes another record as well");
        found.expect(settled([&] { return store->create(record_of("s1")); }),
                     "an id cannot be used again after erase");
    });
    found.check("threads", [&] {
        const auto store = make();
        std::atomic<int> made{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                try {
                    for (int i = 0; i < 25; ++i) {
                        const session_record record = record_of("s" + std::to_string(i));
                        made += settled([&] { return store->create(record); }) ? 1 : 0;
                    }
                } catch (...) {
                    made = -1'000'000;
                }
            });
        for (auto& each : threads)
            each.join();
        found.expect(made == 25, "not exactly one of several concurrent creates of an id succeeds");
    });
    return found.take();
}

} // namespace mcp::testing
