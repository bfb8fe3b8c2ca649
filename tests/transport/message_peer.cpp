#include <mcp/transport/message_peer.hpp>

#include <mcp/json/parse.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>

#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <support/heap_bytes.hpp>
#include <system_error>
#include <utility>
#include <vector>

namespace message_peer_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct person {
    std::string name;
};

/// A server, one client of it, and the loop that both run on.
class client {
public:
    explicit client(mcp::peer_options options = {}) {
        server.tool<"add">(
            "", [](mcp::arg<"a", int> a, mcp::arg<"b", int> b) { return std::to_string(*a + *b); });
        server.tool<"count">("", [](mcp::context& ctx) {
            ctx.progress(1, 2);
            ctx.progress(2, 2);
            return "counted";
        });
        server.tool<"wait">("", [this](mcp::context& ctx) -> asio::awaitable<std::string> {
            std::error_code woken;
            co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            if (!open)
                throw std::system_error(woken);
            ++released;
            ctx.info("released");
            co_return "done";
        });
        server.tool<"who">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            const auto answer = co_await ctx.elicit<person>("Who?");
            co_return answer ? "hello " + answer->name : "hello nobody";
        });
        server.resource<"config://app">("", [] { return std::string("x"); });
        server.options().log = [this](mcp::log_level, std::string_view text) { log += text; };
        peer = std::make_shared<mcp::message_peer>(server, io.get_executor(), options);
    }

    /// Lets the peer have a message, and gives all that comes back before something is waited for.
    std::vector<std::string> say(std::string_view message) {
        peer->receive(message);
        return heard();
    }
    std::vector<std::string> heard() {
        io.restart();
        io.poll();
        std::vector<std::string> messages;
        std::string message;
        while (peer->output().try_pop(message))
            messages.push_back(message);
        return messages;
    }
    void initialize(std::string_view revision, std::string_view capabilities = "{}") {
        const auto answer =
            say(R"({"jsonrpc":"2.0","id":"init","method":"initialize","params":{)"
                R"("protocolVersion":")" +
                std::string(revision) + R"(","capabilities":)" + std::string(capabilities) +
                R"(,"clientInfo":{"name":"tester","version":"1"}}})");
        ASSERT_EQ(answer.size(), 1U);
        ASSERT_THAT(answer[0], HasSubstr(R"("protocolVersion":")" + std::string(revision) + '"'));
        ASSERT_THAT(say(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"), IsEmpty());
    }

    mcp::server<> server{"test", "1"};
    asio::io_context io{1};
    /// Ends the waiting of `wait`.
    void release() {
        open = true;
        gate.cancel();
    }

    asio::steady_timer gate{io, asio::steady_timer::time_point::max()};
    bool open = false;
    int released = 0;
    std::string log;
    std::shared_ptr<mcp::message_peer> peer;
};

std::string modern(std::string_view id, std::string_view method, std::string_view params = "",
                   std::string_view capabilities = "{}", std::string_view meta = "") {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":")" + std::string(method) +
           R"(","params":{)" + std::string(params) + (params.empty() ? "" : ",") +
           R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
           R"("io.modelcontextprotocol/clientCapabilities":)" +
           std::string(capabilities) + std::string(meta) + "}}}";
}

std::string call(std::string_view id, std::string_view tool, std::string_view arguments = "{}",
                 std::string_view meta = "{}") {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
           R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
           R"(","arguments":)" + std::string(arguments) + R"(,"_meta":)" + std::string(meta) + "}}";
}

std::string text_result(std::string_view id, std::string_view text) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
           R"(,"result":{"content":[{"type":"text","text":")" + std::string(text) + R"("}]}})";
}

std::string modern_text_result(std::string_view id, std::string_view text) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
           R"(,"result":{"content":[{"type":"text","text":")" + std::string(text) +
           R"("}],"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":)"
           R"({"name":"test","version":"1"}}}})";
}

std::string failure(std::string_view id, int code, std::string_view message) {
    return R"({"jsonrpc":"2.0",)" + (id.empty() ? "" : R"("id":)" + std::string(id) + ',') +
           R"("error":{"code":)" + std::to_string(code) + R"(,"message":")" + std::string(message) +
           R"("}})";
}

std::string cancel(std::string_view id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
           std::string(id) + "}}";
}

constexpr std::string_view not_begun =
    "Send initialize first, or name a modern revision in params._meta of each request";

struct exchange {
    std::string said;
    std::vector<std::string> heard;
};

TEST(message_peer, answers_before_the_handshake) {
    const exchange table[] = {
        {R"({"jsonrpc":"2.0","id":1,"method":"ping"})",
         {R"({"jsonrpc":"2.0","id":1,"result":{}})"}},
        {R"({"jsonrpc":"2.0","id":"a","method":"tools/list"})",
         {failure("\"a\"", -32600, not_begun)}},
        {R"({"jsonrpc":"2.0","id":1,"method":"no/such"})", {failure("1", -32600, not_begun)}},
        {R"({"jsonrpc":"2.0","method":"notifications/initialized"})", {}},
        {R"({"jsonrpc":"2.0","id":1,"result":{}})", {}},
        {R"({"jsonrpc":"2.0","id":1})", {}},
        {R"({"jsonrpc":"2.0","id":1,"error":"no"})", {}},
        {R"({"jsonrpc":"2.0","method":"m","params":7})", {}},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})",
         {R"({"jsonrpc":"2.0","id":1,"result":{}})"}},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})",
         {R"({"jsonrpc":"2.0","id":1,"result":{}})"}},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[1]})",
         {failure("1", -32600, "params must be an object")}},
        {R"({"jsonrpc":"2.0","id":null,"method":"notifications/initialized"})", {}},
        {R"({"id":1,"method":"ping"})", {failure("1", -32600, "jsonrpc must be \\\"2.0\\\"")}},
        {R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
         {failure("", -32600, "id must be a string or an integer")}},
        {R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])",
         {failure("", -32600, "Only revision 2025-03-26 has batches")}},
        {"7", {failure("", -32600, "a message must be an object")}},
    };
    client c;
    for (const auto& [said, heard] : table)
        EXPECT_EQ(c.say(said), heard) << said;
    const auto bad = c.say("{\"jsonrpc\"");
    ASSERT_EQ(bad.size(), 1U);
    EXPECT_THAT(bad[0],
                HasSubstr(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: )"));
}

