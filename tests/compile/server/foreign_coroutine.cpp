// mcp: a handler returns its value, or asio::awaitable of it; wrap a function that waits for a
// std::future or the like in mcp::blocking and return the value
//
// mistake: a coroutine of another library
#include <mcp/server/server.hpp>

#include <coroutine>

template <class T>
struct task {
    struct promise_type;
    bool await_ready() const;
    void await_suspend(std::coroutine_handle<>) const;
    T await_resume() const;
};

#ifdef ACCEPT
asio::awaitable<int> query();
#else
task<int> query();
#endif

void use(mcp::server<>& server) {
    server.tool<query>("Query");
}
