// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_options.hpp>
#include <mcp/client/impl/client_call.hpp>
#include <mcp/client/response_cache.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/subscriptions.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

/// A response that was kept: an array of its pages; of one page if it is no list.
class kept_response {
public:
    explicit kept_response(std::string text)
        : message_(std::make_shared<client_message>(std::move(text))) {
        readable_ = !message_->document.read(message_->text);
    }

    bool readable() const noexcept { return readable_ && message_->document.root().is_array(); }
    auto elements() const { return message_->document.root().elements(); }

    /// Returns the first page as if the server had sent it.
    client_response first() const {
        jsonrpc::message message;
        message.kind = jsonrpc::message_kind::result;
        message.result = *elements().begin();
        return {message_, std::move(message), false};
    }

private:
    std::shared_ptr<client_message> message_;
    bool readable_;
};

/// The part of a `response_cache` that belongs to the server of a client.
class client_cache {
public:
    explicit client_cache(const client_options& options)
        : store_(options.cache ? options.cache : std::make_shared<response_cache>())
        , partition_(options.cache_partition) {}

    /// Begins with a server. What nothing identifies is new with each connection.
    void begin(const std::string& server) {
        static std::atomic<std::uint64_t> connections{0};
        const std::string unique = '#' + std::to_string(++connections);
        server_ = server.empty() ? unique : '=' + server;
        principal_ = partition_.empty() ? unique : '=' + partition_;
        modern_ = true;
    }
    void agreed(revision on) { modern_ = is_modern(on); }

    std::shared_ptr<kept_response> find(std::string_view method, std::string_view target,
                                        const call_options& given) const {
        if (given.cache != cache_use::use || !modern_)
            return nullptr;
        auto text = store_->find(key(method, target));
        if (!text)
            return nullptr;
        auto kept = std::make_shared<kept_response>(*std::move(text));
        return kept->readable() ? kept : nullptr;
    }

    void drop_resource(std::string_view uri) { store_->drop(server_, "resources/read", uri); }

    void drop_list(list_kind kind) {
        if (kind == list_kind::resources)
            store_->drop(server_, "resources/templates/list");
        store_->drop(server_, kind == list_kind::tools     ? "tools/list"
                              : kind == list_kind::prompts ? "prompts/list"
                                                           : "resources/list");
    }

private:
    friend class cache_deposit;

    response_cache::key key(std::string_view method, std::string_view target) const {
        return {server_, principal_, method, target};
    }

    const std::shared_ptr<response_cache> store_;
    const std::string partition_;
    std::string server_;
    std::string principal_;
    bool modern_ = true; ///< before the revision is known, too
};

/// Collects the pages of one response for the cache, with the least of their times.
class cache_deposit {
public:
    cache_deposit(client_cache& cache, std::string_view method, std::string_view target,
                  const call_options& given)
        : cache_(cache)
        , method_(method)
        , target_(target)
        , begun_(cache.store_->begin())
        , wanted_(given.cache != cache_use::bypass && cache.modern_) {}

    void add(json_view page) {
        if (!wanted_)
            return;
        const cache_policy policy = read_cache_policy(page);
        if (text_.empty())
            policy_ = policy;
        policy_.ttl = std::min(policy_.ttl, policy.ttl);
        if (policy.scope == cache_scope::private_)
            policy_.scope = cache_scope::private_;
        text_ += text_.empty() ? '[' : ',';
        if (policy_.ttl.count() > 0) {
            json_writer w(text_);
            w.value(page);
        }
    }

    void keep() {
        if (wanted_)
            cache_.store_->put(cache_.key(method_, target_), policy_, std::move(text_ += ']'),
                               begun_);
    }

private:
    client_cache& cache_;
    const std::string method_;
    const std::string target_;
    cache_policy policy_;
    std::string text_;
    const std::uint64_t begun_;
    const bool wanted_;
};

} // namespace mcp::detail
