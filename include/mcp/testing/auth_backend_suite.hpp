// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/http/message.hpp>
#include <mcp/testing/collaborator.hpp>

#include <atomic>
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace mcp::testing {

/// The data of a backend that `check_auth_backend` needs, as values of the Authorization header.
struct auth_samples {
    std::string good{};             ///< valid credentials
    std::string subject{};          ///< the subject of `good`
    std::vector<std::string> bad{}; ///< refused: expired, revoked, for another server
    bool open = false;              ///< requests without credentials are accepted
};

/// Checks the contract of `auth_backend`; returns the failures as sentences.
///
/// `make()` returns a pointer to a backend that matches `samples`. For a good `Bearer` token, the
/// suite also tries variants that the backend must refuse.
///
///     const auto failures =
///         mcp::testing::check_auth_backend([] { return std::make_shared<my_auth>(); },
///                                          {.good = "Bearer ann-1", .subject = "ann"});
template <class Factory>
failures check_auth_backend(Factory make, const auth_samples& samples) {
    findings found;
    using fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    const auto ask = [](auto& backend, fields headers) {
        http::request request;
        request.method = http::verb::post;
        request.method_name = "POST";
        request.target = request.path = "/mcp";
        for (const auto& [name, value] : headers)
            request.headers.add(name, value);
        return settled([&] { return backend.authenticate(request); });
    };
    found.check("good", [&] {
        const auto backend = make();
        for (const std::string_view name : {"Authorization", "authorization", "AUTHORIZATION"}) {
            const auth_result who = ask(*backend, {{"Host", "localhost"}, {name, samples.good}});
            found.expect(who.has_value(), "good credentials are refused");
            if (!who)
                continue;
            found.expect(!who->subject.empty(), "a principal has no subject");
            found.expect(who->subject == samples.subject,
                         "good credentials give a different principal");
            const auto now = std::chrono::system_clock::now(); // in seconds: no overflow
            found.expect(!who->expires ||
                             *who->expires > std::chrono::floor<std::chrono::seconds>(now),
                         "a principal has expired already");
        }
    });
    const auto refused = [&](auto& backend, fields headers, const char* sentence) {
        const auth_result who = ask(backend, headers);
        found.expect(!who.has_value(), sentence);
        if (who)
            return;
        found.expect(who.error().why != auth_failure::reason::unavailable,
                     "bad credentials are reported as unavailable");
        for (const auto& [name, value] : headers) {
            const auto space = value.find(' ');
            const std::string_view secret = value.substr(space == value.npos ? 0 : space + 1);
            found.expect(secret.size() < 4 ||
                             who.error().description.find(secret) == std::string::npos,
                         "the description of a failure holds the credentials");
        }
    };
    found.check("none", [&] {
        const auto backend = make();
        const auth_result who = ask(*backend, {{"Host", "localhost"}});
        found.expect(who.has_value() == samples.open,
                     samples.open ? "a request without credentials is refused"
                                  : "a request without credentials is accepted");
        found.expect(who || who.error().why == auth_failure::reason::no_token,
                     "missing credentials are not reported as no_token");
    });
    found.check("bad", [&] {
        const auto backend = make();
        for (const std::string& each : samples.bad)
            refused(*backend, {{"Authorization", each}}, "bad credentials are accepted");
        if (samples.open)
            return;
        refused(*backend, {{"Authorization", ""}}, "empty credentials are accepted");
        refused(*backend, {{"Authorization", samples.good}, {"Authorization", samples.good}},
                "two Authorization headers are accepted");
        refused(*backend, {{"X-Authorization", samples.good}}, "another header is accepted");
    });
    found.check("variants of a token", [&] {
        constexpr std::string_view scheme = "Bearer ";
        if (samples.open || !samples.good.starts_with(scheme))
            return;
        const auto backend = make();
        const std::string token = samples.good.substr(scheme.size());
        found.expect(ask(*backend, {{"Authorization", "bearer " + token}}).has_value(),
                     "the scheme is not accepted in lower case [RFC 9110 §11.1]");
        std::string other = token;
        char& middle = other[other.size() / 2];
        middle = middle == 'A' ? 'B' : 'A';
        const std::string half = token.substr(0, token.size() / 2);
        for (const std::string& each : {other, half, token + "A", token + ",", token + token})
            refused(*backend, {{"Authorization", "Bearer " + each}},
                    "a variant of the token is accepted");
        refused(*backend, {{"Authorization", "Bearer"}}, "a scheme without a token is accepted");
        refused(*backend, {{"Authorization", "Basic " + token}}, "another scheme is accepted");
        refused(*backend, {{"Authorization", token}}, "a token without a scheme is accepted");
    });
    found.check("threads", [&] {
        const auto backend = make();
        std::atomic<int> right{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                try {
                    for (int i = 0; i < 25; ++i) {
                        const auth_result who = ask(*backend, {{"Authorization", samples.good}});
                        right += who && who->subject == samples.subject ? 1 : 0;
                    }
                } catch (...) {
                    right = -1'000'000;
                }
            });
        for (auto& each : threads)
            each.join();
        found.expect(right == 100, "good credentials are sometimes refused in concurrent requests");
    });
    return found.take();
}

} // namespace mcp::testing
