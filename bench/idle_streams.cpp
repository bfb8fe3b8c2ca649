// Opens N connections, sends the same request on each, waits until each has answered with a head
// (and, with --until TEXT, with that text), says so, and holds them until its standard input ends.
//
//     idle_streams PORT COUNT REQUEST_FILE [--until TEXT]
//
// REQUEST_FILE holds the request byte for byte; "{n}" in it becomes the connection's number.

#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "idle_streams: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

std::string with_number(std::string text, int n) {
    for (auto at = text.find("{n}"); at != text.npos; at = text.find("{n}")) {
        text.replace(at, 3, std::to_string(n));
    }
    return text;
}

int open_stream(unsigned short port, const std::string& request, std::string_view until) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
        fail("connect");
    }
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
        fail("send");
    }
    std::string answer;
    while (answer.find("\r\n\r\n") == answer.npos || answer.find(until) == answer.npos) {
        char bytes[4096];
        const auto n = ::recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0) {
            fail("the server closed the stream");
        }
        answer.append(bytes, static_cast<std::size_t>(n));
    }
    if (answer.compare(0, 12, "HTTP/1.1 200") != 0) {
        std::fprintf(stderr, "idle_streams: not a stream: %s\n", answer.c_str());
        std::exit(1);
    }
    return fd;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4 && !(argc == 6 && std::string_view(argv[4]) == "--until")) {
        std::fprintf(stderr, "usage: idle_streams PORT COUNT REQUEST_FILE [--until TEXT]\n");
        return 2;
    }
    const rlimit many{65536, 65536};
    ::setrlimit(RLIMIT_NOFILE, &many);
    std::ifstream file(argv[3], std::ios::binary);
    const std::string request{std::istreambuf_iterator<char>(file), {}};
    const int count = std::atoi(argv[2]);
    for (int n = 0; n < count; ++n) {
        open_stream(static_cast<unsigned short>(std::atoi(argv[1])), with_number(request, n),
                    argc == 6 ? argv[5] : "");
    }
    std::printf("%d open\n", count);
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
}
