// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/schema/impl/validate_keywords.hpp>
#include <mcp/schema/plain_schema.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::schema {
namespace detail {

/// Rewrites one schema. It fails on a reference that is not a JSON pointer into the schema, and
/// where expanding the references would take too long.
class plain_writer {
public:
    explicit plain_writer(const json& root, bool inlines) : root_(root), inlines_(inlines) {}

    /// Returns nullopt if references cannot be expanded.
    std::optional<json> run() {
        expanding_.push_back({"#", false});
        json made = schema(root_);
        if (failed_)
            return std::nullopt;
        json_object* object = made.if_object();
        if (object != nullptr && !recursive_.empty()) {
            json_object& kept = (*object)["$defs"].emplace_object();
            for (auto& [pointer, body] : recursive_)
                kept.insert_or_assign(name_of(pointer), std::move(body));
        }
        return made;
    }

private:
    static constexpr std::size_t max_schemas = 5'000;
    static constexpr std::size_t max_depth = 100;

    struct expansion {
        std::string pointer;
        bool recursive;
    };

    json give_up() {
        failed_ = true;
        return json_object();
    }

    json schema(const json& from) {
        const json_object* object = from.if_object();
        if (object == nullptr)
            return from;
        if (failed_ || ++schemas_ > max_schemas || depth_ >= max_depth)
            return give_up();
        ++depth_;
        json_object to = members(*object);
        if (inlines_ && object->contains("$ref"))
            to = with_reference(*object, std::move(to));
        --depth_;
        return to;
    }

    json_object members(const json_object& from) {
        const bool strict = strict_;
        json_object to;
        for (const auto& entry : from) {
            const std::string_view key = entry.key();
            if (inlines_ && (key == "$ref" || key == "$defs" || key == "definitions"))
                continue;
            // A looser schema under these would refuse more values.
            strict_ = strict || key == "not" || key == "if" || key == "contains";
            to.insert_or_assign(key, member(key, entry.value()));
        }
        strict_ = strict;
        if (!strict) {
            write_tuple(to);
            write_choice(to, "oneOf");
            write_choice(to, "anyOf");
        }
        if (json* one = to.if_contains("const")) {
            json_array values{std::move(*one)};
            to.erase("const");
            to.insert_or_assign("enum", std::move(values));
        }
        return to;
    }

    json member(std::string_view key, const json& value) {
        const validation::keyword_entry* known = validation::find_keyword(key);
        const validation::shape form = known != nullptr ? known->form : validation::shape::anything;
        if (form == validation::shape::schema_map && value.is_object()) {
            json_object to;
            for (const auto& entry : value.get_object())
                to.insert_or_assign(entry.key(), schema(entry.value()));
            return to;
        }
        if ((form == validation::shape::schemas || form == validation::shape::schema_or_array) &&
            value.is_array()) {
            json_array to;
            for (const json& each : value.get_array())
                to.push_back(schema(each));
            return to;
        }
        const bool one =
            form == validation::shape::schema || form == validation::shape::schema_or_array;
        return one ? schema(value) : value;
    }

    /// Returns the target of a reference, with the keywords beside the reference.
    json_object with_reference(const json_object& from, json_object beside) {
        const json& ref = from.at("$ref");
        const json* target = ref.is_string() ? find(ref.get_string()) : nullptr;
        if (target == nullptr)
            return failed_ = true, beside;
        const std::string pointer(ref.get_string());
        const auto running =
            std::find_if(expanding_.begin(), expanding_.end(),
                         [&](const auto& each) { return each.pointer == pointer; });
        json_object to;
        if (running != expanding_.end()) {
            running->recursive = true;
            to.emplace("$ref", new_reference(pointer));
        } else if (recursive_.contains(pointer)) {
            to.emplace("$ref", new_reference(pointer));
        } else {
            expanding_.push_back({pointer, false});
            json body = schema(*target);
            const bool recursive = expanding_.back().recursive;
            expanding_.pop_back();
            if (recursive) {
                recursive_.emplace(pointer, std::move(body));
                to.emplace("$ref", new_reference(pointer));
            } else if (body.is_object()) {
                to = std::move(body.get_object());
            }
        }
        if (!annotates(to, beside))
            return both(std::move(to), std::move(beside));
        for (auto& entry : beside)
            to.insert_or_assign(entry.key(), std::move(entry.value()));
        return to;
    }

    /// Returns whether `beside` repeats keywords of `to` only as annotations or with equal values.
    static bool annotates(const json_object& to, const json_object& beside) {
        constexpr std::string_view words[] = {"title",    "description", "default",  "examples",
                                              "$comment", "deprecated",  "readOnly", "writeOnly"};
        return std::ranges::all_of(beside, [&](const auto& entry) {
            const std::string_view key = entry.key();
            return !to.contains(key) || to.at(key) == entry.value() ||
                   std::ranges::find(words, key) != std::end(words);
        });
    }