TEST(message_peer, serves_a_legacy_session) {
    client c;
    c.initialize("2025-11-25");
    const exchange table[] = {
        {call("1", "add", R"({"a":1,"b":2})"), {text_result("1", "3")}},
        {call("\"1\"", "add", R"({"a":2,"b":2})"), {text_result("\"1\"", "4")}},
        {call("2", "count", "{}", R"({"progressToken":"p"})"),
         {R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1,"total":2}})",
          R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":2,"total":2}})",
          text_result("2", "counted")}},
        {R"({"jsonrpc":"2.0","id":3,"method":"no/such"})",
         {failure("3", -32601, "Method not found: no/such")}},
        {R"({"jsonrpc":"2.0","id":3,"method":"server/discover"})",
         {failure("3", -32601, "Method not found: server/discover")}},
        {call("4", "none"), {failure("4", -32602, "Unknown tool: none")}},
        {R"({"jsonrpc":"2.0","id":5,"method":"initialize","params":{}})",
         {failure("5", -32602, "params.protocolVersion is missing")}}, // the session goes on
        {R"({"jsonrpc":"2.0","id":6,"method":"logging/setLevel","params":{"level":"error"}})",
         {R"({"jsonrpc":"2.0","id":6,"result":{}})"}},
        {R"([{"jsonrpc":"2.0","id":7,"method":"ping"}])",
         {failure("", -32600, "Only revision 2025-03-26 has batches")}},
        {R"({"jsonrpc":"2.0","id":99,"result":{}})", {}},
        {"\"text\"", {failure("", -32600, "a message must be an object")}},
    };
    for (const auto& [said, heard] : table)
        EXPECT_EQ(c.say(said), heard) << said;
}

TEST(message_peer, an_id_that_cannot_be_read_is_null_for_old_clients) {
    client c;
    c.initialize("2025-06-18");
    EXPECT_THAT(c.say("7"), ElementsAre(failure("null", -32600, "a message must be an object")));
}

TEST(message_peer, a_bad_handshake_can_be_repeated) {
    client c;
    const auto answer = c.say(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})");
    ASSERT_EQ(answer.size(), 1U);
    EXPECT_THAT(answer[0], HasSubstr(R"("id":1,"error":{"code":-32602)"));
    c.initialize("2024-11-05");
}

TEST(message_peer, a_second_handshake_begins_anew) {
    client c;
    c.initialize("2025-06-18", R"({"elicitation":{}})");
    EXPECT_THAT(c.say(call("1", "wait")), IsEmpty());
    EXPECT_THAT(c.say(call("2", "who")), ElementsAre(HasSubstr(R"("id":1,"method":"elicit)")));
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":3,"method":"resources/subscribe",)"
                      R"("params":{"uri":"config://app"}})"),
                ElementsAre(HasSubstr(R"("result":{})")));
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":4,"method":"logging/setLevel",)"
                      R"("params":{"level":"error"}})"),
                ElementsAre(HasSubstr(R"("result":{})")));
    EXPECT_THAT(c.say(modern("5", "tools/call", R"("name":"wait","arguments":{})")), IsEmpty());

    c.initialize("2025-11-25", R"({"elicitation":{}})");
    c.server.notify_resource_updated("config://app");
    EXPECT_THAT(c.heard(), IsEmpty());
    // Ids are free again, at once, and those of questions differ from the ones before.
    c.peer->receive(call("1", "wait"));
    EXPECT_THAT(c.say(call("2", "who")), ElementsAre(HasSubstr(R"("id":"2.1","method":"elicit)")));
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":1,"result":{"action":"decline"}})"), IsEmpty());
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":"2.1","result":{"action":"decline"}})"),
                ElementsAre(text_result("2", "hello nobody")));
    c.release();
    EXPECT_THAT(
        c.heard(),
        testing::UnorderedElementsAre(
            modern_text_result("5", "done"), // belongs to no session
            R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"released"}})",
            text_result("1", "done")));
    EXPECT_EQ(c.released, 2);

    // What is wrong leaves the session as it is.
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":9,"method":"initialize"})"),
                ElementsAre(HasSubstr("-32602")));
    EXPECT_THAT(c.say(call("6", "add", R"({"a":1,"b":2})")), ElementsAre(text_result("6", "3")));
}

TEST(message_peer, a_batch_of_a_session_that_was_replaced_is_not_answered) {
    client c;
    c.initialize("2025-03-26");
    EXPECT_THAT(c.say("[" + call("1", "wait") + "," + call("2", "add", R"({"a":1,"b":2})") + "]"),
                IsEmpty());
    c.initialize("2025-03-26");
    c.release();
    EXPECT_THAT(c.heard(), IsEmpty());
    c.peer->end_input();
    EXPECT_TRUE(c.peer->output().closed());
}

