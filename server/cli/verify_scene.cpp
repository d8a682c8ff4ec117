#include "server/cli/verify_scene.h"

#include "server/cli/name_lookup.h"
#include "server/cli/places.h"
#include "server/runtime/random.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <ostream>
#include <stdexcept>

#include <stdlib.h>
#include <unistd.h>

namespace cli {
namespace {

using config::JsonNode;

constexpr std::chrono::seconds hook_patience{120};

std::filesystem::path temporary_folder() {
    auto name = (std::filesystem::temp_directory_path() / "murano-verify-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder " + name);
    return name;
}

// A name of Exosite's may lead to Exosite: it must be this server's.
bool leads_to(const std::string& host, const std::string& server) {
    const auto places = look_up(server).addresses;
    return std::ranges::any_of(places, [&](const std::string& place) { return name_leads_to(host, place); });
}

std::string host_of_url(const std::string& url) {
    const auto scheme = url.find("://");
    const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
    const auto end = url.find_first_of(":/", begin);
    return url.substr(begin, end - begin);
}

}  // namespace

VerifyScene::VerifyScene(ClientOptions options, const VerifyRequest& request)
    : options_(std::move(options)), request_(request) {
    if (!request_.device_command.empty()) folder_ = temporary_folder();
    if (!request_.device_command.empty() && !options_.url_named) {
        server_.emplace(OwnServer::Options{{"--log-level", "warn"}});
        options_.url = server_->place().api;
        options_.unready.clear();
        ca_ = server_->place().ca;
    }
    api_ = std::make_unique<ApiClient>(options_);
}

VerifyScene::~VerifyScene() {
    device_.reset();
    server_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

void VerifyScene::prepare(std::ostream& err) {
    connector_ = connector_for_identity(*api_, request_.identity);
    if (request_.device_command.empty()) return;
    find_ports();
    find_host(err);
    if (request_.device_command.find("MURANO_TOKEN") != std::string::npos) token_ = token();
}

// The certificate authority is a file, for whatever TLS library the device has.
void VerifyScene::find_ports() {
    const auto settings = api_->get_json(service_path(connector_, "/device2"));
    host_ = text_of(settings, "fqdn");
    const auto colon = host_.find(':');
    port_ = colon == std::string::npos ? "443" : host_.substr(colon + 1);
    host_.resize(std::min(colon, host_.size()));
    address_ = host_of_url(options_.url);
    if (!ca_.empty()) return;
    ca_ = (folder_ / "ca.crt").string();
    std::ofstream(ca_, std::ios::binary) << api_->get("/_emulator/v1/ca.crt");
}

void VerifyScene::find_host(std::ostream& err) {
    if (leads_to(host_, address_)) return;
    ClientOptions any = options_;
    any.own.erase("--connector");
    ApiClient undecided(any);
    if (connector_for_item(undecided) == connector_) {
        err << "MURANO_HOST is localhost: " << host_ << " does not lead to this server here, and " << connector_
            << " is the default connector.\n";
        host_ = "localhost";
    } else {
        err << host_ << " does not lead to this server here: let the device connect to MURANO_ADDRESS (" << address_
            << ") with that name for TLS, or add it to /etc/hosts.\n";
    }
}

// The device's own where it has one.
std::string VerifyScene::token() {
    const auto secret = emulator_identity_path(connector_, request_.identity, "/secret");
    if (api_->exists(secret)) {
        const auto known = api_->get_json(secret);
        if (text_of(known, "type") == "token") return text_of(known, "key");
    }
    auto fresh = runtime::Random::from_system().alphanumeric(40);
    JsonNode auth = JsonNode::object({{"type", JsonNode::of("token")}, {"key", JsonNode::of(std::string_view(fresh))}});
    api_->send("PUT", identity_path(connector_, request_.identity), JsonNode::object({{"auth", std::move(auth)}}));
    return fresh;
}

Variables VerifyScene::variables() const {
    return {{"MURANO_HOST", host_},   {"MURANO_ADDRESS", address_},     {"MURANO_PORT", port_},
            {"MURANO_CA", ca_},       {"MURANO_CONNECTOR", connector_}, {"MURANO_IDENTITY", request_.identity},
            {"MURANO_TOKEN", token_}, {"MURANO_API", options_.url}};
}

void VerifyScene::start_device() {
    if (request_.device_command.empty()) return;
    device_.reset();
    device_.emplace(in_a_shell(request_.device_command));
}

std::string VerifyScene::answer(const std::string& hook) {
    const auto& command = request_.hooks.at(hook);
    if (command.empty()) {
        start_device();
        return {};
    }
    const ChildProcess process(in_a_shell(command));
    const auto code = process.exit_code_within(hook_patience);
    if (!code) return "no end within 120 s of: " + command;
    return code == 0 ? std::string() : "exit code " + std::to_string(*code) + " of: " + command;
}

std::optional<int> VerifyScene::device_ended() {
    const auto code = device_ ? device_->exit_code() : std::nullopt;
    if (code) device_.reset();
    return code;
}

// What it writes goes to standard error: standard output is the report's.
ChildOptions VerifyScene::in_a_shell(const std::string& command) const {
    return {.command = {"/bin/sh", "-c", command}, .variables = variables(), .output = STDERR_FILENO};
}

}  // namespace cli
