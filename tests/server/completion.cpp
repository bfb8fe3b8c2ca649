#include <mcp/server/completion.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <string>
#include <vector>

namespace completion_test {

TEST(completion, handlers_take_what_they_want) {
    mcp::server server("test", "1");
    server.prompt<"p">("", [](mcp::arg<"a", std::string> a) { return *a; });
    server.complete<"p", "a">([](mcp::context& ctx, std::string typed) {
        return std::vector<std::string>{typed, std::string(mcp::to_string(ctx.revision()))};
    });
    test::peer client(server);
    const auto ask = [&] {
        return client
            .ask("completion/complete", R"({"ref":{"type":"ref/prompt","name":"p"},
                "argument":{"name":"a","value":"v"},"context":{"arguments":{"b":"known"}}})")
            ->result("/completion/values");
    };
    EXPECT_EQ(ask(), R"(["v","2026-07-28"])");
    server.complete<"p", "a">([](mcp::completion_params all) {
        return std::vector<std::string>{all.context.at(0).second + all.value};
    });
    EXPECT_EQ(ask(), R"(["knownv"])") << "the later one replaces the earlier";
}

TEST(completion, prompts_and_templates_have_keys_of_their_own) {
    using target = mcp::completion_params::target;
    EXPECT_NE(mcp::detail::completion_entry::key_of(target::prompt, "x", "a"),
              mcp::detail::completion_entry::key_of(target::resource, "x", "a"));
    EXPECT_NE(mcp::detail::completion_entry::key_of(target::prompt, "x", "ya"),
              mcp::detail::completion_entry::key_of(target::prompt, "xy", "a"));
}

} // namespace completion_test
