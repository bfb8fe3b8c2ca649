// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/completion.hpp>
#include <mcp/server/prompt.hpp>
#include <mcp/server/resource.hpp>
#include <mcp/server/tool.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp {

/// Says how lists are shown.
struct list_format {
    std::size_t page_size = 250; ///< 0 counts as 1
    bool plain_schemas = false;

    friend bool operator==(const list_format&, const list_format&) = default;
};

/// Writes an entry of a list.
template <class Entry>
void write_entry(json_writer& w, const Entry& entry, mcp::revision r, bool plain_schemas) {
    if constexpr (std::same_as<Entry, detail::tool_entry>)
        entry.write_definition(w, r, plain_schemas);
    else
        entry.write_definition(w, r);
}

/// One page of a list, which responses share.
struct list_page {
    std::shared_ptr<const std::string> array; ///< JSON text
    bool last = true;
};

/// Holds entries of one kind by unique name, in the order in which they were added.
template <class Entry>
class entry_list {
public:
    using pointer = std::shared_ptr<const Entry>;

    /// Adds an entry. It replaces an entry of the same name and takes its position.
    void put(pointer entry) {
        const auto found = index_.find(entry->key());
        if (found != index_.end()) {
            const std::size_t at = found->second;
            index_.erase(found); // the key belongs to the replaced entry
            entries_[at] = std::move(entry);
            index_.emplace(entries_[at]->key(), at);
            return;
        }
        entries_.push_back(std::move(entry));
        index_.emplace(entries_.back()->key(), entries_.size() - 1);
    }

    bool remove(std::string_view key) {
        const auto found = index_.find(key);
        if (found == index_.end())
            return false;
        entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(found->second));
        index_.clear();
        for (std::size_t i = 0; i < entries_.size(); ++i)
            index_.emplace(entries_[i]->key(), i);
        return true;
    }

    /// Returns the entry, or null.
    const pointer* find(std::string_view key) const {
        const auto found = index_.find(key);
        return found == index_.end() ? nullptr : &entries_[found->second];
    }

    const std::vector<pointer>& entries() const noexcept { return entries_; }
    bool empty() const noexcept { return entries_.empty(); }

private:
    std::vector<pointer> entries_;
    std::unordered_map<std::string_view, std::size_t> index_;
};

/// Holds all that a server offers at one moment. Requests read a snapshot, which does not change.
class catalog {
public:
    entry_list<detail::tool_entry> tools;
    entry_list<detail::resource_entry> resources;
    entry_list<detail::template_entry> templates;
    entry_list<detail::prompt_entry> prompts;
    entry_list<detail::completion_entry> completions;

    /// Calls `use` with a pointer to the entry that reads a URI: the resource of that URI, however
    /// it is spelled, or else the first template that matches. Returns false if there is none.
    template <class Use>
    bool find_reader(std::string_view uri, Use use) const {
        if (const auto* found = find_resource(uri)) {
            use(*found);
            return true;
        }
        for (const auto& each : templates.entries()) {
            if (each->pattern().match(uri)) {
                use(each);
                return true;
            }
        }
        return false;
    }

private:
    const entry_list<detail::resource_entry>::pointer* find_resource(std::string_view uri) const;
};

/// An immutable catalog. It writes a list as text when that is first requested. Thread-safe.
class catalog_snapshot {
public:
    catalog_snapshot(const catalog& from, list_format format) : catalog_(from), format_(format) {}

    const catalog* operator->() const noexcept { return &catalog_; }
    const catalog& operator*() const noexcept { return catalog_; }
    std::size_t page_size() const noexcept { return format_.page_size; }
    const list_format& format() const noexcept { return format_; }

    /// Returns the pages of a list for a revision.
    template <class Entry>
    const std::vector<list_page>& pages(entry_list<Entry> catalog::* list, mcp::revision r) const {
        cache& c = std::get<caches<Entry>>(caches_)[static_cast<std::size_t>(r)];
        std::call_once(c.made, [&] { c.pages = make_pages((catalog_.*list).entries(), r); });
        return c.pages;
    }

private:
    struct cache {
        std::once_flag made;
        std::vector<list_page> pages;
    };
    template <class Entry>
    struct caches : std::array<cache, all_revisions.size()> {};

    template <class Pointer>
    std::vector<list_page> make_pages(const std::vector<Pointer>& entries, mcp::revision r) const {
        std::vector<list_page> pages;
        for (std::size_t at = 0; at == 0 || at < entries.size(); at += format_.page_size) {
            const std::size_t end = std::min(at + format_.page_size, entries.size());
            std::string array;
            json_writer w(array);
            w.begin_array();
            for (std::size_t i = at; i < end; ++i)
                write_entry(w, *entries[i], r, format_.plain_schemas);
            w.end_array();
            pages.push_back(
                {std::make_shared<const std::string>(std::move(array)), end == entries.size()});
        }
        return pages;
    }

    const catalog catalog_;
    const list_format format_;
    mutable std::tuple<caches<detail::tool_entry>, caches<detail::resource_entry>,
                       caches<detail::template_entry>, caches<detail::prompt_entry>>
        caches_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/catalog.ipp>
#endif
