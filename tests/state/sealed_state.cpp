#include <mcp/state/sealed_state.hpp>

#include <mcp/encoding/base64.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sealed_state_test {

using namespace std::chrono_literals;

constexpr std::string_view secret = "a secret of more than sixteen characters";

mcp::seal_key key_of(std::uint8_t filler) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(filler);
    return mcp::seal_key(bytes);
}

const mcp::state_binding binding("alice", R"(tools/call{"name":"book"})");

TEST(sealed_state, opens_what_it_sealed) {
    const mcp::sealed_state state(key_of(1));
    const std::string payload(10'000, '\0');
    for (const std::string& each : {std::string(), std::string("{}"), payload})
        EXPECT_EQ(state.open(binding, state.seal(binding, each)), each);
}

TEST(sealed_state, another_process_with_the_key_opens_it) {
    const mcp::sealed_state here(mcp::seal_key::from_text(secret));
    const mcp::sealed_state there(mcp::seal_key::from_text(secret));
    EXPECT_EQ(there.open(binding, here.seal(binding, "payload")), "payload");
}

TEST(sealed_state, text_is_base64url_and_shows_nothing) {
    const mcp::sealed_state state(key_of(1));
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string text = state.seal(binding, "alice likes window seats");
        EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_"),
                  std::string::npos);
        EXPECT_EQ(mcp::from_base64url(text)->find("window"), std::string::npos);
        EXPECT_TRUE(seen.insert(text).second) << "a nonce came twice";
    }
}

TEST(sealed_state, every_altered_byte_is_refused) {
    const mcp::sealed_state state(key_of(1));
    const std::string raw = *mcp::from_base64url(state.seal(binding, "the payload"));
    for (std::size_t at = 0; at < raw.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string altered = raw;
            altered[at] = static_cast<char>(altered[at] ^ (1 << bit));
            EXPECT_EQ(state.open(binding, mcp::to_base64url(altered)), std::nullopt)
                << "byte " << at << ", bit " << bit;
        }
}

TEST(sealed_state, every_altered_character_is_refused) {
    const mcp::sealed_state state(key_of(1));
    const std::string text = state.seal(binding, "the payload");
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const char c : std::string_view("A-_/+=. \n\0z", 11)) {
            std::string altered = text;
            altered[at] = c;
            if (altered == text)
                continue;
            EXPECT_EQ(state.open(binding, altered), std::nullopt) << at << c;
        }
}

