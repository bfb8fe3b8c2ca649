#pragma once

/// What the code in comments of headers uses without declaring it. `extract.py` compiles that code
/// after this file; nothing here is defined.

#include <mcp.hpp>
#include <mcp/client/client.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/testing/client.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <cstdlib>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

// Functions that read, and one that uses whatever they return.
std::string read_file(const std::string& path);
std::string read_config();
std::size_t read(std::span<char> room);
mcp::detail::pending<std::string> find_subject(const std::string& token);
template <class T>
void use(T&& value);

// Handlers.
int add(int a, int b);
int forecast(std::string city, int days);
std::string deploy(std::string service);
int slow_sum(int a, int b);
std::string find_row(const std::string& table, int row);
struct notebook {
    void write(std::string note);
    std::string read(std::string id) const;
    std::vector<std::string> find(std::string typed) const;
};
struct search_parameters {
    std::string words;
};
std::vector<std::string> search(search_parameters parameters);
asio::awaitable<void> show_user(mcp::http::request& request, mcp::http::response& response);
extern mcp::http::handler existing_app;
extern mcp::http::handler endpoint;

// Types with a description, a codec, or a form for users.
class colour {
public:
    std::string_view name() const;
};
struct query {
    std::string words;
    int limit = 10;
};
enum class status { ok = 200, not_found = 404 };
enum class rights : unsigned { read = 1, write = 2 };
struct booking {
    std::string day;
};
void book(const std::string& day);
struct person {
    std::string name;
};

// Servers, and what runs them.
extern mcp::any_server& server;
extern const mcp::server_info info;
extern mcp::context& ctx;
extern notebook notes;
extern const std::vector<std::string> tables;
extern mcp::http::router app;
extern mcp::redis::connection redis;
extern asio::io_context io;
extern asio::thread_pool pool;
extern mcp::memory_end wire;
extern mcp::testing::client& client;
extern mcp::client& mcp_client; // named client in the comments of mcp/client/
extern std::shared_ptr<mcp::mailbox> box;
void handler(std::error_code ec);

using my_auth = mcp::static_tokens;
using my_sessions = mcp::memory_sessions;

// Values.
extern const mcp::http::limits limits;
extern const mcp::json schema, value;
extern const mcp::jsonrpc::id id;
extern const std::string bytes, server_info, text, token;
extern std::string out;
