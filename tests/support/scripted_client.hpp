// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/errors.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "support/scripted_transport.hpp"
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// A client of a `scripted_server`: texts of messages, and functions that run a test.
namespace mcp::test {

/// Names an exception by its kind and its text; empty for none.
inline std::string failure_text(const std::exception_ptr& failure) {
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const tool_error& e) {
        return std::string("tool_error: ") + e.what();
    } catch (const protocol_error& e) {
        return "protocol_error " + std::to_string(e.error().code) + ": " + e.what();
    } catch (const transport_error& e) {
        return std::string("transport_error: ") + e.what();
    } catch (const std::exception& e) {
        return std::string("exception: ") + e.what();
    }
    return {};
}

/// Runs a coroutine, and all that it has begun, to the end. Returns its failure.
inline std::string run(asio::awaitable<void> work) {
    asio::io_context io(1);
    std::string failure;
    asio::co_spawn(io, std::move(work),
                   [&](std::exception_ptr end) { failure = failure_text(end); });
    io.run();
    return failure;
}

/// A response of the server with that JSON text as its result.
inline std::string result(const std::string& value) {
    return R"({"jsonrpc":"2.0","id":$id,"result":)" + value + "}";
}

inline std::string error(int code, const std::string& data = "") {
    return R"({"jsonrpc":"2.0","id":$id,"error":{"code":)" + std::to_string(code) +
           R"(,"message":"no")" + (data.empty() ? "" : ",\"data\":" + data) + "}}";
}

inline std::string notification(const std::string& method, const std::string& params = "{}") {
    return R"({"jsonrpc":"2.0","method":"notifications/)" + method + R"(","params":)" + params +
           "}";
}

/// The response of a modern server to `server/discover`.
inline std::string discovered(const std::string& capabilities = R"({"tools":{}})",
                              const std::string& ttl = "0") {
    return result(R"({"resultType":"complete","supportedVersions":["2026-07-28"],)"
                  R"("capabilities":)" +
                  capabilities + R"(,"ttlMs":)" + ttl + R"(,"cacheScope":"private"})");
}

inline std::string initialized(const std::string& capabilities = R"({"tools":{}})") {
    return result(R"({"protocolVersion":"2025-11-25","capabilities":)" + capabilities +
                  R"(,"serverInfo":{"name":"s","version":"1"}})");
}

/// What a server sends for each method. "response" stands for the responses of the client.
using answer_table = std::map<std::string, std::vector<std::string>>;

inline std::shared_ptr<scripted_server> server_of(answer_table answers, bool streams = false) {
    auto server = std::make_shared<scripted_server>();
    server->streams = streams;
    server->answer = [answers](const json& message) -> std::vector<std::string> {
        const auto method = json_view(message).find("method").if_string();
        const auto found = answers.find(method ? std::string(*method) : "response");
        return found == answers.end() ? std::vector<std::string>() : found->second;
    };
    return server;
}

inline asio::awaitable<void> connect(client& client, std::shared_ptr<scripted_server> server) {
    auto transport = std::make_unique<scripted_transport>(std::move(server));
    co_await client.connect(std::move(transport));
}

} // namespace mcp::test
