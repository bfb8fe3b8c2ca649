// Starts a server process, sends it one request as soon as it accepts connections, and prints the
// milliseconds from exec to the first bytes of the response. Then kills the process.
//
//     first_answer PORT REQUEST_FILE COMMAND ARGUMENTS...

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "first_answer: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr, "usage: first_answer PORT REQUEST_FILE COMMAND ARGUMENTS...\n");
        return 2;
    }
    std::ifstream file(argv[2], std::ios::binary);
    const std::string request{std::istreambuf_iterator<char>(file), {}};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<unsigned short>(std::atoi(argv[1])));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        const int null = ::open("/dev/null", O_WRONLY);
        ::dup2(null, STDOUT_FILENO);
        ::dup2(null, STDERR_FILENO);
        ::execv(argv[3], argv + 3);
        ::_exit(127);
    }
    int fd = -1;
    while (true) {
        fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            fail("socket");
        }
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) {
            break;
        }
        ::close(fd);
        if (std::chrono::steady_clock::now() - begin > std::chrono::seconds(10) ||
            ::waitpid(child, nullptr, WNOHANG) != 0) {
            ::kill(child, SIGKILL);
            fail("the server does not accept");
        }
        ::usleep(50);
    }
    char status[12];
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0 ||
        ::recv(fd, status, sizeof status, MSG_WAITALL) != static_cast<ssize_t>(sizeof status)) {
        fail("no answer");
    }
    const auto end = std::chrono::steady_clock::now();
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (std::memcmp(status, "HTTP/1.1 200", sizeof status) != 0) {
        std::fprintf(stderr, "first_answer: not 200: %.12s\n", status);
        return 1;
    }
    std::printf("%.2f\n", std::chrono::duration<double, std::milli>(end - begin).count());
}
