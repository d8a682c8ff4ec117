#include "server/cli/own_server.h"

#include "server/cli/api_client.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr auto start_patience = 30s;
constexpr auto stop_patience = 5s;
constexpr auto end_patience = 1s;                                     // once the pipe is closed
constexpr std::string_view announcement = "murano-emulator ready: ";  // and the ready file's text
constexpr std::size_t shown_bytes = 2000;

std::filesystem::path make_folder() {
    auto name = (std::filesystem::temp_directory_path() / "murano-own-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw CommandFailed("cannot make the temporary folder " + name + ": " + std::strerror(errno));
    }
    return name;
}

std::vector<std::string> command_of(const OwnServer::Options& options, const std::string& ready_file) {
    std::vector<std::string> command{own_binary(),  "serve",        "--ephemeral", "--mqtts",
                                     "127.0.0.1:0", "--api",        "127.0.0.1:0", "--ready-file",
                                     ready_file,    "--log-format", "text"};
    command.insert(command.end(), options.flags.begin(), options.flags.end());
    return command;
}

// A file descriptor that is closed with its object.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

  private:
    int number_;
};

// The first line that begins with `wanted`, without that; empty when the writer ends or the time is over.
std::string read_line_after(std::string_view wanted, int from, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::string text;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto begin = text.find(wanted);
        const auto line_end = begin == std::string::npos ? begin : text.find('\n', begin);
        if (line_end != std::string::npos) return text.substr(begin + wanted.size(), line_end - begin - wanted.size());
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd watched{from, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0) return {};
        const auto got = ::read(from, piece.data(), piece.size());
        if (got == 0 || (got < 0 && errno != EINTR)) return {};
        if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace

std::string own_binary() {
    return std::filesystem::read_symlink("/proc/self/exe");
}

ServerPlace read_server_place(std::string_view ready_json) {
    const auto ready = parse_answer(ready_json);
    const auto* devices = ready.find("mqtts");
    if (devices == nullptr || devices->items.empty()) throw CommandFailed("the server has no device port with TLS");
    const auto address = devices->items.front().text;
    const auto colon = address.rfind(':');
    auto host = address.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return {text_of(ready, "api"), host, address.substr(colon + 1), text_of(ready, "ca"), text_of(ready, "domain")};
}

OwnServer::OwnServer(const Options& options) : folder_(make_folder()), log_(options.log_file) {
    if (log_.empty()) log_ = folder_ / "log";
    try {
        start(options);
    } catch (...) {
        process_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        throw;
    }
}

void OwnServer::start(const Options& options) {
    const Descriptor log(::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (log.number() < 0) throw CommandFailed("cannot write the log " + log_.string() + ": " + std::strerror(errno));
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw CommandFailed(std::string("no pipe: ") + std::strerror(errno));
    const Descriptor reader(ends[0]);
    Descriptor writer(ends[1]);
    process_.emplace(ChildOptions{command_of(options, ready_file()), {}, true, writer.number(), log.number()});
    writer.close();  // so that the server's end is the end of the pipe
    const auto ready = read_line_after(announcement, reader.number(), start_patience);
    if (!ready.empty()) {
        place_ = read_server_place(ready);
        return;
    }
    const auto code = process_->exit_code_within(end_patience);
    if (!code) process_->signal(SIGKILL);
    const auto why = "the server did not start:\n" + last_words();
    if (code == 2) throw UsageError(why);
    throw CommandFailed(why);
}

OwnServer::~OwnServer() {
    process_->signal(SIGTERM);
    process_->exit_code_within(stop_patience);
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string OwnServer::last_words() const {
    std::ifstream in(log_, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    auto words = text.str();
    if (words.size() > shown_bytes) words.erase(0, words.find('\n', words.size() - shown_bytes) + 1);
    while (words.ends_with('\n')) words.pop_back();
    return words;
}

}  // namespace cli
