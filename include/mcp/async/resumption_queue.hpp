// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/suspended.hpp>
#include <mcp/config.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/execution_context.hpp>
#include <asio/post.hpp>

#include <cstddef>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Returns the event loop of an executor, null if the executor is of another kind, such as a strand
/// or a thread pool. Always null with `ASIO_NO_TYPEID`.
asio::execution_context* event_loop_of(const asio::any_io_executor& executor) noexcept;

/// Collects suspended handlers, and resumes them with one post for each event loop. For one thread.
template <class... Args>
class resumption_queue {
public:
    /// Adds a handler and its arguments.
    void add(suspended<Args...> handler, Args... args) {
        waiting_.emplace_back(std::move(handler), std::tuple<Args...>(std::move(args)...));
    }

    bool empty() const noexcept { return waiting_.empty(); }

    /// Resumes all handlers as `suspended::resume` does; those of one event loop in the order of
    /// `add`.
    void resume_all();

private:
    using entry = typename suspended<Args...>::entry;

    /// The handlers of one event loop. Its thread queues each of them: they run one by one, also if
    /// one of them throws.
    struct loop_batch {
        asio::execution_context* loop;
        std::shared_ptr<entry> first; ///< keeps the event loop until the batch is posted
        std::vector<std::pair<std::shared_ptr<entry>, std::tuple<Args...>>> ready;

        void operator()() {
            for (auto& [one, args] : ready)
                std::apply([&](Args&... each) { one->defer(std::move(each)...); }, args);
        }
    };

    std::vector<std::pair<suspended<Args...>, std::tuple<Args...>>> waiting_;
};

template <class... Args>
void resumption_queue<Args...>::resume_all() {
    std::vector<loop_batch> batches;
    for (auto& [handler, args] : std::exchange(waiting_, {})) {
        std::shared_ptr<entry> one = std::exchange(handler.held_, nullptr);
        if (!one || !one->use())
            continue;
        asio::execution_context* const loop = event_loop_of(one->executor());
        if (loop == nullptr) {
            std::apply([&](Args&... each) { one->post(std::move(each)...); }, args);
            suspended_entry::used(std::move(one));
            continue;
        }
        std::size_t at = 0;
        while (at < batches.size() && batches[at].loop != loop)
            ++at;
        if (at == batches.size())
            batches.push_back({loop, one, {}});
        else
            suspended_entry::used(one);
        batches[at].ready.emplace_back(std::move(one), std::move(args));
    }
    for (loop_batch& batch : batches) {
        // Another thread may run the batch at once, and after `used` destroy the event loop: the
        // copy of the executor ends before.
        std::shared_ptr<entry> first = std::move(batch.first);
        asio::post(asio::any_io_executor(first->executor()), std::move(batch));
        suspended_entry::used(std::move(first));
    }
}

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/async/impl/resumption_queue.ipp>
#endif
