// SPDX-License-Identifier: MIT
#pragma once

// What one thread counts, and the text of all of it.

#include <mcp/http/message.hpp>
#include <mcp/server/observer.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Counts durations by ranges.
class histogram {
public:
    /// The upper bounds of the ranges in seconds, as text and in nanoseconds; the last has none.
    struct bound {
        std::string_view text;
        std::int64_t nanoseconds;
    };
    static constexpr std::array bounds{
        bound{"0.0001", 100'000},       bound{"0.0005", 500'000},
        bound{"0.001", 1'000'000},      bound{"0.005", 5'000'000},
        bound{"0.01", 10'000'000},      bound{"0.025", 25'000'000},
        bound{"0.05", 50'000'000},      bound{"0.1", 100'000'000},
        bound{"0.25", 250'000'000},     bound{"0.5", 500'000'000},
        bound{"1.0", 1'000'000'000},    bound{"2.5", 2'500'000'000},
        bound{"5.0", 5'000'000'000},    bound{"10.0", 10'000'000'000},
        bound{"30.0", 30'000'000'000},  bound{"60.0", 60'000'000'000},
        bound{"300.0", 300'000'000'000}};

    void add(std::chrono::nanoseconds duration) noexcept {
        std::size_t at = 0;
        while (at < bounds.size() && duration.count() > bounds[at].nanoseconds)
            ++at;
        ++counts_[at];
        sum_ += static_cast<std::uint64_t>(duration.count());
    }
    histogram& operator+=(const histogram& other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            counts_[i] += other.counts_[i];
        sum_ += other.sum_;
        return *this;
    }

    const auto& counts() const noexcept { return counts_; }
    double seconds() const noexcept { return static_cast<double>(sum_) / 1e9; }

private:
    std::array<std::uint64_t, bounds.size() + 1> counts_{};
    std::uint64_t sum_ = 0; // nanoseconds: enough for 584 years
};

/// The requests of one method, or of one tool.
struct call_cell {
    static constexpr std::size_t outcomes = static_cast<std::size_t>(outcome::cancelled) + 1;

    std::array<std::uint64_t, outcomes> ended{};
    histogram durations;

    call_cell& operator+=(const call_cell& other) noexcept {
        for (std::size_t i = 0; i < outcomes; ++i)
            ended[i] += other.ended[i];
        durations += other.durations;
        return *this;
    }
};

/// All that is counted, by one thread or by all.
struct metrics_cells {
    struct call_key {
        std::string method;
        std::string tool;
        auto operator<=>(const call_key&) const = default;
    };

    std::map<std::pair<http::verb, unsigned>, std::uint64_t> http_requests;
    std::map<http::verb, histogram> http_durations; ///< without streams
    std::uint64_t http_received = 0;
    std::uint64_t http_sent = 0;
    std::map<std::string, call_cell, std::less<>> methods;
    std::map<std::string, call_cell, std::less<>> tools;
    std::map<std::string, std::uint64_t, std::less<>> events;
    std::int64_t begun = 0; ///< less those that have ended
    histogram redis;
    std::uint64_t redis_failures = 0;

    metrics_cells& operator+=(const metrics_cells& other) {
        const auto add = [](auto& to, const auto& from) {
            for (const auto& [key, value] : from)
                to[key] += value;
        };
        add(http_requests, other.http_requests);
        add(http_durations, other.http_durations);
        add(methods, other.methods);
        add(tools, other.tools);
        add(events, other.events);
        http_received += other.http_received;
        http_sent += other.http_sent;
        begun += other.begun;
        redis += other.redis;
        redis_failures += other.redis_failures;
        return *this;
    }
};

/// Writes the text format of Prometheus. [Prometheus exposition formats, text-based format 0.0.4]
class exposition {
public:
    using labels = std::vector<std::pair<std::string_view, std::string_view>>;

    /// Begins a family of samples. `help` has neither backslashes nor line breaks.
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
        text_.append(name).append(" ").append(type).append("\n");
    }

    void sample(std::uint64_t value, const labels& of = {}) {
        begin("", of);
        text_.append(std::to_string(value)).append("\n");
    }
    void sample(double value, std::string_view labels_text) {
        text_.append(name_).append(labels_text).append(" ").append(number(value)).append("\n");
    }

    void sample(const histogram& value, labels of = {}) {
        std::uint64_t sum = 0;
        of.emplace_back("le", "");
        for (std::size_t i = 0; i < value.counts().size(); ++i) {
            sum += value.counts()[i];
            of.back().second = i < histogram::bounds.size() ? histogram::bounds[i].text : "+Inf";
            begin("_bucket", of);
            text_.append(std::to_string(sum)).append("\n");
        }
        of.pop_back();
        begin("_sum", of);
        text_.append(number(value.seconds())).append("\n");
        begin("_count", of);
        text_.append(std::to_string(sum)).append("\n");
    }

    std::string take() { return std::move(text_); }

private:
    void begin(std::string_view suffix, const labels& of) {
        text_.append(name_).append(suffix);
        for (std::size_t i = 0; i < of.size(); ++i) {
            text_.append(i == 0 ? "{" : ",").append(of[i].first).append("=\"");
            for (const char c : of[i].second)
                if (c == '\n')
                    text_ += "\\n";
                else
                    (c == '\\' || c == '"' ? text_ += '\\' : text_) += c;
            text_ += '"';
        }
        text_.append(of.empty() ? " " : "} ");
    }

    static std::string number(double value) {
        char digits[32];
        return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
    }

    std::string text_;
    std::string name_;
};

} // namespace mcp::detail
