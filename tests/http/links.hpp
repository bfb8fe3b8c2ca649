#pragma once

#include <mcp/http/secure_channel.hpp>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace test {

/// How the clients of a test speak to its server. The tests of the server run over each.
struct link {
    std::string name = "plain";
    std::shared_ptr<mcp::http::secure_layer> server{};
    std::function<std::unique_ptr<mcp::http::secure_channel>()> client{};

    std::unique_ptr<mcp::http::secure_channel> connect() const {
        return client ? client() : nullptr;
    }
};

inline void PrintTo(const link& each, std::ostream* to) {
    *to << each.name;
}

/// All links. The test of `tls_server`, which is there if OpenSSL is, adds TLS.
inline std::vector<link>& links() {
    static std::vector<link> all(1);
    return all;
}

} // namespace test
