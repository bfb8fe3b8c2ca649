// A custom broker: a class with these four methods carries messages to the streams of clients.
// `--check` runs the suite that checks the contract of mcp::sse_broker.

#include <mcp.hpp>
#include <mcp/testing/sse_broker_suite.hpp>

#include <iostream>
#include <map>
#include <set>

class bus {
public:
    using listener = std::shared_ptr<mcp::subscriber>;
    void subscribe(const std::string& topic, const listener& who) {
        std::lock_guard lock(*mutex_);
        (*topics_)[topic].insert(who);
    }
    void claim(const std::string& topic, const listener& who) {
        std::set<listener> all{who};
        std::unique_lock lock(*mutex_);
        (*topics_)[topic].swap(all);
        lock.unlock(); // subscribers may call the broker
        all.erase(who);
        for (const listener& each : all)
            each->taken_over();
    }
    void unsubscribe(const std::string& topic, const mcp::subscriber* who) {
        listener gone; // outlives the lock
        std::lock_guard lock(*mutex_);
        for (const listener& each : (*topics_)[topic])
            gone = each.get() == who ? each : gone;
        (*topics_)[topic].erase(gone);
    }
    std::size_t publish(const std::string& topic, const std::string& message) {
        std::unique_lock lock(*mutex_);
        const std::set<listener> all = (*topics_)[topic];
        lock.unlock();
        std::size_t taken = 0;
        for (const listener& each : all)
            taken += each->deliver(topic, message) ? 1U : 0U;
        return taken;
    }

private:
    using table = std::map<std::string, std::set<listener>>;
    std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
    std::shared_ptr<table> topics_ = std::make_shared<table>();
};

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--check") {
        bus one;
        const auto faults = mcp::testing::check_sse_broker([&] { return std::pair(&one, &one); });
        std::ranges::copy(faults, std::ostream_iterator<std::string>(std::cerr, "\n"));
        return faults.empty() ? 0 : 1;
    }
    mcp::server server{"bus", "1.0.0", bus()};
    server.tool<"touch">("Tell who listens", [&] { server.notify_resource_updated("bus://stop"); });
    return mcp::run(server, argc, argv);
}
