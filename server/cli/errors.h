#pragma once
// How a command ends that did not do what was asked; run_client_command() makes the exit code of it.

#include <stdexcept>
#include <string>
#include <utility>

namespace cli {

// What could not be done, or why the server could not be asked. Exit code 1.
class CommandFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// A program that a command was told to run could not be started. Exit code 127 when there is none, else 126, as shells
// have it.
class StartFailed : public CommandFailed {
  public:
    StartFailed(const std::string& message, int exit_code) : CommandFailed(message), exit_code_(exit_code) {}

    int exit_code() const { return exit_code_; }

  private:
    int exit_code_;
};

// Exit code 2, and a pointer to --help.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// What was waited for did not happen. Exit code 3.
class WaitRanOut : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// An answer of the server that is no success. 400: what was typed is wrong (exit code 2); others: exit code 1.
class Refused : public CommandFailed {
  public:
    Refused(unsigned status, std::string path, const std::string& message)
        : CommandFailed(message), status_(status), path_(std::move(path)) {}

    unsigned status() const { return status_; }
    // Where in the request the mistake is, as the server names it: "?limit", "$.match.type"; may be empty.
    const std::string& path() const { return path_; }

  private:
    unsigned status_;
    std::string path_;
};

}  // namespace cli
