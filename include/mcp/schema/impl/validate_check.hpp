// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/path.hpp>
#include <mcp/json/value.hpp>
#include <mcp/schema/impl/validate_assertions.hpp>
#include <mcp/schema/impl/validate_document.hpp>
#include <mcp/schema/impl/validate_keywords.hpp>
#include <mcp/schema/impl/validate_numbers.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::schema::validation {

/// Applies a document to a value: the keywords that lead from schema to schema.
class checker : public assertions {
public:
    checker(const document& doc, std::string_view root, std::size_t depth, std::size_t work)
        : assertions{root, depth, work}
        , doc_{doc} {
        scope_.push_back(&doc.resources.front());
    }

    bool run(const json& value) {
        return check(doc_.text, value, nullptr, nullptr, keyword::definitions);
    }

private:
    /// The input of a step. `seen` are the marks of the schema that the step belongs to.
    struct subject {
        const json_object& schema;
        const json& value;
        const json_path* path;
        marks& seen;
    };

    /// `why` is the keyword that led here; `outer` receives the marks if the value is valid.
    bool check(const json& schema, const json& value, const json_path* path, marks* outer,
               keyword why) {
        if (const bool* open = schema.if_bool()) {
            return *open || fail(path, why, "no value is allowed here");
        }
        const std::size_t size = doc_.has_unevaluated ? size_of(value) : 0;
        if (!spend(1 + size / 64, path, why)) {
            return false;
        }
        if (depth_left_ == 0) {
            return give_up(path, why, "schema and value are nested too deeply");
        }
        const node& known = doc_.nodes.at(&schema);
        const bool enters = known.home != scope_.back();
        if (enters) {
            scope_.push_back(known.home);
        }
        --depth_left_;
        marks seen(size);
        const subject on{schema.get_object(), value, path, seen};
        const bool good =
            std::ranges::all_of(known.steps, [&](const step& s) { return apply(s, on); });
        ++depth_left_;
        if (enters) {
            scope_.pop_back();
        }
        if (good && outer != nullptr) {
            std::transform(seen.begin(), seen.end(), outer->begin(), outer->begin(),
                           [](bool a, bool b) { return a || b; });
        }
        return good;
    }

    bool apply(const step& s, const subject& on) {
        switch (s.id) {
        case keyword::ref:
            return in_place(*s.target, on, s.id);
        case keyword::dynamic_ref:
            return in_place(dynamic_target(s), on, s.id);
        case keyword::all_of:
            return apply_all(s, on);
        case keyword::any_of:
            return apply_any(s, on);
        case keyword::one_of:
            return apply_one(s, on);
        case keyword::not_:
            return apply_not(s, on);
        case keyword::if_:
            return apply_if(s, on);
        case keyword::dependent_schemas:
        case keyword::dependencies:
            return apply_dependent(s, on);
        default:
            break;
        }
        if (on.value.is_object()) {
            return apply_to_object(s, on);
        }
        return on.value.is_array() ? apply_to_array(s, on) : assert_value(s, on.value, on.path);
    }

    bool in_place(const json& schema, const subject& on, keyword why) {
        return check(schema, on.value, on.path, &on.seen, why);
    }

    /// Returns the outermost schema on the path that has the anchor
    /// [JSON Schema 2020-12 core §8.2.3.2].
    const json& dynamic_target(const step& s) const {
        if (s.dynamic_name.data() != nullptr) {
            for (const resource* each : scope_) {
                const auto found = each->dynamic_anchors.find(s.dynamic_name);
                if (found != each->dynamic_anchors.end()) {
                    return *found->second;
                }
            }
        }
        return *s.target;
    }

    bool apply_all(const step& s, const subject& on) {
        return std::ranges::all_of(s.value->get_array(),
                                   [&](const json& each) { return in_place(each, on, s.id); });
    }

    bool apply_any(const step& s, const subject& on) {
        std::string reasons;
        bool good = false;
        for (const json& each : s.value->get_array()) {
            if (alternative(each, on, s.id)) {
                good = true;
                // The other alternatives may mark more, if the document uses the marks.
                if (!doc_.has_unevaluated) {
                    break;
                }
            } else {
                add_reason(reasons);
            }
        }
        return !given_up_ && (good || fail_alternatives(s, on, reasons));
    }

