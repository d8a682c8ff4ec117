#include "server/cli/child_process.h"

#include "server/cli/errors.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cli {
namespace {

constexpr std::string_view emulators = "MURANO_EMULATOR";

// Settings and addresses of another server are not for this one.
std::vector<std::string> environment_with(const Variables& variables) {
    std::vector<std::string> entries;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto name = text.substr(0, text.find('='));
        if (!name.starts_with(emulators) && !variables.contains(name)) entries.emplace_back(text);
    }
    for (const auto& [name, value] : variables) entries.emplace_back(name).append("=").append(value);
    return entries;
}

// As exec() wants them. The texts stay where they are.
std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

struct Prepared {
    std::vector<char*> command, environment;
    pid_t parent;
    bool own_group;
    int output, errors;
};

// In the new process: only calls that are safe between fork() and exec(). Gives the number of the error.
int become(const Prepared& program) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != program.parent) return ECHILD;  // we have ended in between
    if (program.own_group && ::setpgid(0, 0) != 0) return errno;
    if (program.output >= 0 && ::dup2(program.output, STDOUT_FILENO) < 0) return errno;
    if (program.errors >= 0 && ::dup2(program.errors, STDERR_FILENO) < 0) return errno;
    ::execvpe(program.command.front(), program.command.data(), program.environment.data());
    return errno;
}

// What the new process says when it could not become the program; 0: it did, and the pipe is closed.
int error_from(int pipe_end) {
    int error = 0;
    while (::read(pipe_end, &error, sizeof error) < 0 && errno == EINTR) {
    }
    return error;
}

[[noreturn]] void fail(const std::string& program, int error) {
    throw StartFailed("cannot run " + program + ": " + std::strerror(error), error == ENOENT ? 127 : 126);
}

}  // namespace

ChildProcess::ChildProcess(const ChildOptions& options) : own_group_(options.own_group) {
    auto command = options.command;
    auto environment = environment_with(options.variables);
    const Prepared program{pointers(command), pointers(environment), ::getpid(),
                           own_group_,        options.output,        options.errors};
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(command.front(), errno);
    id_ = ::fork();
    if (id_ == 0) {
        const int error = become(program);
        const auto told = ::write(ends[1], &error, sizeof error);
        ::_exit(told < 0 ? 126 : 127);
    }
    const int fork_error = id_ < 0 ? errno : 0;
    ::close(ends[1]);
    const int error = id_ < 0 ? fork_error : error_from(ends[0]);
    ::close(ends[0]);
    if (error == 0) return;
    if (id_ > 0) ::waitpid(id_, nullptr, 0);
    fail(command.front(), error);
}

// Until it is waited for here its number is nobody else's: what it started can be found by it even after its end.
ChildProcess::~ChildProcess() {
    signal(SIGKILL);
    ::waitpid(id_, nullptr, 0);
}

void ChildProcess::signal(int number) const {
    ::kill(own_group_ ? -id_ : id_, number);
}

std::optional<int> ChildProcess::exit_code() const {
    siginfo_t end{};
    const int done = ::waitid(P_PID, static_cast<id_t>(id_), &end, WEXITED | WNOHANG | WNOWAIT);
    if (done != 0 || end.si_pid == 0) return std::nullopt;
    return end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
}

std::optional<int> ChildProcess::exit_code_within(std::chrono::milliseconds patience) const {
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, id_, 0));
    if (handle < 0) return exit_code();
    const auto end = std::chrono::steady_clock::now() + patience;
    std::optional<int> code;
    while (!(code = exit_code())) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) break;
        pollfd watched{handle, POLLIN, 0};
        ::poll(&watched, 1, static_cast<int>(left.count()));
    }
    ::close(handle);
    return code;
}

}  // namespace cli
