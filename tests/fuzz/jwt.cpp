// Tokens and key sets of any bytes. What comes as a token is let in by nobody's key; a header and
// claims of any bytes, signed well, let in somebody who has a name, or nobody.

#include <mcp/auth/jwt.hpp>

#include <mcp/encoding/base64.hpp>
#include <mcp/http/message.hpp>

#include <algorithm>
#include <auth/jwt_maker.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

const std::string secret(64, 's');

mcp::jwt_options settings() {
    return {.issuer = "i", .audience = {"a"}, .token_bytes = 64 * 1024};
}

mcp::jwks public_keys() {
    return mcp::jwks(R"({"keys":[
        {"kty":"RSA","kid":"r","e":"AQAB","n":")" +
                     std::string(341, '_') + R"(w"},
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
         "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
}

mcp::auth_result ask(const mcp::jwt<mcp::jwks>& backend, const std::string& token) {
    const std::string value = "Bearer " + token;
    mcp::http::request q;
    q.headers.add("Authorization", value);
    return backend.authenticate(q);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const mcp::jwt published(settings(), public_keys());
    static const mcp::jwt shared(settings(), mcp::jwks::secret(secret));
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)mcp::jwks::parse(text);

    // The first line is a header, the second a payload, the rest a signature.
    const auto first = std::min(text.find('\n'), text.size());
    const auto second = std::min(text.find('\n', first + 1), text.size());
    const std::string header = text.substr(0, first);
    const std::string payload =
        first < text.size() ? text.substr(first + 1, second - first - 1) : "";
    const std::string signature = second < text.size() ? text.substr(second + 1) : "";
    const std::string forged =
        test::signing_input(header, payload) + "." + mcp::to_base64url(signature);
    for (const auto* backend : {&published, &shared})
        for (const std::string& token : {text, forged})
            if (ask(*backend, token))
                std::abort();

    const auto who = ask(shared, test::make_token(secret, "HS256", header, payload));
    if (who && (who->subject.empty() || !who->expires || who->audience.empty()))
        std::abort();
    return 0;
}
