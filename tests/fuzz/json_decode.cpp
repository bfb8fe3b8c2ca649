// The JSON reader, writer, decoder and validator on any bytes. What is read must be written as text
// that reads as the same; what decodes must encode as text that its own schema takes and that
// decodes to the same.

#include <mcp/encoding/utf8.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/schema/absent_nulls.hpp>
#include <mcp/schema/plain_schema.hpp>
#include <mcp/schema/re2.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/validate.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace {

enum class unit { metric, imperial };

struct place {
    std::string name;
    std::optional<double> height;
};

struct tree {
    std::vector<tree> children;
    std::map<std::string, int> weights;
};

} // namespace

template <>
struct mcp::describe<tree> {
    static constexpr bool defaults = false;
};

namespace {

struct request {
    std::optional<place> where;
    std::optional<unit> in;
    std::optional<std::variant<int, std::string, place>> id;
    std::optional<std::set<std::string>> tags;
    std::optional<std::tuple<bool, std::int8_t>> pair;
    std::optional<std::array<float, 2>> range;
    std::optional<std::chrono::milliseconds> wait;
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> at;
    std::optional<mcp::bytes> blob;
    std::optional<tree> family;
    std::optional<mcp::ranged<int, 1, 100>> limit;
    std::optional<mcp::json> any;
};

[[noreturn]] void stop(std::string_view what, std::string_view text) {
    std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(text.size()), text.data());
    std::abort();
}

template <class T>
void there_and_back(const mcp::json& value) {
    const auto decoded = mcp::decode<T>(value, "arguments");
    if (!decoded) {
        if (!mcp::is_utf8(decoded.error().what())) {
            stop("the error is not UTF-8", decoded.error().what());
        }
        return;
    }
    static const auto schema =
        mcp::schema::validator::compile(mcp::parse_json(mcp::schema_of<T>).value());
    if (!schema) {
        stop(schema.error().message, mcp::schema_of<T>);
    }
    const std::string text = mcp::encode(*decoded);
    const auto again = mcp::parse_json(text);
    if (!again) {
        stop(again.error().what(), text);
    }
    if (const auto validated = schema->validate(*again); !validated) {
        stop(validated.error().what(), text);
    }
    const auto twice = mcp::decode<T>(*again);
    if (!twice) {
        stop(twice.error().what(), text);
    }
    if (mcp::encode(*twice) != text) {
        stop("decodes differently", text);
    }
}

/// The bytes as a schema, and as a value of it.
void validate(const mcp::json& value) {
    constexpr mcp::schema::validation_limits little{.work = 10'000};
    (void)mcp::schema::plain_schema(value);
    const auto schema = mcp::schema::validator::compile(value, little);
    if (schema) {
        (void)schema->validate(value);
        (void)mcp::schema::absent_nulls(value).without(value);
    } else if (!mcp::is_utf8(schema.error().message)) {
        stop("the error is not UTF-8", schema.error().message);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static mcp::json_document document;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    if (const auto error = document.read(input)) {
        if (error->offset > size || !mcp::is_utf8(error->message)) {
            stop("a bad error", error->message);
        }
        return 0;
    }
    const mcp::json value = document.root().to_json();
    if (mcp::json_document::copy(document.root()).root().to_json() != value ||
        mcp::json_document::copy(value).root().to_json() != value) {
        stop("copies differently", input);
    }
    std::string text;
    mcp::json_writer{text}.value(value);
    const auto again = mcp::parse_json(text);
    if (!again || *again != value) {
        stop("reads differently", text);
    }
    there_and_back<request>(value);
    there_and_back<tree>(value);
    there_and_back<mcp::arguments<mcp::arg<"a", int>, mcp::arg<"b", std::optional<std::string>>>>(
        value);
    validate(value);
    return 0;
}
