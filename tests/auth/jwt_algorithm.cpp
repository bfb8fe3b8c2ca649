#include <mcp/auth/jwt_algorithm.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string_view>

namespace jwt_algorithm_test {

using mcp::jwt_algorithm;
using mcp::detail::jwt_key_kind;

TEST(jwt_algorithm, has_one_name_one_kind_of_key_and_one_size_of_signature) {
    const struct {
        jwt_algorithm algorithm;
        std::string_view name;
        jwt_key_kind kind;
        std::size_t size;
    } rows[] = {
        {jwt_algorithm::hs256, "HS256", jwt_key_kind::secret, 32},
        {jwt_algorithm::hs384, "HS384", jwt_key_kind::secret, 48},
        {jwt_algorithm::hs512, "HS512", jwt_key_kind::secret, 64},
        {jwt_algorithm::rs256, "RS256", jwt_key_kind::rsa, 0},
        {jwt_algorithm::rs384, "RS384", jwt_key_kind::rsa, 0},
        {jwt_algorithm::rs512, "RS512", jwt_key_kind::rsa, 0},
        {jwt_algorithm::ps256, "PS256", jwt_key_kind::rsa, 0},
        {jwt_algorithm::ps384, "PS384", jwt_key_kind::rsa, 0},
        {jwt_algorithm::ps512, "PS512", jwt_key_kind::rsa, 0},
        {jwt_algorithm::es256, "ES256", jwt_key_kind::p256, 64},
        {jwt_algorithm::es384, "ES384", jwt_key_kind::p384, 96},
        {jwt_algorithm::es512, "ES512", jwt_key_kind::p521, 132},
        {jwt_algorithm::eddsa, "EdDSA", jwt_key_kind::ed25519, 64},
    };
    for (const auto& each : rows) {
        EXPECT_EQ(to_string(each.algorithm), each.name);
        EXPECT_EQ(mcp::detail::parse_jwt_algorithm(each.name), each.algorithm) << each.name;
        EXPECT_EQ(mcp::detail::key_kind(each.algorithm), each.kind) << each.name;
        EXPECT_EQ(mcp::detail::signature_size(each.algorithm), each.size) << each.name;
    }
}

TEST(jwt_algorithm, of_ed25519_has_two_names) {
    EXPECT_EQ(mcp::detail::parse_jwt_algorithm("Ed25519"), jwt_algorithm::eddsa);
}

TEST(jwt_algorithm, is_known_by_its_exact_name_only) {
    for (const std::string_view name :
         {"", "none", "None", "NONE", "nOnE", "hs256", "Rs256", "RS256 ", "RS2560", "RS", "ES256K",
          "HS1", "eddsa", "Ed448", "RSA-OAEP", "dir", "A256KW"})
        EXPECT_EQ(mcp::detail::parse_jwt_algorithm(name), std::nullopt) << name;
}

} // namespace jwt_algorithm_test