    static json_object both(json_object to, json_object beside) {
        json_array all;
        if (json* more = beside.if_contains("allOf"); more && more->is_array())
            all = std::move(more->get_array());
        all.insert(all.begin(), json(std::move(to)));
        beside.insert_or_assign("allOf", std::move(all));
        return beside;
    }

    const json* find(std::string_view reference) const {
        if (!reference.starts_with('#') || reference.find('%') != std::string_view::npos ||
            root_.get_object().contains("$id"))
            return nullptr;
        boost::system::error_code error;
        return root_.find_pointer(reference.substr(1), error);
    }

    /// Returns "#" unchanged; other references move to `$defs` under the last part of their
    /// pointer.
    std::string new_reference(const std::string& pointer) {
        return pointer == "#" ? pointer : "#/$defs/" + name_of(pointer);
    }

    const std::string& name_of(const std::string& pointer) {
        const auto [found, added] = names_.try_emplace(pointer);
        if (added) {
            std::string base = pointer.substr(pointer.rfind('/') + 1);
            std::ranges::replace(base, '~', '_'); // begins an escape in a reference
            found->second = base;
            const auto taken = [&, this, &chosen = found->second] {
                return std::count_if(names_.begin(), names_.end(),
                                     [&](const auto& each) { return each.second == chosen; }) > 1;
            };
            for (int next = 2; taken(); ++next)
                found->second = base + '_' + std::to_string(next);
        }
        return found->second;
    }

    /// Replaces `prefixItems` by one schema for all elements, and `items: false` by a limit of
    /// their number.
    static void write_tuple(json_object& to) {
        json_array places;
        if (const json* prefix = to.if_contains("prefixItems"); prefix && prefix->is_array())
            places = prefix->get_array();
        to.erase("prefixItems");
        const json* rest = to.if_contains("items");
        if (rest != nullptr && *rest == false) {
            const std::size_t size = places.size();
            to.erase("items");
            to.insert_or_assign("maxItems", size);
            rest = nullptr;
        } else if (!places.empty()) {
            if (rest == nullptr) { // allows any further elements
                to.erase("unevaluatedItems");
                return;
            }
            places.push_back(*rest);
        }
        json_array different;
        for (json& each : places)
            if (std::find(different.begin(), different.end(), each) == different.end())
                different.push_back(std::move(each));
        if (different.size() == 1)
            to.insert_or_assign("items", std::move(different.front()));
        else if (!different.empty())
            to.insert_or_assign("items", json_object{{"anyOf", std::move(different)}});
    }

    /// Replaces constants by an `enum`, with their titles in the description, and `oneOf` by
    /// `anyOf`.
    static void write_choice(json_object& to, std::string_view key) {
        json* const choice = to.if_contains(key);
        if (choice == nullptr || !choice->is_array())
            return;
        json_array values;
        std::string words;
        for (const json& each : choice->get_array()) {
            const json_object* alternative = each.if_object();
            const json* list = alternative ? alternative->if_contains("enum") : nullptr;
            const json_array* only = list ? list->if_array() : nullptr;
            if (only == nullptr || only->size() != 1)
                break;
            const json& value = only->front();
            const json* title = alternative->if_contains("title");
            if (value.is_string() && title != nullptr && title->is_string())
                words.append(words.empty() ? "" : "; ")
                    .append(value.get_string())
                    .append(": ")
                    .append(title->get_string());
            values.push_back(value);
        }
        if (values.size() == choice->get_array().size()) {
            to.erase(key);
            to.insert_or_assign("enum", std::move(values));
            if (words.empty())
                return;
            const json* before = to.if_contains("description");
            if (before != nullptr && before->is_string())
                words.insert(0, std::string(before->get_string()) + ". ");
            to.insert_or_assign("description", words);
        } else if (key == "oneOf") {
            json list = std::move(*choice);
            to.erase(key);
            to.emplace("anyOf", std::move(list));
        }
    }

    const json& root_;
    const bool inlines_;
    bool failed_ = false;
    bool strict_ = false; ///< inside of a schema that must not become looser
    std::size_t schemas_ = 0;
    std::size_t depth_ = 0;
    std::vector<expansion> expanding_;
    std::map<std::string, json> recursive_;
    std::map<std::string, std::string> names_;
};

} // namespace detail

MCP_DECL json with_properties(json schema) {
    json_object* object = schema.if_object();
    if (object != nullptr && !object->contains("properties"))
        object->emplace("properties", json_object());
    return schema;
}

MCP_DECL json plain_schema(const json& schema) {
    if (auto made = detail::plain_writer(schema, true).run())
        return with_properties(std::move(*made));
    if (auto made = detail::plain_writer(schema, false).run())
        return with_properties(std::move(*made));
    return schema;
}

} // namespace mcp::schema
