#pragma once
// A program that a command starts, watches and ends. Linux: it ends with our process, even if that is killed.
//
// One thread per object; the thread that starts a program must outlive it (the kernel ends the program with the
// thread).

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace cli {

using Variables = std::map<std::string, std::string, std::less<>>;

struct ChildOptions {
    std::vector<std::string> command;  // the program, found in PATH unless it contains a slash, and its arguments
    Variables variables = {};          // added to our environment, and in place of its MURANO_EMULATOR_… variables
    bool own_group = true;             // its own process group: ended with all processes that it started
    int output = -1;                   // file descriptors used instead of ours; -1: ours
    int errors = -1;
};

class ChildProcess {
  public:
    // Throws StartFailed if the program cannot be run.
    explicit ChildProcess(const ChildOptions& options);
    // Kills it if it still runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t id() const { return id_; }
    // To its whole group, if it has its own.
    void signal(int number) const;

    // The program's exit code once it has ended, or 128 plus the number of the signal that ended it.
    std::optional<int> exit_code() const;
    // The same, waiting at most `patience`.
    std::optional<int> exit_code_within(std::chrono::milliseconds patience) const;

  private:
    pid_t id_ = -1;
    bool own_group_ = true;
};

}  // namespace cli
