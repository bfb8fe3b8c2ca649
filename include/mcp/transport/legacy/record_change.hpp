#pragma once

#include <mcp/protocol/logging.hpp>
#include <mcp/session/session_record.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mcp::legacy {

/// What a request changes of a session's record, so that it can be done again if the record has
/// been changed elsewhere meanwhile.
struct record_change {
    std::optional<log_level> threshold{};
    std::vector<std::string> added{}; ///< resource subscriptions
    std::vector<std::string> removed{};

    /// What makes of a record one with this level and these subscriptions.
    static record_change between(const session_record& before, log_level threshold,
                                 const std::vector<std::string>& subscriptions) {
        record_change change;
        if (before.threshold != threshold)
            change.threshold = threshold;
        const std::set<std::string> old(before.subscriptions.begin(), before.subscriptions.end());
        const std::set<std::string> now(subscriptions.begin(), subscriptions.end());
        std::set_difference(now.begin(), now.end(), old.begin(), old.end(),
                            std::back_inserter(change.added));
        std::set_difference(old.begin(), old.end(), now.begin(), now.end(),
                            std::back_inserter(change.removed));
        return change;
    }

    session_record applied_to(session_record record) const {
        if (threshold)
            record.threshold = *threshold;
        std::set<std::string> uris(record.subscriptions.begin(), record.subscriptions.end());
        uris.insert(added.begin(), added.end());
        for (const std::string& uri : removed)
            uris.erase(uri);
        record.subscriptions.assign(uris.begin(), uris.end());
        return record;
    }
};

} // namespace mcp::legacy
