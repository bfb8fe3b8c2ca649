// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/path.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/schema/impl/validate_document.hpp>
#include <mcp/schema/impl/validate_keywords.hpp>
#include <mcp/schema/impl/validate_numbers.hpp>
#include <mcp/schema/impl/validate_uri.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::schema::validation {

/// Compiles a schema into a `document`: checks the keywords, resolves `$ref`, compiles the regular
/// expressions. Nothing is fetched: a reference out of the schema is a fault.
class compiler {
public:
    compiler(document& out, std::size_t max_depth) : out_{out}, depth_left_{max_depth} {}

    /// Returns false if there is a fault; `message()` describes it.
    bool compile() {
        if (const json_object* root = out_.text.if_object(); root != nullptr && !dialect(*root)) {
            return false;
        }
        resource* home = add_resource(out_.text, {});
        if (!walk(out_.text, home, nullptr)) {
            return false;
        }
        // A reference may lead to a place that no keyword leads to, with references of its own.
        while (!unresolved_.empty()) {
            const reference next = std::move(unresolved_.back());
            unresolved_.pop_back();
            if (!resolve(next)) {
                return false;
            }
        }
        return true;
    }

    std::string& message() { return message_; }

private:
    struct reference {
        const json* schema;
        std::size_t index;
        resource* home;
        std::string where;
    };

    bool fail(const json_path* path, std::string_view what) {
        return fail_at(render_path("schema", path), what);
    }
    bool fail_at(std::string where, std::string_view what) {
        message_ = std::move(where);
        message_.append(": ").append(what);
        return false;
    }

    /// Reads `$schema`. Draft 7 differs in few keywords, and many tools still send it.
    bool dialect(const json_object& root) {
        const json* named = root.if_contains("$schema");
        if (named == nullptr) {
            return true;
        }
        std::string_view uri = named->is_string() ? std::string_view{named->get_string()} : "";
        uri.remove_suffix(uri.ends_with('#') ? 1 : 0);
        old_ = uri == "http://json-schema.org/draft-07/schema" ||
               uri == "https://json-schema.org/draft-07/schema";
        return old_ || uri == "https://json-schema.org/draft/2020-12/schema" ||
               fail_at("schema",
                       "unknown dialect " + quoted_excerpt(uri) + "; expected 2020-12 or draft-07");
    }

    static const json_string* text_member(const json_object& object, std::string_view key) {
        const json* member = object.if_contains(key);
        return member == nullptr ? nullptr : member->if_string();
    }