TEST(message_peer, serves_modern_requests_without_a_handshake) {
    client c;
    const exchange table[] = {
        {modern("1", "tools/call", R"("name":"add","arguments":{"a":1,"b":2})"),
         {modern_text_result("1", "3")}},
        {modern("2", "no/such"), {failure("2", -32601, "Method not found: no/such")}},
        {modern("3", "ping"), {failure("3", -32601, "Method not found: ping")}},
        {modern("4", "initialize"), {failure("4", -32601, "Method not found: initialize")}},
        {R"({"jsonrpc":"2.0","id":5,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})",
         {failure("5", -32602, "params._meta lacks io.modelcontextprotocol/clientCapabilities")}},
        {R"({"jsonrpc":"2.0","id":6,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2030-01-01","io.modelcontextprotocol/clientCapabilities":{}}}})",
         {R"({"jsonrpc":"2.0","id":6,"error":{"code":-32022,"message":"Unsupported protocol version","data":{"supported":["2026-07-28"],"requested":"2030-01-01"}}})"}},
        {modern("7", "tools/call", R"("name":"count","arguments":{})", "{}",
                R"(,"progressToken":1)"),
         {R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1,"total":2}})",
          R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":2,"total":2}})",
          modern_text_result("7", "counted")}},
    };
    for (const auto& [said, heard] : table)
        EXPECT_EQ(c.say(said), heard) << said;
    const auto found = c.say(modern("8", "server/discover"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0], HasSubstr(R"("supportedVersions":["2026-07-28"])"));
}

TEST(message_peer, both_eras_share_a_channel) {
    client c;
    c.initialize("2025-11-25");
    EXPECT_THAT(c.say(modern("1", "tools/call", R"("name":"add","arguments":{"a":1,"b":2})")),
                ElementsAre(modern_text_result("1", "3")));
    EXPECT_THAT(c.say(call("2", "add", R"({"a":1,"b":2})")), ElementsAre(text_result("2", "3")));
}

TEST(message_peer, an_era_can_be_switched_off) {
    client c;
    c.server.options().legacy = false;
    const auto refused = c.say(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})");
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_THAT(refused[0], HasSubstr(R"("code":-32022,)"));
    EXPECT_THAT(refused[0], HasSubstr(R"("supported":["2026-07-28"])"));

    client d;
    d.server.options().modern = false;
    EXPECT_THAT(d.say(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"),
                ElementsAre(failure("1", -32600, "Send initialize first")));
    const std::string bare = R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":)"
                             R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})";
    for (const bool begun : {false, true}) {
        if (begun)
            d.initialize("2025-11-25");
        for (const std::string& said : {modern("1", "server/discover"), bare}) {
            const auto no = d.say(said);
            ASSERT_EQ(no.size(), 1U);
            EXPECT_THAT(no[0], HasSubstr(R"("code":-32022)"));
            EXPECT_THAT(no[0], HasSubstr(R"("supported":[],"requested":"2026-07-28")"));
            EXPECT_THAT(no[0], HasSubstr("begin with initialize"));
        }
    }
}

TEST(message_peer, initialize_that_claims_a_revision_of_its_era_begins_a_session) {
    client c;
    const auto answer = c.say(
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
        R"("capabilities":{},"clientInfo":{"name":"c","version":"1"},"_meta":)"
        R"({"io.modelcontextprotocol/protocolVersion":"2025-11-25"}}})");
    ASSERT_EQ(answer.size(), 1U);
    EXPECT_THAT(answer[0], HasSubstr(R"("protocolVersion":"2025-11-25")"));
}

TEST(message_peer, answers_when_they_are_ready) {
    client c;
    c.initialize("2025-11-25");
    EXPECT_THAT(c.say(call("1", "wait")), IsEmpty());
    EXPECT_THAT(c.say(call("1", "wait")),
                ElementsAre(failure("1", -32600, "A request with this id is under way")));
    EXPECT_THAT(c.say(call("2", "add", R"({"a":1,"b":2})")), ElementsAre(text_result("2", "3")));
    c.release();
    EXPECT_THAT(
        c.heard(),
        ElementsAre(
            R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"released"}})",
            text_result("1", "done")));
}

TEST(message_peer, a_cancelled_request_gets_no_answer) {
    for (const bool is_modern : {false, true}) {
        client c;
        if (!is_modern)
            c.initialize("2025-11-25");
        EXPECT_THAT(c.say(is_modern ? modern("1", "tools/call", R"("name":"wait","arguments":{})")
                                    : call("1", "wait")),
                    IsEmpty());
        EXPECT_THAT(c.say(cancel("\"1\"")), IsEmpty());
        EXPECT_THAT(c.say(cancel("1")), IsEmpty());
        c.release();
        EXPECT_THAT(c.heard(), IsEmpty());
        EXPECT_EQ(c.released, 0);
        EXPECT_THAT(c.say(cancel("1")), IsEmpty());
        EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","method":"notifications/cancelled"})"), IsEmpty());
    }
}

TEST(message_peer, asks_a_legacy_client) {
    client c;
    c.initialize("2025-06-18", R"({"elicitation":{}})");
    const auto asked = c.say(call("1", "who"));
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_THAT(asked[0], HasSubstr(R"("id":1,"method":"elicitation/create","params":{)"));
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":"1","result":{"action":"decline"}})"), IsEmpty());
    EXPECT_THAT(
        c.say(R"({"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"name":"Ann"}}})"),
        ElementsAre(text_result("1", "hello Ann")));
}

