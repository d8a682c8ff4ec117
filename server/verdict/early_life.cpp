#include "server/verdict/early_life.h"

#include <algorithm>

namespace verdict {

namespace {

constexpr std::size_t longest_text = 255;
constexpr std::size_t most_suites = 256;

std::string cut(std::string_view text) {
    return std::string(text.substr(0, longest_text));
}

}  // namespace

void EarlyLife::keep(const Observation& observation) {
    if (const auto* accepted = std::get_if<Accepted>(&observation.seen); accepted && !accepted_)
        accepted_ = Note{observation.at, cut(accepted->local_address)};
    if (const auto* done = std::get_if<HandshakeDone>(&observation.seen); done && !done_) {
        done_ = Note{observation.at, cut(done->client_certificate_cn)};
        version_ = done->version;
    }
    if (const auto* failed = std::get_if<HandshakeFailed>(&observation.seen); failed && !failed_)
        failed_ = Note{observation.at, cut(failed->why)};
    const auto* hello = std::get_if<ClientHello>(&observation.seen);
    if (!hello || hello_) return;
    hello_ = Note{observation.at, cut(hello->server_name.value_or(""))};
    with_server_name_ = hello->server_name.has_value();
    best_version_ = hello->best_version;
    suite_of_policy_ = hello->suite_of_policy;
    const auto kept = hello->suites.first(std::min(most_suites, hello->suites.size()));
    suites_.assign(kept.begin(), kept.end());
}

ClientHello EarlyLife::hello() const {
    ClientHello hello;
    if (with_server_name_) hello.server_name = hello_->text;
    hello.best_version = best_version_;
    hello.suites = suites_;
    hello.suite_of_policy = suite_of_policy_;
    return hello;
}

}  // namespace verdict
