#pragma once
// A program that a command starts, watches and ends. Linux: it ends with us, even when we are killed.
//
// One thread per object; the thread that starts a program must live as long as it (the kernel ends the program with
// it).

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
    std::vector<std::string> command;  // the program, found in the PATH unless it has a slash, and its arguments
    Variables variables = {};          // beside our environment without MURANO_EMULATOR_…, which they replace
    bool own_group = true;             // a process group of its own: ended with all that it started
    int output = -1;                   // file descriptors in the place of ours; -1: ours
    int errors = -1;
};

class ChildProcess {
  public:
    // Throws StartFailed when the program cannot be run.
    explicit ChildProcess(const ChildOptions& options);
    // Kills what still runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t id() const { return id_; }
    // To the whole group where it has one of its own.
    void signal(int number) const;

    // Of the program itself, once it has ended: its exit code, or 128 and the number of the signal that ended it.
    std::optional<int> exit_code() const;
    // The same after at most `patience`.
    std::optional<int> exit_code_within(std::chrono::milliseconds patience) const;

  private:
    pid_t id_ = -1;
    bool own_group_ = true;
};

}  // namespace cli