TEST(message_peer, a_response_that_is_not_quite_right_ends_the_question) {
    const std::string refused =
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":)"
        R"("the client refused elicitation/create: the response is malformed: )";
    const std::string parse_error = refused + "Parse error: ";
    const struct {
        std::string response;
        std::string answer; ///< begins like this
    } table[] = {
        {R"({"jsonrpc":"2.0","id":1,"result":{"action":"decline","content":null},"error":null})",
         text_result("1", "hello nobody")},
        {R"({"jsonrpc":"2.0","id":1,"method":null,"params":null,"result":{"action":"decline"}})",
         text_result("1", "hello nobody")},
        {R"({"jsonrpc":"2.0","id":1,"result":null,"error":{"code":-1,"message":"no","data":null}})",
         R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":)"
         R"("the client refused elicitation/create: no"}})"},
        {R"({"jsonrpc":"2.0","id":1})", refused + "a message must have"},
        {R"({"jsonrpc":"2.0","id":1,"error":null})", refused + "a message must have"},
        {R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})", refused + "a message must have"},
        {R"({"jsonrpc":"2.0","id":1,"error":"no"})", refused + "error must be an object"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}})",
         refused + "error.code must be an integer"},
        {R"({"id":1,"result":{"action":"decline"}})", refused + "jsonrpc must be"},
        {R"({"jsonrpc":"2.0","id":1,"result":{"a":1e400}})", parse_error + "a number is too large"},
        {R"({"jsonrpc":"2.0","id":1,"result":{"a":1,"a":1}})", parse_error + "the key"},
        {R"({"result":")" + std::string(2000, 'x') + R"(","jsonrpc":"2.0","id":1})",
         refused + "A message may have at most 2000 bytes"},
    };
    for (const auto& [response, answer] : table) {
        client c({.message_bytes = 2000});
        c.initialize("2025-06-18", R"({"elicitation":{}})");
        ASSERT_EQ(c.say(call("1", "who")).size(), 1U);
        EXPECT_THAT(c.say(response), ElementsAre(testing::StartsWith(answer))) << response;
    }
    client batches;
    batches.initialize("2025-03-26");
    EXPECT_THAT(batches.say(R"([{"jsonrpc":"2.0","id":1,"error":7},)"
                            R"({"jsonrpc":"2.0","method":"m","params":7},)"
                            R"({"jsonrpc":"2.0","id":2,"method":"ping","params":7}])"),
                ElementsAre('[' + failure("2", -32600, "params must be an object") + ']'));
}

TEST(message_peer, an_error_has_the_id_that_could_be_read) {
    const auto request = [](std::string_view members) {
        return R"({"jsonrpc":"2.0","method":"tools/call","params":{"name":"add","arguments":{)" +
               std::string(members) + R"(}},"id":7})";
    };
    const struct {
        std::string said;
        std::string heard; ///< begins like this; empty: nothing
    } table[] = {
        {request(R"("a":1,"a":1)"), R"({"jsonrpc":"2.0","id":7,"error":{"code":-32700,)"},
        {request(R"("a":1e400)"), R"({"jsonrpc":"2.0","id":7,"error":{"code":-32700,)"},
        {request("\"a\":\"\xFF\""), R"({"jsonrpc":"2.0","id":7,"error":{"code":-32700,)"},
        {request(R"("a":"\ud83d)"), R"({"jsonrpc":"2.0","error":{"code":-32700,)"}, // cut
        {request("\"a\":" + std::string(70, '[') + std::string(70, ']')),
         R"({"jsonrpc":"2.0","id":7,"error":{"code":-32700,)"},
        {request(R"("a":")" + std::string(2000, 'x') + '"'),
         failure("7", -32600, "A message may have at most 2000 bytes")},
        {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})",
         R"({"jsonrpc":"2.0","error":{"code":-32700,)"},
        {R"({"jsonrpc":"2.0","method":"notifications/x","params":{"a":1e400}})", ""},
        {R"({"jsonrpc":"2.0","id":7,"result":{"a":1e400}})", ""},
        {"\xEF\xBB\xBF{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}", // a byte order mark
         R"({"jsonrpc":"2.0","id":7,"result":{}})"},
    };
    client c({.message_bytes = 2000});
    for (const auto& [said, heard] : table) {
        const auto answers = c.say(said);
        if (heard.empty())
            EXPECT_THAT(answers, IsEmpty()) << said;
        else
            EXPECT_THAT(answers, ElementsAre(testing::StartsWith(heard))) << said;
    }
}

TEST(message_peer, half_an_emoji_is_replaced_unless_it_is_to_be_refused) {
    const std::string cut = R"({"jsonrpc":"2.0","id":"cut \ud83d","method":"ping"})";
    client lenient;
    EXPECT_THAT(lenient.say(cut),
                ElementsAre("{\"jsonrpc\":\"2.0\",\"id\":\"cut \xEF\xBF\xBD\",\"result\":{}}"));
    client strict({.surrogates = mcp::unpaired_surrogates::refuse});
    EXPECT_THAT(strict.say(cut), ElementsAre(HasSubstr("a string has an unpaired surrogate")));
}

struct search {
    std::string query;
    int limit = 10;
    std::optional<std::string> language;
};

std::string found(search what) {
    return what.query + std::to_string(what.limit) + what.language.value_or("any");
}

std::string review(std::string code, std::optional<std::string> style) {
    return code + style.value_or("plain");
}

/// What is the same to a server: each method with members that may be absent, which one client
/// writes as null, or an empty object as an empty array, and the other leaves out.
TEST(message_peer, null_is_absent_where_absence_is_allowed) {
    const struct {
        const char* method;
        const char* written;  ///< members of the params
        const char* left_out; ///< the same without them
        bool legacy = true;
        bool modern = true;
    } table[] = {
        {"tools/list", R"("cursor":null)", ""},
        {"resources/list", R"("cursor":null)", ""},
        {"resources/templates/list", R"("cursor":null)", ""},
        {"prompts/list", R"("cursor":null)", ""},
        {"tools/call", R"("name":"none","arguments":null)", R"("name":"none")"},
        {"tools/call", R"("name":"none","arguments":[])", R"("name":"none")"},
        {"tools/call", R"("name":"found","arguments":{"query":"q","limit":null,"language":null})",
         R"("name":"found","arguments":{"query":"q"})"},
        {"tools/call", R"("name":"named","arguments":{"a":1,"b":null})",
         R"("name":"named","arguments":{"a":1})"},
        {"tools/call", R"("name":"raw","arguments":null)", R"("name":"raw")"},
        {"tools/call", R"("name":"raw","arguments":[])", R"("name":"raw","arguments":{})"},
        {"tools/call", R"("name":"raw","arguments":{"text":null,"inner":{"text":null}})",
         R"("name":"raw","arguments":{"inner":{}})"},
        {"prompts/get", R"("name":"review","arguments":{"code":"c","style":null})",
         R"("name":"review","arguments":{"code":"c"})"},
        {"prompts/get", R"("name":"plain","arguments":null)", R"("name":"plain")"},
        {"prompts/get", R"("name":"plain","arguments":[])", R"("name":"plain")"},
        {"prompts/get", R"("name":"plain","arguments":{"unknown":null})", R"("name":"plain")"},
        {"completion/complete",
         R"("ref":{"type":"ref/prompt","name":"review","title":null},"context":null,)"
         R"("argument":{"name":"style","value":"p"})",
         R"("ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"style","value":"p"})"},
        {"completion/complete",
         R"("ref":{"type":"ref/prompt","name":"review"},"context":{"arguments":null},)"
         R"("argument":{"name":"style","value":"p"})",
         R"("ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"style","value":"p"})"},
        {"completion/complete",
         R"("ref":{"type":"ref/prompt","name":"review"},"context":{"arguments":{"code":null}},)"
         R"("argument":{"name":"style","value":"p"})",
         R"("ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"style","value":"p"})"},
        {"resources/read", R"("uri":"config://app","other":null)", R"("uri":"config://app")"},
        {"ping", R"("_meta":null)", "", true, false},
        {"ping", R"("_meta":[])", "", true, false},
        {"ping", R"("_meta":{"progressToken":null,"traceparent":null})", "", true, false},
        {"tools/list", R"("_meta":{"io.modelcontextprotocol/protocolVersion":null})", "", true,
         false},
        {"tools/call", R"("name":"none","inputResponses":null,"requestState":null)",
         R"("name":"none")"},
        {"tools/call", R"("name":"later","inputResponses":null,"requestState":null)",
         R"("name":"later")", false, true},
        {"tools/call", R"("name":"later","inputResponses":[])", R"("name":"later")", false, true},
        {"server/discover", R"("x":null)", "", false, true},
    };
    client c;
    c.initialize("2025-11-25");
    c.server.tool<"none">("", [] { return "none"; });
    c.server.tool<"later">("", []() -> asio::awaitable<std::string> { co_return "later"; });
    c.server.tool<found>("");
    c.server.tool<"named">("", [](mcp::arg<"a", int> a, mcp::arg<"b", std::optional<int>> b) {
        return std::to_string(*a + b->value_or(5));
    });
    c.server.tool(mcp::tool_definition(
                      "raw", "",
                      R"({"type":"object","properties":{"text":{"type":"string"},)"
                      R"("inner":{"type":"object","properties":{"text":{"type":"string"}}}}})"),
                  [](const mcp::json& arguments) { return mcp::encode(arguments); });
    c.server.prompt<review, "code", "style">("Reviews");
    c.server.prompt<"plain">("", [] { return "plain"; });
    c.server.complete<"review", "style">(
        [](std::string) { return std::vector<std::string>{"plain"}; });
    c.heard();
    const auto legacy = [](std::string_view method, std::string_view members) {
        return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{)" +
               std::string(members) + "}}";
    };
    const auto succeeds = ElementsAre(HasSubstr(R"("id":1,"result":)"));
    for (const auto& each : table) {
        SCOPED_TRACE(std::string(each.method) + " " + each.written);
        if (each.legacy) {
            const auto heard = c.say(legacy(each.method, each.left_out));
            EXPECT_THAT(heard, succeeds);
            EXPECT_EQ(c.say(legacy(each.method, each.written)), heard);
        }
        if (each.modern) {
            const auto heard = c.say(modern("1", each.method, each.left_out));
            EXPECT_THAT(heard, succeeds);
            EXPECT_EQ(c.say(modern("1", each.method, each.written)), heard);
            EXPECT_EQ(
                c.say(modern("1", each.method, each.written, R"({"roots":null,"sampling":[]})",
                             R"(,"progressToken":null,"traceparent":null,)"
                             R"("io.modelcontextprotocol/clientInfo":null,)"
                             R"("io.modelcontextprotocol/logLevel":null)")),
                heard);
        }
    }
    // Where a member must be there, null is not it.
    for (const char* wrong : {R"("name":null)", R"("name":"found","arguments":{"query":null})",
                              R"("name":"none","arguments":[1])"})
        EXPECT_THAT(c.say(legacy("tools/call", wrong)),
                    ElementsAre(testing::AnyOf(HasSubstr("\"error\""), HasSubstr("isError"))))
            << wrong;
}