    bool apply_one(const step& s, const subject& on) {
        std::string reasons;
        std::size_t good = 0;
        for (const json& each : s.value->get_array()) {
            if (alternative(each, on, s.id)) {
                ++good;
            } else {
                add_reason(reasons);
            }
        }
        if (given_up_ || good == 1) {
            return !given_up_;
        }
        return good == 0 ? fail_alternatives(s, on, reasons) : fail(on.path, s.id, [&] {
            return "the value matches " + std::to_string(good) + " alternatives, expected one";
        });
    }

    void add_reason(std::string& reasons) {
        constexpr std::size_t most = 400;
        if (!given_up_ && !silent_ && reasons.size() < most) {
            reasons.append(reasons.empty() ? ": " : "; ").append(take_mistake().message);
        }
    }

    bool fail_alternatives(const step& s, const subject& on, const std::string& reasons) {
        return fail(on.path, s.id, [&] {
            return "none of " + std::to_string(s.value->get_array().size()) +
                   " alternatives matches" + reasons;
        });
    }

    /// Calls `f` without making messages for its faults.
    template <class F>
    bool silently(F f) {
        const bool before = std::exchange(silent_, true);
        const bool good = f();
        silent_ = before;
        return good;
    }

    /// Applies an alternative. Inside another alternative it makes no messages, whose number would
    /// multiply.
    bool alternative(const json& each, const subject& on, keyword why) {
        const bool before = std::exchange(silent_, silent_ || alternatives_ > 0);
        ++alternatives_;
        const bool good = in_place(each, on, why);
        --alternatives_;
        silent_ = before;
        return good;
    }

    bool apply_not(const step& s, const subject& on) {
        const bool good =
            silently([&] { return check(*s.value, on.value, on.path, nullptr, s.id); });
        return !given_up_ &&
               (!good || fail(on.path, s.id, "the value matches a schema that it must not match"));
    }

    bool apply_if(const step& s, const subject& on) {
        const bool condition = silently([&] { return in_place(*s.value, on, s.id); });
        const json* next = on.schema.if_contains(condition ? "then" : "else");
        return !given_up_ && (next == nullptr ||
                              in_place(*next, on, condition ? keyword::then_ : keyword::else_));
    }

    bool apply_dependent(const step& s, const subject& on) {
        const json_object* object = on.value.if_object();
        return object == nullptr ||
               std::ranges::all_of(s.value->get_object(), [&](const auto& entry) {
                   if (!object->contains(entry.key())) {
                       return true;
                   }
                   // `dependencies` of draft 7 has both forms.
                   return entry.value().is_array()
                              ? assert_members(s.id, entry.value(), on.value, on.path, entry.key())
                              : in_place(entry.value(), on, s.id);
               });
    }

    // Objects

    bool apply_to_object(const step& s, const subject& on) {
        switch (s.id) {
        case keyword::properties:
            return apply_properties(s, on);
        case keyword::pattern_properties:
            return each_member(on, [&](const auto& member, std::size_t at) {
                return apply_patterns(s, on, member, at);
            });
        case keyword::additional_properties:
            return each_member(on, [&](const auto& member, std::size_t at) {
                return is_named(on, member.key()) || given_up_ ||
                       check_member(*s.value, on, member, at, s.id);
            });
        case keyword::unevaluated_properties:
            return each_member(on, [&](const auto& member, std::size_t at) {
                return on.seen[at] || check_member(*s.value, on, member, at, s.id);
            });
        case keyword::property_names:
            return each_member(on, [&](const auto& member, std::size_t) {
                const json name(member.key());
                return check(*s.value, name, on.path, nullptr, s.id);
            });
        default:
            return assert_value(s, on.value, on.path);
        }
    }

    bool each_member(const subject& on, auto f) {
        std::size_t at = 0;
        return spend(size_of(on.value) / 4, on.path, keyword::properties) &&
               std::ranges::all_of(on.value.get_object(), [&](const auto& member) {
                   return f(member, at++) && !given_up_;
               });
    }

    bool check_member(const json& schema, const subject& on, const auto& member, std::size_t at,
                      keyword why) {
        const json_path here{on.path, member.key(), 0};
        if (const bool* open = schema.if_bool(); open != nullptr && !*open) {
            return fail(on.path, why,
                        [&] { return "unknown member " + quoted_excerpt(member.key()); });
        }
        mark(on, at);
        return check(schema, member.value(), &here, nullptr, why);
    }

    bool apply_properties(const step& s, const subject& on) {
        const json_object& object = on.value.get_object();
        return spend(s.value->get_object().size() / 4, on.path, s.id) &&
               std::ranges::all_of(s.value->get_object(), [&](const auto& property) {
                   const auto member = object.find(property.key());
                   return member == object.end() ||
                          check_member(property.value(), on, *member,
                                       static_cast<std::size_t>(member - object.begin()), s.id);
               });
    }

