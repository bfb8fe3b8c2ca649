// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/lazy_pool.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/impl/call_clock.hpp>
#include <mcp/client/impl/client_cache.hpp>
#include <mcp/client/impl/client_call.hpp>
#include <mcp/client/impl/listed_tools.hpp>
#include <mcp/client/impl/listening.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/subscriptions.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::detail {

/// A request as the members of `client` make it: all of the params but `_meta`.
struct client_request {
    client_request(std::string_view method_, std::string members_ = {}, std::string name_ = {})
        : method(method_)
        , members(std::move(members_))
        , name(std::move(name_)) {}

    std::string method;
    std::string members; ///< `"name":"add","arguments":{}`
    std::string name;    ///< what it is for: the tool, the resource, the prompt
    std::vector<std::pair<std::string, std::string>> parameters{}; ///< `Mcp-Param-…`
    std::shared_ptr<listening> subscription{};                     ///< of `subscriptions/listen`

    /// Names the request in texts of errors.
    std::string what() const { return name.empty() ? method : method + ' ' + name; }
};

/// A new session that is being begun.
struct session_renewal {
    explicit session_renewal(const asio::any_io_executor& executor)
        : ended(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer ended; ///< cancelled at the end
    std::exception_ptr failure;
};

/// The state of a client, which its coroutines keep. All members run on one serial executor.
class client_core final : public message_receiver,
                          public std::enable_shared_from_this<client_core> {
public:
    using transport_ptr = std::shared_ptr<client_transport>;

    explicit client_core(client_options given) : options(std::move(given)), cache(options) {}

    asio::awaitable<void> connect(std::unique_ptr<client_transport> transport);
    asio::awaitable<void> close();

    /// Ends everything at once.
    void stop() noexcept;

    /// Sends a request and returns its result, after all rounds of questions.
    asio::awaitable<client_response> request(client_request what, call_options options);

    asio::awaitable<subscription> listen(subscription_filter wanted);
    asio::awaitable<bool> subscribe(std::string uri);
    asio::awaitable<void> unsubscribe(std::string uri);

    /// Ends a subscription, unless it has ended.
    void end(listening& it);

    /// Takes the acknowledgement of a subscription.
    void acknowledge(listening& it, subscription_filter honoured);

    /// Sends a notification; does nothing if there is no connection.
    void tell(std::string message);
    asio::awaitable<void> notify(std::string message);

    void receive(std::string message) override { receive(std::move(message), nullptr); }
    void receive(std::string message, client_call* of);
    void closed(std::exception_ptr why) override;

    bool connected() const noexcept { return connected_; }
    void told_of_roots();

    client_capabilities capabilities() const;

    /// Returns whether arguments of tools are sent as `Mcp-Param-…` too.
    bool mirrors_arguments() const {
        return transport_ && transport_->has_streams() && is_modern(facts.revision);
    }

    /// Fails the call that a bad message belongs to, or reports it.
    void fault(client_call* of, const std::string& why);
    fault_sink reporter() {
        return [this](const std::string& why) { fault(nullptr, why); };
    }

    /// Returns the error of a server that breaks the protocol.
    transport_error broken(const std::string& why) const {
        return transport_error(transport_failure::bad_message, name_ + ": " + why);
    }

    pool_source pool() {
        return [pool = pool_] { return pool->executor(4); };
    }

    client_options options;
    client_questions questions;
    std::function<void(const log_message&)> on_log;
    std::function<void(list_kind)> on_list_changed;
    std::function<void(const std::string&)> on_resource_updated;
    std::function<void(const std::string&, const json&)> on_notification;
    std::function<void(const std::string&)> on_fault;
    server_facts facts;
    listed_tools tools;
    client_cache cache;

private:
    asio::awaitable<client_response> rounds(const client_request& what, const call_options& given,
                                            call_times::clock::time_point end);
    asio::awaitable<client_response> exchange(const client_request& what, const call_options& given,
                                              const std::string& more,
                                              call_times::clock::time_point end);
    static asio::awaitable<void> send(std::shared_ptr<client_core> self, transport_ptr transport,
                                      std::shared_ptr<client_call> call, outgoing_request request,
                                      std::string what);
    static asio::awaitable<void> send_notification(std::shared_ptr<client_core> self,
                                                   transport_ptr transport, std::string message);
    void abandon(client_call& call, const client_request& what);
    call_times::clock::time_point wake_overdue(call_times::clock::time_point now);
    outgoing_request outgoing(const client_request& what, const call_options& given,
                              const std::string& more, std::int64_t id);
    const std::string& modern_meta();

    /// Returns the transport. Throws if the connection has been closed meanwhile.
    client_transport& transport();

    // Negotiation
    asio::awaitable<void> negotiate();
    asio::awaitable<void> ask_and_shake_hands();
    asio::awaitable<bool> discover(bool or_handshake);
    asio::awaitable<void> handshake(mcp::revision asked);
    asio::awaitable<void> renew_session(std::uint64_t session);
    void agree(mcp::revision on);

    // Messages of the server
    void take(const std::shared_ptr<const client_message>& owner, json_view value, client_call* of);
    void take_response(const std::shared_ptr<const client_message>& owner,
                       const jsonrpc::message& message, client_call* of);
    client_call* meant(json_view malformed) const;
    void take_notification(const jsonrpc::message& message);
    std::shared_ptr<client_call> subscription_of(json_view id) const;
    bool has_ended(json_view id) const;
    void take_request(const jsonrpc::message& message);

    // Subscriptions
    asio::awaitable<std::shared_ptr<listening>> open_listening(subscription_filter wanted);
    asio::awaitable<void> open_modern(std::shared_ptr<listening> it, subscription_filter wanted);
    asio::awaitable<void> open_legacy(std::shared_ptr<listening> it, subscription_filter wanted);
    static asio::awaitable<void> run_listening(std::shared_ptr<client_core> self,
                                               std::shared_ptr<listening> it, std::string filter);
    static asio::awaitable<void> listen_quietly(std::shared_ptr<client_core> self);
    static asio::awaitable<void> request_quietly(std::shared_ptr<client_core> self,
                                                 client_request what);
    asio::awaitable<void> subscribe_legacy(std::string uri);
    void unsubscribe_legacy(const std::string& uri);
    asio::awaitable<void> restore_subscriptions();
    asio::awaitable<void> renew_own();
    void listen_by_itself();
    void end_listenings();

    // Questions of the server
    static asio::awaitable<std::string> answer(std::shared_ptr<client_core> self,
                                               std::string method, json params);
    static asio::awaitable<void> answer_request(std::shared_ptr<client_core> self,
                                                transport_ptr transport,
                                                std::shared_ptr<asio::cancellation_signal> signal,
                                                jsonrpc::id id, std::string method, json params,
                                                std::string refusal);
    static asio::awaitable<std::string> answer_all(std::shared_ptr<client_core> self,
                                                   input_required asked);
    asio::awaitable<std::string> answer_within(input_required asked, std::string what,
                                               call_times::clock::time_point end);

    asio::any_io_executor executor_;
    std::shared_ptr<call_clock> clock_;
    transport_ptr transport_;
    std::string name_; ///< of the server, in texts of errors
    /// The names of servers that refuse `server/discover`: the next connection does not ask again.
    std::set<std::string> legacy_servers_;
    std::unordered_map<std::int64_t, std::shared_ptr<client_call>> under_way_;
    std::map<std::string, std::shared_ptr<asio::cancellation_signal>, std::less<>> answers_;
    std::size_t replies_ = 0; ///< to requests of the server, until they are sent
    std::shared_ptr<lazy_pool> pool_ = std::make_shared<lazy_pool>();
    std::string modern_meta_; ///< what each modern request repeats
    std::int64_t last_id_ = 0;
    std::set<std::int64_t> abandoned_; ///< requests whose response may still come
    std::vector<std::weak_ptr<listening>> listenings_;
    std::map<std::string, std::size_t, std::less<>> subscribed_; ///< subscriptions by URI; legacy
    subscription_filter own_wanted_; ///< what the client listens for by itself, and `subscribe`
    std::shared_ptr<listening> own_;
    std::uint64_t own_version_ = 0;
    std::uint64_t own_installed_ = 0;           ///< the version of `own_`
    std::uint64_t session_ = 0;                 ///< the number of the connection or session
    std::shared_ptr<session_renewal> renewing_; ///< null if no new session is being begun
    bool connected_ = false;
    bool negotiated_ = false;
    std::exception_ptr ended_; ///< why the connection has ended
};

inline void client_call::receive(std::string message) {
    core_->receive(std::move(message), this);
}

} // namespace mcp::detail
