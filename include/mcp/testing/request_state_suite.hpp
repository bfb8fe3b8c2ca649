// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/utf8.hpp>
#include <mcp/state/request_state.hpp>
#include <mcp/testing/collaborator.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mcp::testing {

/// Checks the contract of `request_state`; returns the failures as sentences.
///
/// `make()` returns two pointers to states that open each other's texts, as in two processes. For a
/// state of one process, it returns the same pointer twice.
template <class Factory>
failures check_request_state(Factory make) {
    findings found;
    const state_binding ann("ann", R"({"method":"tools/call"})");
    const auto seal = [](auto& at, const state_binding& binding, const std::string& payload) {
        return settled([&] { return at.seal(binding, payload); });
    };
    const auto open = [](auto& at, const state_binding& binding, std::string_view text) {
        return settled([&] { return at.open(binding, text); });
    };
    found.check("payloads", [&] {
        const auto [here, there] = make();
        for (const std::string& payload :
             {std::string("{}"), std::string(), std::string("\0\r\n\xff é", 7),
              std::string(100'000, 'x')}) {
            const std::string text = seal(*here, ann, payload);
            found.expect(!text.empty() && is_utf8(text), "a sealed text cannot be sent as JSON");
            found.expect(open(*there, ann, text) == std::optional(payload),
                         "a sealed text does not open, or its payload has changed");
        }
    });
    found.check("several", [&] {
        const auto [here, there] = make();
        const std::string one = seal(*here, ann, "one");
        const std::string two = seal(*there, ann, "two");
        found.expect(open(*here, ann, two) == std::optional<std::string>("two") &&
                         open(*there, ann, one) == std::optional<std::string>("one"),
                     "two payloads of one caller and request are confused");
    });
    found.check("binding", [&] {
        const auto [here, there] = make();
        const std::string text = seal(*here, ann, "secret");
        for (const state_binding& other :
             {state_binding("bob", ann.request), state_binding("", ann.request),
              state_binding(ann.owner, R"({"method":"prompts/get"})"), state_binding(ann.owner, ""),
              state_binding(ann.owner + ann.request, ""), state_binding("", "")})
            found.expect(!open(*there, other, text),
                         "a text opens for another caller or another request");
        found.expect(open(*there, ann, text) == std::optional<std::string>("secret"),
                     "an attempt of another caller uses up a text");
    });
    found.check("texts of attackers", [&] {
        const auto [here, there] = make();
        const std::string text = seal(*here, ann, "secret");
        std::string changed = text;
        char& middle = changed[changed.size() / 2];
        middle = middle == 'A' ? 'B' : 'A';
        for (const std::string& each :
             {std::string(), changed, text.substr(1), text.substr(0, text.size() / 2),
              text + "AAAA", text + text, std::string("secret"), std::string("\0\xff", 2),
              std::string(100'000, 'A')})
            found.expect(!open(*there, ann, each), "a forged text opens");
    });
    found.check("threads", [&] {
        const auto [here, there] = make();
        std::atomic<int> right{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, &a = *here, &b = *there] {
                try {
                    for (int i = 0; i < 25; ++i) {
                        const std::string payload = std::to_string(i);
                        const auto opened = open(b, ann, seal(a, ann, payload));
                        right += opened == payload ? 1 : 0;
                    }
                } catch (...) {
                    right = -1'000'000;
                }
            });
        for (auto& each : threads)
            each.join();
        found.expect(right == 100, "a sealed text sometimes does not open in concurrent calls");
    });
    return found.take();
}

} // namespace mcp::testing
