#pragma once
// Mistakes in a configuration, reported so that its author finds the place and knows what to write instead.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace config {

struct Problem {
    std::string source;  // file name, "--api", "MURANO_EMULATOR_API"; empty: known from the context (a request's body)
    std::size_t line = 0;    // from 1, 0: no position
    std::size_t column = 0;  // from 1, in characters
    std::string path;        // "connectors.local.provisioning.auth_type"; empty: the whole
    std::string message;     // what is there and what is allowed; never a secret
    bool operator==(const Problem&) const = default;
};

// `settings.jsonc:12:5: listen.api: …`, as far as known.
std::string to_string(const Problem& problem);

// Collects instead of stopping at the first, but no more than a person reads.
class Problems {
  public:
    static constexpr std::size_t most = 20;

    void error(Problem problem);
    void warning(Problem problem);

    bool ok() const { return errors_.empty(); }
    // False: another one is only counted, so its text is not needed.
    bool wants_errors() const { return errors_.size() < most; }
    bool wants_warnings() const { return warnings_.size() < most; }
    const std::vector<Problem>& errors() const& { return errors_; }
    const std::vector<Problem>& warnings() const& { return warnings_; }
    std::size_t errors_left_out() const { return errors_left_out_; }
    std::size_t error_count() const { return errors_.size() + errors_left_out_; }

    // One line each; errors only.
    std::string error_text() const;

  private:
    std::vector<Problem> errors_;
    std::vector<Problem> warnings_;
    std::size_t errors_left_out_ = 0;
};

struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

// Line and column of a byte offset in UTF-8 text; beyond the end: the end.
Position position_of(std::string_view text, std::size_t offset);

}  // namespace config
