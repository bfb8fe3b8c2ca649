// mcp: an sse_broker has subscribe(std::string topic, std::shared_ptr<mcp::subscriber>), which
// returns void or an asio::awaitable of it
//
// g++ too: mcp: an sse_broker has claim(std::string topic, std::shared_ptr<mcp::subscriber>), which returns
// void or an asio::awaitable of it
//
// g++ too: mcp: an sse_broker has unsubscribe(std::string topic, const mcp::subscriber*), which returns
// void and is never awaitable
//
// g++ too: mcp: an sse_broker has publish(std::string topic, std::string message), which returns the number
// of receivers as std::size_t, or an asio::awaitable of it
//
// and no other error
#include <mcp/server/server.hpp>

#include <cstddef>
#include <memory>
#include <string>

struct broker {
#ifdef ACCEPT
    asio::awaitable<void> subscribe(std::string topic, std::shared_ptr<mcp::subscriber> who);
    asio::awaitable<void> claim(std::string topic, std::shared_ptr<mcp::subscriber> who);
    void unsubscribe(const std::string& topic, const mcp::subscriber* who);
    std::size_t publish(const std::string& topic, const std::string& message);
#else
    bool subscribe(std::string topic, std::shared_ptr<mcp::subscriber> who);
    asio::awaitable<void> claim(std::string topic, mcp::subscriber& who);
    asio::awaitable<void> unsubscribe(std::string topic, const mcp::subscriber* who);
    void publish(const std::string& topic, const std::string& message);
#endif
};

void use() {
    mcp::server server{"test", "1", broker{}};
}