TEST(message_peer, a_handshake_may_have_nulls_and_empty_arrays) {
    for (const char* params :
         {R"({"protocolVersion":"2025-11-25","capabilities":[],"_meta":null,)"
          R"("clientInfo":{"name":"t","version":"1","title":null,"icons":null}})",
          R"({"protocolVersion":"2025-11-25","capabilities":{"roots":null,"sampling":[],)"
          R"("elicitation":{"form":[]},"experimental":null},)"
          R"("clientInfo":{"name":"t","version":"1"}})"}) {
        client c;
        EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":)" +
                          std::string(params) + "}"),
                    ElementsAre(HasSubstr(R"("protocolVersion":"2025-11-25")")))
            << params;
    }
}

TEST(message_peer, asks_a_modern_client) {
    constexpr std::string_view can = R"({"elicitation":{}})";
    client c;
    const auto asked = c.say(modern("1", "tools/call", R"("name":"who","arguments":{})", can));
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_THAT(asked[0], HasSubstr(R"("resultType":"input_required")"));
    const mcp::json answer = *mcp::parse_json(asked[0]);
    const auto& result = answer.at("result");
    ASSERT_EQ(result.at("inputRequests").as_object().size(), 1U);
    const std::string key = result.at("inputRequests").as_object().begin()->key();
    const std::string state = mcp::encode(result.at("requestState"));
    EXPECT_THAT(c.say(modern("2", "tools/call",
                             R"("name":"who","arguments":{},"requestState":)" + state +
                                 R"(,"inputResponses":{")" + key +
                                 R"(":{"action":"accept","content":{"name":"Ann"}}})",
                             can)),
                ElementsAre(modern_text_result("2", "hello Ann")));
}

