#pragma once

#include <mcp/auth/auth_backend.hpp>

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Lets in whoever has one of a few tokens that are known beforehand: an `auth_backend` for scripts
/// and small houses, where nobody wants an authorization server.
///
///     mcp::static_tokens tokens{{std::getenv("ANN_TOKEN"), {.subject = "ann", .scopes =
///     {"read"}}}}; mcp::server server{"house", "1.0", std::move(tokens)};
///
/// The tokens are kept as they are, in memory: not hashed, so take them from the environment or a
/// file, and make each of at least 128 random bits (`random_token(32)`). A given token is compared
/// with all of them, and each time to its end, so that the time tells nothing of how much of a
/// guess was right, nor of whose token it is; it may tell how long tokens are.
///
/// All tokens are added before the server runs.
class static_tokens {
public:
    static_tokens() = default;
    static_tokens(std::initializer_list<std::pair<std::string, principal>> tokens) {
        for (const auto& [token, who] : tokens)
            add(token, who);
    }

    /// Throws `std::invalid_argument` if the token cannot be written in a header [RFC 6750 §2.1] or
    /// is there already, or if the subject is empty.
    static_tokens& add(std::string token, principal who) {
        if (!is_token(token))
            throw std::invalid_argument("static_tokens: a token has characters of A-Z a-z 0-9 "
                                        "- . _ ~ + /, and may end in =");
        if (who.subject.empty())
            throw std::invalid_argument("static_tokens: a token must name somebody");
        for (const entry& each : entries_)
            if (each.token == token)
                throw std::invalid_argument("static_tokens: a token is there twice");
        entries_.push_back({std::move(token), std::move(who)});
        return *this;
    }

    auth_result authenticate(const http::request& request) const {
        if (request.headers.count("authorization") > 1)
            return auth_failure{auth_failure::reason::bad_request,
                                "There is more than one Authorization header"};
        const auto given = bearer_token(request);
        if (!given)
            return auth_failure{};
        const entry* found = nullptr;
        for (const entry& each : entries_)
            if (same(*given, each.token))
                found = &each;
        if (!found)
            return auth_failure{auth_failure::reason::invalid_token, "The token is not known here"};
        if (found->who.expires && *found->who.expires <= std::chrono::system_clock::now())
            return auth_failure{auth_failure::reason::invalid_token, "The token has expired"};
        return found->who;
    }

private:
    struct entry {
        std::string token;
        principal who;
    };

    static bool is_token(std::string_view text) {
        const auto padding = text.find_last_not_of('=');
        return padding != text.npos &&
               text.substr(0, padding + 1)
                       .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-._~+/") == text.npos;
    }

    /// Takes a time that only the lengths decide.
    static bool same(std::string_view given, std::string_view token) {
        volatile unsigned different = given.size() == token.size() ? 0U : 1U;
        for (std::size_t i = 0; i < given.size(); ++i)
            different = different | (static_cast<unsigned char>(given[i]) ^
                                     static_cast<unsigned char>(token[i % token.size()]));
        return different == 0;
    }

    std::vector<entry> entries_;
};

static_assert(auth_backend<static_tokens>);

} // namespace mcp