    /// `home` is the resource that contains `schema`.
    bool walk(const json& schema, resource* home, const json_path* path) {
        if (schema.is_bool() || out_.nodes.contains(&schema)) {
            return true;
        }
        const json_object* object = schema.if_object();
        if (object == nullptr) {
            return fail(path, "expected an object or a boolean");
        }
        if (depth_left_ == 0) {
            return fail(path, "the schema is nested too deeply");
        }
        --depth_left_;
        const json* ref = object->if_contains("$ref");
        const bool only_ref = old_ && ref != nullptr;
        if (!only_ref) {
            home = identify(schema, *object, home);
        }
        node& made = out_.nodes[&schema];
        made.home = home;
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            if (const keyword_entry* known = find_keyword(entry.key());
                known != nullptr &&
                (!only_ref || known->id == keyword::ref || known->id == keyword::definitions)) {
                if (!take(*known, entry.value(), home, made, &here)) {
                    return false;
                }
            }
        }
        std::sort(made.steps.begin(), made.steps.end(),
                  [](const step& a, const step& b) { return a.id < b.id; });
        for (std::size_t at = 0; at < made.steps.size(); ++at) {
            if (const keyword id = made.steps[at].id;
                id == keyword::ref || id == keyword::dynamic_ref) {
                unresolved_.push_back({&schema, at, home, render_path("schema", path)});
            }
        }
        ++depth_left_;
        return true;
    }

    resource* add_resource(const json& root, const std::string& uri) {
        out_.resources.push_back({&root, uri, {}, {}});
        resource* const added = &out_.resources.back();
        by_uri_.emplace(uri, added);
        by_root_.emplace(&root, added);
        return added;
    }

    /// Records the names that `schema` gives itself; returns the resource that it belongs to.
    resource* identify(const json& schema, const json_object& object, resource* home) {
        if (const json_string* id = text_member(object, "$id")) {
            const split_uri uri = split_fragment(*id);
            if (!uri.absolute.empty() || !old_) {
                const std::string full = resolve_uri(home->uri, uri.absolute);
                if (home->root != &schema) {
                    home = add_resource(schema, full);
                } else {
                    home->uri = full;
                    by_uri_.emplace(full, home);
                }
            }
            if (old_ && !uri.fragment.empty()) {
                home->anchors.emplace(uri.fragment, &schema);
            }
        }
        if (const json_string* name = text_member(object, "$anchor")) {
            home->anchors.emplace(std::string{*name}, &schema);
        }
        if (const json_string* name = text_member(object, "$dynamicAnchor")) {
            home->anchors.emplace(std::string{*name}, &schema);
            home->dynamic_anchors.emplace(std::string{*name}, &schema);
        }
        return home;
    }

    bool take(const keyword_entry& entry, const json& value, resource* home, node& into,
              const json_path* path) {
        step made{entry.id, &value};
        if (!check_shape(entry.form, value, home, made, path)) {
            return false;
        }
        out_.has_unevaluated = out_.has_unevaluated || entry.id == keyword::unevaluated_items ||
                               entry.id == keyword::unevaluated_properties;
        if (entry.id < keyword::then_) {
            into.steps.push_back(made);
        }
        return true;
    }

    bool check_shape(shape form, const json& value, resource* home, step& made,
                     const json_path* path) {
        switch (form) {
        case shape::schema:
            return walk(value, home, path);
        case shape::schemas:
            return walk_array(value, home, path);
        case shape::schema_or_array:
            return old_ && value.is_array()
                       ? value.get_array().empty() || walk_array(value, home, path)
                       : walk(value, home, path);
        case shape::schema_map:
            return walk_map(made.id, value, home, path);
        case shape::count:
            return (value.is_number() && is_integer(value) && wide(value) >= 0) ||
                   fail(path, "expected a non-negative integer");
        case shape::number:
            return value.is_number() || fail(path, "expected a number");
        case shape::positive:
            return (value.is_number() && wide(value) > 0) ||
                   fail(path, "expected a number above 0");
        case shape::boolean:
            return value.is_bool() || fail(path, "expected a boolean");
        case shape::text:
            return value.is_string() || fail(path, "expected a string");
        case shape::expression:
            if (!value.is_string()) {
                return fail(path, "expected a string");
            }
            made.expression = expression(value.get_string(), path);
            return made.expression != nullptr;
        case shape::names:
            return is_names(value) || fail(path, "expected an array of strings");
        case shape::names_map:
            return walk_dependencies(value, home, path, false);
        case shape::dependency_map:
            return walk_dependencies(value, home, path, true);
        case shape::type_names:
            return check_types(value, path);
        case shape::array:
            return value.is_array() || fail(path, "expected an array");
        case shape::anything:
            return true;
        }
        return true;
    }

    bool walk_array(const json& value, resource* home, const json_path* path) {
        const json_array* array = value.if_array();
        if (array == nullptr || array->empty()) {
            return fail(path, "expected an array of schemas");
        }
        json_path here{path, {}, 0};
        for (const json& each : *array) {
            if (!walk(each, home, &here)) {
                return false;
            }
            ++here.index;
        }
        return true;
    }

    bool walk_map(keyword id, const json& value, resource* home, const json_path* path) {
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail(path, "expected an object of schemas");
        }
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            if ((id == keyword::pattern_properties && expression(entry.key(), &here) == nullptr) ||
                !walk(entry.value(), home, &here)) {
                return false;
            }
        }
        return true;
    }

    bool walk_dependencies(const json& value, resource* home, const json_path* path,
                           bool or_schemas) {
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail(path, "expected an object");
        }
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            if (is_names(entry.value())) {
                continue;
            }
            if (!or_schemas) {
                return fail(&here, "expected an array of strings");
            }
            if (!walk(entry.value(), home, &here)) {
                return false;
            }
        }
        return true;
    }

    static bool is_names(const json& value) {
        return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(),
                                               [](const json& each) { return each.is_string(); });
    }

    bool check_types(const json& value, const json_path* path) {
        const auto known = [](const json& each) {
            return each.is_string() &&
                   std::find(type_names.begin(), type_names.end(),
                             std::string_view{each.get_string()}) != type_names.end();
        };
        const json_array* array = value.if_array();
        return (array == nullptr
                    ? known(value)
                    : !array->empty() && std::all_of(array->begin(), array->end(), known)) ||
               fail(path, "expected a type name or an array of type names");
    }

    const reflect::regex* expression(std::string_view text, const json_path* path) {
        if (const auto found = out_.patterns.find(text); found != out_.patterns.end()) {
            return &found->second;
        }
        auto compiled = reflect::regex::compile(text);
        if (!compiled) {
            fail(path, compiled.error().message);
            return nullptr;
        }
        return &out_.patterns.emplace(std::string{text}, std::move(*compiled)).first->second;
    }

    bool resolve(const reference& from) {
        step& made = out_.nodes[from.schema].steps[from.index];
        const json_string& text = made.value->get_string();
        const split_uri uri = split_fragment(text);
        resource* home = from.home;
        if (!uri.absolute.empty()) {
            const auto found = by_uri_.find(resolve_uri(from.home->uri, uri.absolute));
            home = found == by_uri_.end() ? nullptr : found->second;
        }
        const json* const target = home == nullptr ? nullptr : locate(home, uri.fragment);
        if (target == nullptr) {
            return fail_at(from.where, "the reference " + quoted_excerpt(text) +
                                           " has no target in the schema");
        }
        made.target = target;
        if (made.id == keyword::dynamic_ref) {
            const auto anchor = home->dynamic_anchors.find(uri.fragment);
            if (anchor != home->dynamic_anchors.end() && anchor->second == target) {
                made.dynamic_name = anchor->first;
            }
        }
        const std::string where = "schema" + std::string{text};
        const json_path path{nullptr, where, 0};
        return walk(*target, home, &path);
    }

    /// Finds what a fragment names in a resource: nothing, an anchor, or a JSON pointer [RFC 6901].
    /// Along a pointer, `home` changes to each resource that is entered.
    const json* locate(resource*& home, std::string_view fragment) {
        if (!fragment.empty() && fragment.front() != '/') {
            const auto anchor = home->anchors.find(fragment);
            return anchor == home->anchors.end() ? nullptr : anchor->second;
        }
        const json* at = home->root;
        while (!fragment.empty() && at != nullptr) {
            fragment.remove_prefix(1);
            const std::size_t slash = std::min(fragment.find('/'), fragment.size());
            std::string token{fragment.substr(0, slash)};
            fragment.remove_prefix(slash);
            replace_all(token, "~1", "/");
            replace_all(token, "~0", "~");
            if (const json_object* object = at->if_object()) {
                at = object->if_contains(token);
            } else if (const json_array* array = at->if_array()) {
                std::size_t index = 0;
                const auto [end, error] =
                    std::from_chars(token.data(), token.data() + token.size(), index);
                const bool good = error == std::errc{} && end == token.data() + token.size();
                at = good ? array->if_contains(index) : nullptr;
            } else {
                at = nullptr;
            }
            const auto entered = by_root_.find(at);
            home = entered == by_root_.end() ? home : entered->second;
        }
        return at;
    }

    static void replace_all(std::string& text, std::string_view from, std::string_view to) {
        for (std::size_t at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }

    document& out_;
    std::size_t depth_left_;
    bool old_ = false;
    std::vector<reference> unresolved_;
    std::unordered_map<std::string, resource*> by_uri_;
    std::unordered_map<const json*, resource*> by_root_;
    std::string message_;
};

} // namespace mcp::schema::validation
