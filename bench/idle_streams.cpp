// Opens streams and holds them until standard input ends. Sends the same request on each
// connection, waits for the head of each response, and prints the number of streams when all are
// open.
//
//     idle_streams PORT COUNT REQUEST_FILE [LINES_FILE]
//
// REQUEST_FILE holds the exact bytes of the request. "{line}" in it is replaced by the connection's
// line of LINES_FILE, such as a session id.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <sstream>
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

std::string read_file(const char* name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string with_line(std::string text, const std::string& line) {
    constexpr std::string_view mark = "{line}";
    if (const auto at = text.find(mark); at != text.npos) {
        text.replace(at, mark.size(), line);
    }
    return text;
}

void open_stream(unsigned short port, const std::string& request) {
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
    while (answer.find("\r\n\r\n") == answer.npos) {
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
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4 || argc > 5) {
        std::fprintf(stderr, "usage: idle_streams PORT COUNT REQUEST_FILE [LINES_FILE]\n");
        return 2;
    }
    const rlimit many{65536, 65536};
    ::setrlimit(RLIMIT_NOFILE, &many);
    const std::string request = read_file(argv[3]);
    std::istringstream lines(argc > 4 ? read_file(argv[4]) : "");
    const int count = std::atoi(argv[2]);
    for (int n = 0; n < count; ++n) {
        std::string line;
        std::getline(lines, line);
        open_stream(static_cast<unsigned short>(std::atoi(argv[1])), with_line(request, line));
    }
    std::printf("%d open\n", count);
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
}
