// SPDX-License-Identifier: MIT
#include <mcp/client/file_tokens.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace {

using mcp::stored_authorization;
using ::testing::HasSubstr;

class file_tokens : public testing::Test {
protected:
    file_tokens() {
        std::string name = testing::TempDir() + "tokens.XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~file_tokens() override { std::filesystem::remove_all(folder_); }

    std::string path() const { return folder_ + "/tokens.json"; }

    unsigned mode() const {
        struct stat facts{};
        return ::stat(path().c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0;
    }

    void put(const std::string& text, unsigned mode = 0600) const {
        std::ofstream(path()) << text;
        ::chmod(path().c_str(), mode);
    }

    std::string refusal() const {
        try {
            mcp::file_tokens(path()).load("s");
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return {};
    }

    std::string folder_;
};

stored_authorization sample() {
    stored_authorization out;
    out.issuer = "https://a.example";
    out.client_id = "c";
    out.access_token = "t\"\n";
    out.expires = std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000));
    return out;
}

TEST_F(file_tokens, keeps_what_is_saved) {
    const mcp::file_tokens store(path());
    EXPECT_FALSE(store.load("s"));
    store.erase("s");
    EXPECT_EQ(mode(), 0U); // none yet
    store.save("s", sample());
    store.save("other", {});
    EXPECT_EQ(mode(), 0600U);
    const auto loaded = mcp::file_tokens(path()).load("s");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->issuer, "https://a.example");
    EXPECT_EQ(loaded->access_token, "t\"\n");
    EXPECT_EQ(loaded->expires, sample().expires);
    EXPECT_FALSE(loaded->client_expires);
    store.erase("s");
    EXPECT_FALSE(store.load("s"));
    EXPECT_TRUE(store.load("other"));
    EXPECT_FALSE(std::filesystem::exists(path() + ".new"));
}

TEST_F(file_tokens, refuses_files_that_are_not_its_own) {
    put("{}", 0640);
    EXPECT_THAT(refusal(), HasSubstr("may be read by other users"));
    put("{\"s\": \"secret\"}");
    EXPECT_THAT(refusal(), HasSubstr("does not hold tokens of this program"));
    EXPECT_EQ(refusal().find("secret"), std::string::npos);
    put("{\"s\"");
    EXPECT_THAT(refusal(), HasSubstr("does not hold tokens of this program"));
    std::filesystem::remove(path());
    std::filesystem::create_symlink("/dev/null", path());
    EXPECT_THAT(refusal(), HasSubstr("cannot be opened"));
    std::filesystem::remove(path());
    std::filesystem::create_directory(path());
    ::chmod(path().c_str(), 0700);
    EXPECT_THAT(refusal(), HasSubstr("is not a file of this user"));
    EXPECT_THROW(mcp::file_tokens(folder_ + "/none/tokens").save("s", {}), std::runtime_error);
}

// A process that dies while it writes leaves a part of a new file, and the old one.
TEST_F(file_tokens, survives_a_crash) {
    const mcp::file_tokens store(path());
    store.save("s", sample());
    std::ofstream(path() + ".new") << "{\"s\":{\"iss";
    EXPECT_TRUE(store.load("s"));
    store.save("t", sample());
    EXPECT_TRUE(store.load("s"));
    EXPECT_TRUE(store.load("t"));
}

TEST_F(file_tokens, several_users_lose_nothing) {
    std::vector<std::thread> users;
    for (int user = 0; user < 4; ++user)
        users.emplace_back([this, user] {
            const mcp::file_tokens store(path());
            for (int i = 0; i < 5; ++i)
                store.save(std::to_string(user) + "." + std::to_string(i), sample());
        });
    for (auto& each : users)
        each.join();
    for (int user = 0; user < 4; ++user)
        for (int i = 0; i < 5; ++i)
            EXPECT_TRUE(
                mcp::file_tokens(path()).load(std::to_string(user) + "." + std::to_string(i)));
}

} // namespace