/// Over an ordered channel there is no caller to speak of.
TEST(message_peer, what_needs_permission_is_refused) {
    client c;
    const auto anybody =
        mcp::allow_if([](const mcp::principal&, const mcp::json_object&) { return true; });
    const auto made = [] { return std::string("x"); };
    c.server.tool<"guarded">("", made, anybody);
    c.server.resource<"guarded://a">("", made, mcp::scopes("read"));
    c.initialize("2025-11-25");
    const std::string code = R"("code":)" + std::to_string(mcp::errc::forbidden);
    for (const char* params :
         {R"("method":"tools/call","params":{"name":"guarded","arguments":{}}})",
          R"("method":"resources/read","params":{"uri":"guarded://a"}})",
          R"("method":"resources/subscribe","params":{"uri":"guarded://a"}})"})
        EXPECT_THAT(c.say(std::string(R"({"jsonrpc":"2.0","id":1,)") + params),
                    ElementsAre(HasSubstr(code)))
            << params;
    EXPECT_THAT(c.say(modern("2", "subscriptions/listen",
                             R"("notifications":{"resourceSubscriptions":)"
                             R"(["guarded://a","config://app"]})")),
                ElementsAre(HasSubstr(R"("resourceSubscriptions":["config://app"])")));
    c.server.notify_resource_updated("guarded://a");
    EXPECT_THAT(c.heard(), IsEmpty());
}

/// A program that knows who is at the other end says so.
TEST(message_peer, a_principal_of_the_channel_has_its_permissions) {
    mcp::peer_options options;
    options.principal =
        std::make_shared<mcp::principal>(mcp::principal{.subject = "ann", .scopes = {"read"}});
    client c(std::move(options));
    const auto made = [] { return std::string("x"); };
    c.server.tool<"guarded">(
        "", [](mcp::context& ctx) { return ctx.principal()->subject; }, mcp::scopes("read"));
    c.server.tool<"checked">("", made,
                             mcp::allow_if([](const mcp::principal& who, const mcp::json_object&) {
                                 return who.subject == "ann";
                             }));
    c.server.tool<"closed">("", made, mcp::scopes("write"));
    c.server.resource<"guarded://a">("", made, mcp::scopes("read"));
    c.server.resource<"closed://a">("", made, mcp::scopes("write"));

    struct case_ {
        const char* params;
        const char* answer;
    };
    const std::vector<case_> cases{
        {R"("name":"guarded")", R"("text":"ann")"},
        {R"("name":"checked")", R"("text":"x")"},
        {R"("name":"closed")", R"("code":-31403)"},
    };
    for (const auto& [params, answer] : cases)
        EXPECT_THAT(c.say(modern("1", "tools/call", params)), ElementsAre(HasSubstr(answer)));

    const std::string both =
        R"("notifications":{"resourceSubscriptions":["guarded://a","closed://a"]})";
    EXPECT_THAT(c.say(modern("2", "subscriptions/listen", both)),
                ElementsAre(HasSubstr(R"("resourceSubscriptions":["guarded://a"])")));
    c.server.notify_resource_updated("guarded://a");
    EXPECT_THAT(c.heard(), ElementsAre(HasSubstr(R"("uri":"guarded://a")")));

    // A cancellation arrives before the predicates have been asked.
    c.peer->receive(modern("3", "subscriptions/listen", both));
    EXPECT_THAT(c.say(cancel("3")), IsEmpty());
    EXPECT_THAT(c.say(cancel("2")), IsEmpty());
    c.server.notify_resource_updated("guarded://a");
    EXPECT_THAT(c.heard(), IsEmpty());

    c.initialize("2025-11-25");
    EXPECT_THAT(c.say(call("4", "guarded")), ElementsAre(text_result("4", "ann")));
    c.say(R"({"jsonrpc":"2.0","id":5,"method":"resources/subscribe",)"
          R"("params":{"uri":"guarded://a"}})");
    c.server.notify_resource_updated("guarded://a");
    EXPECT_THAT(c.heard(), ElementsAre(HasSubstr(R"("uri":"guarded://a")")));
    c.peer->receive(modern("6", "subscriptions/listen", both));
    c.peer->end_input();
    c.heard();
    EXPECT_TRUE(c.peer->output().closed());
}

struct lost_state {
    std::string seal(const mcp::state_binding&, std::string) {
        throw mcp::unavailable("secret-host:6379");
    }
    std::optional<std::string> open(const mcp::state_binding&, std::string_view) {
        throw mcp::unavailable("secret-host:6379");
    }
};

TEST(message_peer, a_request_state_that_cannot_be_reached_is_an_error) {
    client c;
    c.server.environment().state = mcp::detail::any_request_state(
        std::make_shared<lost_state>(), c.server.environment().collaborators());
    const std::string why = "A service that the server needs is unavailable; try again later";
    EXPECT_THAT(
        c.say(modern("1", "tools/call", R"("name":"who","arguments":{})", R"({"elicitation":{}})")),
        ElementsAre(failure("1", -32603, why)));
    EXPECT_THAT(
        c.say(modern("2", "tools/call", R"("name":"who","arguments":{},"requestState":"x")")),
        ElementsAre(failure("2", -32603, why)));
    EXPECT_THAT(c.log, HasSubstr("secret-host"));
}

TEST(message_peer, what_a_client_cannot_do_is_not_asked) {
    client c;
    EXPECT_THAT(c.say(modern("1", "tools/call", R"("name":"who","arguments":{})")),
                ElementsAre(HasSubstr(R"("code":-32021)")));
}

TEST(message_peer, batches_of_2025_03_26) {
    client c;
    c.initialize("2025-03-26");
    const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
    const std::string pong = R"({"jsonrpc":"2.0","id":1,"result":{}})";
    const std::string note = R"({"jsonrpc":"2.0","method":"notifications/x"})";
    const exchange table[] = {
        {"[" + ping + "]", {"[" + pong + "]"}},
        {"[" + ping + "," + note + "," + call("2", "add", R"({"a":1,"b":1})") + "]",
         {"[" + pong + "," + text_result("2", "2") + "]"}},
        {"[" + note + "]", {}},
        {"[7]", {"[" + failure("null", -32600, "a message must be an object") + "]"}},
        {R"([{"jsonrpc":"2.0","id":1,"method":"initialize"}])",
         {"[" + failure("1", -32600, "initialize is not allowed in a batch") + "]"}},
        {"[]", {failure("null", -32600, "a batch must be an array with at least one message")}},
        {"[" + modern("1", "tools/list") + "]",
         {failure("null", -32600, "A modern request is not allowed in a batch")}},
    };
    for (const auto& [said, heard] : table)
        EXPECT_EQ(c.say(said), heard) << said;
}

TEST(message_peer, a_batch_waits_for_its_last_answer) {
    client c;
    c.initialize("2025-03-26");
    EXPECT_THAT(c.say("[" + call("1", "wait") + "," + call("2", "add", R"({"a":1,"b":1})") + "," +
                      call("3", "wait") + "]"),
                IsEmpty());
    EXPECT_THAT(c.say(cancel("3")), IsEmpty());
    c.release();
    const auto heard = c.heard();
    ASSERT_FALSE(heard.empty());
    EXPECT_EQ(heard.back(), "[" + text_result("2", "2") + "," + text_result("1", "done") + "]");
}

TEST(message_peer, tells_a_legacy_client_of_changes) {
    client c;
    c.initialize("2025-11-25");
    c.server.tool<"new">("", [] { return "x"; });
    EXPECT_THAT(c.heard(),
                ElementsAre(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})"));
    c.server.notify_resource_updated("config://app");
    EXPECT_THAT(
        c.say(
            R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"config://app"}})"),
        ElementsAre(R"({"jsonrpc":"2.0","id":1,"result":{}})"));
    c.server.notify_resource_updated("config://app");
    EXPECT_THAT(
        c.heard(),
        ElementsAre(
            R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"config://app"}})"));
    c.peer->close();
    c.server.notify_resource_updated("config://app");
    EXPECT_THAT(c.heard(), ElementsAre());
}

std::string listen(std::string_view id, std::string_view filter) {
    return modern(id, "subscriptions/listen", R"("notifications":)" + std::string(filter));
}
std::string marked(std::string_view method, std::string_view id) {
    return R"({"jsonrpc":"2.0","method":"notifications/)" + std::string(method) +
           R"(","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":)" + std::string(id) +
           "}";
}

TEST(message_peer, many_listen_streams_on_one_channel) {
    client c;
    EXPECT_THAT(c.say(listen("1", R"({"toolsListChanged":true})")),
                ElementsAre(marked("subscriptions/acknowledged", "1") +
                            R"(,"notifications":{"toolsListChanged":true}}})"));
    EXPECT_THAT(c.say(listen("\"r\"", R"({"resourceSubscriptions":["config://app"]})")),
                ElementsAre(HasSubstr("subscriptions/acknowledged")));
    EXPECT_THAT(c.say(listen("1", "{}")),
                ElementsAre(failure("1", -32600, "A request with this id is under way")));
    EXPECT_THAT(c.say(listen("2", "7")),
                ElementsAre(HasSubstr(R"("id":2,"error":{"code":-32602)")));

    c.server.notify_list_changed(mcp::list_kind::tools);
    c.server.notify_list_changed(mcp::list_kind::prompts);
    EXPECT_THAT(c.heard(), ElementsAre(marked("tools/list_changed", "1") + "}}"));
    c.server.notify_resource_updated("config://app");
    EXPECT_THAT(c.heard(),
                ElementsAre(marked("resources/updated", "\"r\"") + R"(,"uri":"config://app"}})"));

    EXPECT_THAT(c.say(cancel("1")), IsEmpty());
    c.server.notify_list_changed(mcp::list_kind::tools);
    EXPECT_THAT(c.heard(), IsEmpty());

    c.peer->end_input();
    EXPECT_THAT(
        c.heard(),
        ElementsAre(R"({"jsonrpc":"2.0","id":"r","result":{"resultType":"complete","_meta":{)"
                    R"("io.modelcontextprotocol/subscriptionId":"r",)"
                    R"("io.modelcontextprotocol/serverInfo":{"name":"test","version":"1"}}}})"));
    EXPECT_TRUE(c.peer->output().closed());
}

TEST(message_peer, the_end_of_the_input_leaves_time_to_running_requests) {
    client c;
    c.initialize("2025-11-25", R"({"elicitation":{}})");
    c.say(call("1", "wait"));
    EXPECT_EQ(c.say(call("2", "who")).size(), 1U);
    c.peer->end_input();
    EXPECT_THAT(c.heard(),
                ElementsAre(HasSubstr("disconnected before it answered elicitation/create")));
    EXPECT_FALSE(c.peer->output().closed());
    c.release();
    EXPECT_THAT(c.heard(), ElementsAre(HasSubstr("released"), text_result("1", "done")));
    EXPECT_TRUE(c.peer->output().closed());
}

TEST(message_peer, close_cancels) {
    client c;
    c.initialize("2025-11-25");
    c.say(call("1", "wait"));
    c.say(listen("2", R"({"toolsListChanged":true})"));
    c.peer->close();
    c.peer->close();
    EXPECT_THAT(c.heard(), IsEmpty());
    c.release();
    EXPECT_THAT(c.heard(), IsEmpty());
    EXPECT_EQ(c.released, 0);
    std::weak_ptr<mcp::message_peer> gone = c.peer;
    c.peer.reset();
    EXPECT_TRUE(gone.expired());
}

TEST(message_peer, limits) {
    client c({.message_bytes = 400, .json = {.depth = 8}, .requests = 2, .batch = 2});
    c.initialize("2025-03-26");
    EXPECT_THAT(c.say(std::string(401, ' ')),
                ElementsAre(failure("null", -32600, "A message may have at most 400 bytes")));
    EXPECT_THAT(c.say("[[[[[[[[[1]]]]]]]]]"), ElementsAre(HasSubstr("-32700")));
    EXPECT_THAT(c.say("[1,2,3]"), ElementsAre(HasSubstr("at most 2 messages")));
    c.say(call("1", "wait"));
    c.say(call("2", "wait"));
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":3,"method":"ping"})"),
                ElementsAre(failure("3", -32603, "At most 2 requests may be under way at once")));
    c.say(cancel("1"));
    EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":3,"method":"ping"})"),
                ElementsAre(R"({"jsonrpc":"2.0","id":3,"result":{}})"));
    c.peer->close();
    c.heard();
}

TEST(message_peer, requests_before_initialized_are_refused_if_wished) {
    client c;
    c.server.options().require_initialized = true;
    for (const std::string_view id : {"1", "2"}) { // the second handshake begins anew
        c.say(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":)"
              R"("2025-03-26","capabilities":{},"clientInfo":{"name":"c","version":"1"}}})");
        const std::string refused = failure(id, -32600, "Send notifications/initialized first");
        const std::string add = call(id, "add", R"({"a":1,"b":2})");
        EXPECT_THAT(c.say(add), ElementsAre(refused));
        EXPECT_THAT(c.say("[" + add + "]"), ElementsAre("[" + refused + "]"));
        EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","id":3,"method":"ping"})"),
                    ElementsAre(R"({"jsonrpc":"2.0","id":3,"result":{}})"));
        EXPECT_THAT(c.say(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"), IsEmpty());
        EXPECT_THAT(c.say(add), ElementsAre(text_result(id, "3")));
    }
    EXPECT_THAT(c.say(modern("4", "tools/call", R"("name":"count")")),
                ElementsAre(HasSubstr("counted")));
}

TEST(message_peer, a_call_that_times_out_is_an_error) {
    client c;
    c.server.options().call_timeout = std::chrono::milliseconds(3);
    const auto answer = [&](const std::string& message) {
        auto heard = c.say(message);
        for (int i = 0; i < 1000 && heard.empty(); ++i) {
            c.io.restart();
            c.io.run_one_for(std::chrono::seconds(20));
            heard = c.heard();
        }
        return heard.empty() ? std::string() : heard.front();
    };
    EXPECT_THAT(answer(modern("1", "tools/call", R"("name":"wait")")),
                HasSubstr(R"("id":1,"error":{"code":-31504,"message":"Request timed out)"));
    c.initialize("2025-03-26");
    EXPECT_THAT(answer(call("2", "wait")),
                HasSubstr(R"("id":2,"error":{"code":-32001,"message":"Request timed out)"));
    EXPECT_THAT(answer("[" + call("3", "wait") + "]"),
                HasSubstr(R"([{"jsonrpc":"2.0","id":3,"error":{"code":-32001)"));
    EXPECT_THAT(c.say(call("2", "add", R"({"a":1,"b":2})")), ElementsAre(text_result("2", "3")));
}

TEST(message_peer, a_client_that_does_not_read_is_cut_off) {
    client c({.output = {.messages = 3}});
    for (int i = 0; i < 4; ++i)
        c.peer->receive(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
    EXPECT_THAT(c.heard(), IsEmpty());
    EXPECT_TRUE(c.peer->output().closed());
    EXPECT_THAT(c.log, HasSubstr("does not read"));
}

TEST(message_peer, large_messages_leave_nothing_behind) {
    client c;
    c.initialize("2025-11-25");
    std::string text = R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[1)";
    while (text.size() < 1024 * 1024)
        text += ",{}";
    const test::heap_growth growth;
    for (const std::string_view end : {"]}}", "]}", "]}}}"}) {
        c.say(text + std::string(end));
        EXPECT_LT(growth.bytes(), 300'000U) << end;
    }
}

TEST(message_peer, what_a_client_has_kept_is_bounded) {
    client c;
    c.server.options().client_bytes = 1'000;
    c.server.options().subscriptions = {.count = 2, .uri_bytes = 100, .bytes = 1'000};
    const std::string long_name(1'000, 'x');
    EXPECT_THAT(
        c.say(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":)"
              R"("2025-11-25","capabilities":{},"clientInfo":{"version":"1","name":")" +
              long_name + R"("}}})"),
        ElementsAre(HasSubstr("together at most 1000 are allowed")));
    c.initialize("2025-11-25");
    const auto subscribe = [&](std::string_view uri) {
        return c.say(R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":")" +
                     std::string(uri) + R"("}})");
    };
    EXPECT_THAT(
        subscribe("r://" + long_name),
        ElementsAre(failure("1", -32602, "params.uri has 1004 bytes; at most 100 are allowed")));
    EXPECT_THAT(subscribe("r://1"), ElementsAre(HasSubstr("result")));
    EXPECT_THAT(subscribe("r://2"), ElementsAre(HasSubstr("result")));
    EXPECT_THAT(subscribe("r://1"), ElementsAre(HasSubstr("result")));
    EXPECT_THAT(
        subscribe("r://3"),
        ElementsAre(failure("1", -32602, "At most 2 resources may be subscribed to at once")));

    const auto listen = [&](std::string_view uris) {
        return c.say(
            modern("2", "subscriptions/listen",
                   R"("notifications":{"resourceSubscriptions":[)" + std::string(uris) + "]}"));
    };
    EXPECT_THAT(listen(R"("r://1","r://2","r://3")"),
                ElementsAre(HasSubstr("At most 2 resources")));
    EXPECT_THAT(listen('"' + long_name + '"'),
                ElementsAre(HasSubstr("params.notifications.resourceSubscriptions: a URI has 1000 "
                                      "bytes")));
    EXPECT_THAT(listen(R"("r://1","r://2")"), ElementsAre(HasSubstr("acknowledged")));
    c.peer->close();
}

} // namespace message_peer_test