    bool apply_patterns(const step& s, const subject& on, const auto& member, std::size_t at) {
        return std::ranges::all_of(s.value->get_object(), [&](const auto& entry) {
            const reflect::regex& expression = doc_.patterns.find(entry.key())->second;
            return !matches(expression, member.key(), on.path, s.id) ||
                   check_member(entry.value(), on, member, at, s.id);
        });
    }

    /// Returns whether `properties` or `patternProperties` in the same schema name the member.
    bool is_named(const subject& on, std::string_view key) {
        const json* properties = on.schema.if_contains("properties");
        if (properties != nullptr && properties->get_object().contains(key)) {
            return true;
        }
        const json* patterns = on.schema.if_contains("patternProperties");
        return patterns != nullptr &&
               std::ranges::any_of(patterns->get_object(), [&](const auto& entry) {
                   return matches(doc_.patterns.find(entry.key())->second, key, on.path,
                                  keyword::pattern_properties);
               });
    }

    // Arrays

    bool apply_to_array(const step& s, const subject& on) {
        switch (s.id) {
        case keyword::prefix_items:
            return apply_prefix(s, on);
        case keyword::items:
            return s.value->is_array() ? apply_prefix(s, on)
                                       : apply_rest(s, on, prefix_size(on, "prefixItems"));
        case keyword::additional_items: {
            const json* items = on.schema.if_contains("items");
            return items == nullptr || !items->is_array() ||
                   apply_rest(s, on, prefix_size(on, "items"));
        }
        case keyword::contains:
            return apply_contains(s, on);
        case keyword::unevaluated_items:
            for (std::size_t at = 0; at < on.seen.size(); ++at) {
                if (!on.seen[at] && !check_element(*s.value, on, at, s.id)) {
                    return false;
                }
            }
            return true;
        default:
            return assert_value(s, on.value, on.path);
        }
    }

    static std::size_t prefix_size(const subject& on, std::string_view name) {
        const json* prefix = on.schema.if_contains(name);
        return prefix == nullptr ? 0 : prefix->get_array().size();
    }

    bool check_element(const json& schema, const subject& on, std::size_t at, keyword why) {
        mark(on, at);
        const json_path here{on.path, {}, at};
        return check(schema, on.value.get_array()[at], &here, nullptr, why);
    }

    bool apply_prefix(const step& s, const subject& on) {
        const json_array& schemas = s.value->get_array();
        std::size_t at = 0;
        return std::ranges::all_of(schemas, [&](const json& each) {
            return at == on.value.get_array().size() || check_element(each, on, at++, s.id);
        });
    }

    bool apply_rest(const step& s, const subject& on, std::size_t from) {
        for (std::size_t at = from; at < on.value.get_array().size(); ++at) {
            if (!check_element(*s.value, on, at, s.id)) {
                return false;
            }
        }
        return true;
    }

    bool apply_contains(const step& s, const subject& on) {
        const json_array& array = on.value.get_array();
        std::size_t count = 0;
        for (std::size_t at = 0; at < array.size(); ++at) {
            const json_path here{on.path, {}, at};
            if (silently([&] { return check(*s.value, array[at], &here, nullptr, s.id); })) {
                ++count;
                mark(on, at);
            }
        }
        if (given_up_) {
            return false;
        }
        const auto limit = [&](std::string_view name) { return on.schema.if_contains(name); };
        const auto found = static_cast<long double>(count);
        const json* least = limit("minContains");
        const json* most = limit("maxContains");
        const std::string unit = " matching elements, got " + std::to_string(count);
        if (found < (least == nullptr ? 1 : wide(*least))) {
            return fail(on.path, least == nullptr ? s.id : keyword::min_contains, [&] {
                return "expected at least " + (least == nullptr ? "1" : excerpt(*least)) + unit;
            });
        }
        return most == nullptr || found <= wide(*most) || fail(on.path, keyword::max_contains, [&] {
                   return "expected at most " + excerpt(*most) + unit;
               });
    }

    void mark(const subject& on, std::size_t at) const {
        if (doc_.has_unevaluated) {
            on.seen[at] = true;
        }
    }

    const document& doc_;
    std::vector<const resource*> scope_;
    std::size_t alternatives_ = 0;
};

} // namespace mcp::schema::validation
