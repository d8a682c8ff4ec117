#pragma once
// The ways in which a command fails; run_client_command() turns them into exit codes.

#include <stdexcept>
#include <string>
#include <utility>

namespace cli {

// The action failed, or the server could not be asked. Exit code 1.
class CommandFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// A program that the command should run could not be started. Exit code 127 if it does not exist, else 126, as in
// shells.
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

// The awaited event did not happen. Exit code 3.
class WaitRanOut : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// An unsuccessful answer of the server. 400: bad usage (exit code 2); others: exit code 1.
class Refused : public CommandFailed {
  public:
    Refused(unsigned status, std::string path, const std::string& message)
        : CommandFailed(message), status_(status), path_(std::move(path)) {}

    unsigned status() const { return status_; }
    // The part of the request with the mistake, in the server's words: "?limit", "$.match.type"; may be empty.
    const std::string& path() const { return path_; }

  private:
    unsigned status_;
    std::string path_;
};

}  // namespace cli
