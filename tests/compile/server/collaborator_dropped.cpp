// mistake: a result of a collaborator that is dropped
//
// compiler: declared with attribute 'nodiscard' | declared with 'nodiscard' attribute
//
// and no other error
//
// instead: await the result, as the library does
#include <mcp/async/pending.hpp>
#include <mcp/session/session_store.hpp>

#include <string>

asio::awaitable<void> forget(const mcp::detail::any_session_store& store, std::string id) {
    auto step = store.erase(id);
#ifdef ACCEPT
    if (!step.ready())
        co_await step.settle();
#else
    if (!step.ready())
        step.settle();
#endif
    (void)step.take();
    co_return;
}
