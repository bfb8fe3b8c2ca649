// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/server_log.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {
class call_span;
} // namespace detail

/// Passes events to the observers of one server, and to its own log if no observer takes lines.
///
/// Thread-safe once all observers have been added. No member that reports an event throws.
class observation {
public:
    /// Both arguments must outlive this object.
    observation(const server_info& info, const server_options& options) noexcept;
    observation(const observation&) = delete;
    observation& operator=(const observation&) = delete;

    template <observer Observer>
    void add(std::shared_ptr<Observer> observer) {
        calls_ = calls_ || detail::call_observer<Observer>;
        lines_ = lines_ || detail::log_observer<Observer>;
        counts_ = counts_ || detail::count_observer<Observer>;
        list_.push_back(std::make_unique<model<Observer>>(std::move(observer)));
    }

    /// Returns whether any observer, or the log, records requests.
    bool calls() const noexcept;

    void log(const log_line& line) const noexcept;
    void count(std::string_view name, std::uint64_t by) const noexcept;

private:
    friend class detail::call_span;

    /// The state that an observer keeps of a call. `begun` says whether the observer gets its end.
    struct kept {
        bool begun = false;
        std::shared_ptr<void> state;
    };

    struct interface {
        virtual ~interface() = default;
        virtual kept begin(const call_info&) noexcept = 0;
        virtual void end(const kept&, const call_info&, const call_end&) noexcept = 0;
        virtual void log(const log_line&) noexcept = 0;
        virtual void count(std::string_view, std::uint64_t) noexcept = 0;
    };

    bool logs_calls() const noexcept;

    template <class F>
    static bool guarded(F f) noexcept {
        try {
            f();
            return true;
        } catch (...) {
            return false;
        }
    }

    template <class Observer>
    struct model final : interface {
        explicit model(std::shared_ptr<Observer> o) : observer(std::move(o)) {}

        kept begin(const call_info& call) noexcept override {
            kept made;
            if constexpr (detail::ends_something<Observer>) {
                using state = detail::begun_t<Observer>;
                made.begun =
                    guarded([&] { made.state = std::make_shared<state>(observer->begin(call)); });
            } else if constexpr (detail::call_observer<Observer>) {
                made.begun = guarded([&] { observer->begin(call); });
            }
            return made;
        }
        void end(const kept& made, const call_info& call, const call_end& how) noexcept override {
            if (!made.begun)
                return;
            if constexpr (detail::ends_something<Observer>) {
                auto& state = *static_cast<detail::begun_t<Observer>*>(made.state.get());
                guarded([&] { observer->end(state, call, how); });
            } else if constexpr (detail::call_observer<Observer>) {
                guarded([&] { observer->end(call, how); });
            }
        }
        void log(const log_line& line) noexcept override {
            if constexpr (detail::log_observer<Observer>)
                guarded([&] { observer->log(line); });
        }
        void count(std::string_view name, std::uint64_t by) noexcept override {
            if constexpr (detail::count_observer<Observer>)
                guarded([&] { observer->count(name, by); });
        }

        std::shared_ptr<Observer> observer;
    };

    void begin(const call_info& call, std::vector<kept>& all) const noexcept;
    void end(const call_info& call, const call_end& how, std::vector<kept>& all) const noexcept;

    const server_options& options_;
    detail::server_log log_;
    std::vector<std::unique_ptr<interface>> list_;
    bool calls_ = false;
    bool lines_ = false;
    bool counts_ = false;
};

namespace detail {

/// One observed request. A span that is empty because nothing observes costs a null pointer.
///
/// Copies share one span. The first `end` counts. If the last copy is destroyed without one, the
/// outcome is `cancelled`.
class call_span {
public:
    call_span() = default;

    /// Tells the observers that a request begins. Copies `call` except its arguments.
    call_span(const std::shared_ptr<const observation>& observers, const call_info& call);

    explicit operator bool() const noexcept { return record_ != nullptr; }

    /// Tells the observers that the request has ended. Any thread.
    void end(outcome how, int code = 0) noexcept;

private:
    struct record;

    std::shared_ptr<record> record_;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/observation.ipp>
#endif