TEST(sealed_state, what_is_cut_off_or_added_is_refused) {
    const mcp::sealed_state state(key_of(1));
    const std::string raw = *mcp::from_base64url(state.seal(binding, ""));
    for (std::size_t size = 0; size < raw.size(); ++size)
        EXPECT_EQ(state.open(binding, mcp::to_base64url(raw.substr(0, size))), std::nullopt);
    EXPECT_EQ(state.open(binding, mcp::to_base64url(raw + '\0')), std::nullopt);
    EXPECT_EQ(state.open(binding, mcp::to_base64url(raw.substr(1))), std::nullopt);
    EXPECT_EQ(state.open(binding, std::string(100'000, 'A')), std::nullopt);
}

TEST(sealed_state, opens_only_for_its_owner_and_request) {
    const mcp::sealed_state state(key_of(1));
    const std::string text = state.seal(binding, "p");
    const std::vector<mcp::state_binding> others{{"bob", binding.request},
                                                 {"", binding.request},
                                                 {"alice", "x"},
                                                 {binding.owner, ""},
                                                 {binding.owner, "tools/call{}"},
                                                 {"alicetools", R"(/call{"name":"book"})"},
                                                 {binding.request, binding.owner}};
    for (const auto& other : others)
        EXPECT_EQ(state.open(other, text), std::nullopt) << other.owner << ' ' << other.request;
    EXPECT_EQ(state.open(binding, text), "p");
}

TEST(sealed_state, ends_with_its_ttl) {
    auto now = std::chrono::system_clock::time_point(1'700'000'000s);
    mcp::sealed_state_options options;
    options.ttl = 60s;
    options.now = [&] { return now; };
    const mcp::sealed_state state(key_of(1), options);
    const std::string text = state.seal(binding, "p");
    now += 59s;
    EXPECT_EQ(state.open(binding, text), "p");
    EXPECT_EQ(state.open(binding, text), "p"); // not one-use: nothing is kept
    now += 1s;
    EXPECT_EQ(state.open(binding, text), std::nullopt);
    now += 24h * 365 * 100;
    EXPECT_EQ(state.open(binding, text), std::nullopt);
}

TEST(sealed_state, may_wait_for_ever) {
    mcp::sealed_state_options options;
    options.ttl = std::chrono::seconds::max();
    const mcp::sealed_state state(key_of(1), options);
    EXPECT_EQ(state.open(binding, state.seal(binding, "p")), "p");
}

TEST(sealed_state, keys_rotate) {
    const mcp::sealed_state old(key_of(1));
    const mcp::sealed_state ready(std::vector{key_of(1), key_of(2)});
    const mcp::sealed_state turned(std::vector{key_of(2), key_of(1)});
    const mcp::sealed_state fresh(key_of(2));
    const std::string by_old = old.seal(binding, "1");
    const std::string by_new = turned.seal(binding, "2");
    EXPECT_EQ(old.open(binding, ready.seal(binding, "1")), "1");
    EXPECT_EQ(ready.open(binding, by_new), "2");
    EXPECT_EQ(turned.open(binding, by_old), "1");
    EXPECT_EQ(fresh.open(binding, by_new), "2");
    EXPECT_EQ(old.open(binding, by_new), std::nullopt);
    EXPECT_EQ(fresh.open(binding, by_old), std::nullopt);
}

TEST(sealed_state, keys_come_from_bytes_or_text) {
    const std::vector<std::uint8_t> bytes(31);
    EXPECT_THROW(mcp::seal_key{bytes}, std::invalid_argument);
    EXPECT_THROW(mcp::seal_key{std::vector<std::uint8_t>(33)}, std::invalid_argument);
    EXPECT_THROW(mcp::seal_key{std::vector<std::uint8_t>{}}, std::invalid_argument);
    EXPECT_THROW(mcp::seal_key::from_text("too short"), std::invalid_argument);
    const char* unset = nullptr;
    EXPECT_THROW(mcp::seal_key::from_text(unset), std::invalid_argument);
    EXPECT_THROW(mcp::sealed_state{std::vector<mcp::seal_key>{}}, std::invalid_argument);

    const auto a = mcp::seal_key::from_text(secret);
    const auto b = mcp::seal_key::from_text(std::string(secret) + ' ');
    EXPECT_FALSE(std::equal(a.bytes().begin(), a.bytes().end(), b.bytes().begin()));
}

TEST(sealed_state, errors_show_no_secret) {
    try {
        mcp::seal_key::from_text("hunter2");
        FAIL();
    } catch (const std::invalid_argument& e) {
        EXPECT_EQ(std::string_view(e.what()).find("hunter2"), std::string_view::npos);
    }
}

/// Keys live on in the configuration of running clusters: the format must not change unnoticed.
TEST(sealed_state, opens_texts_of_earlier_versions) {
    mcp::sealed_state_options options;
    options.now = [] { return std::chrono::system_clock::time_point(1'700'000'000s); };
    const mcp::sealed_state state(mcp::seal_key::from_text(secret), options);
    EXPECT_EQ(
        state.open(
            binding,
            "AXOEVt4lLCLrHGcjozt7UR-hpaLHFY2dUyQSxVIt_vigCnADitnWo5Og1n7bacMbsPpRhP2JZBjvcFj1ag"),
        R"({"answers":{},"once":{}})");
}

} // namespace sealed_state_test
