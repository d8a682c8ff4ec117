#include "server/cli/doctor.h"

#include "certs/error.h"
#include "server/cli/device_process.h"
#include "server/cli/name_lookup.h"
#include "server/cli/text_table.h"
#include "server/cli/tls_probe.h"
#include "server/report/words.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace cli {
namespace {

using config::JsonNode;

constexpr std::chrono::milliseconds patience{5'000};
constexpr std::size_t most_findings = 8;

// What is found out on the way.
class Examination {
  public:
    explicit Examination(Patient patient) : patient_(std::move(patient)), api_(without_ready_check()) {}

    std::vector<Diagnosis> all() {
        add(clock_diagnosis(std::time(nullptr)));
        if (server() && access()) {
            emulator_clock();
            device_port();
            findings();
        }
        return std::move(found_);
    }

  private:
    ApiClient without_ready_check() const {
        auto options = patient_.options;
        options.unready.clear();
        return ApiClient(options);
    }

    void add(Diagnosis diagnosis) { found_.push_back(std::move(diagnosis)); }
    void good(std::string check, std::string message) { add({Health::good, std::move(check), std::move(message)}); }
    bool wrong(std::string check, std::string message, std::string remedy) {
        add({Health::wrong, std::move(check), std::move(message), std::move(remedy)});
        return false;
    }

    bool server();
    bool access();
    void emulator_clock();
    void device_port();
    std::string name();
    bool handshake(TlsProbe& probe, const TlsTarget& target);
    void login(TlsProbe& probe);
    void findings();
    std::string newest_cursor();
    void tell_findings(const std::string& query, const std::string& check);

    Patient patient_;
    ApiClient api_;
    std::vector<Diagnosis> found_;
};

bool Examination::server() {
    const auto& options = patient_.options;
    const std::string start = "Start one with \"murano-emulator serve\", or name another with --url or --ready-file.";
    if (!options.unready.empty()) return wrong("server", options.unready, start);
    try {
        const auto answer = http_call(api_.server(), {"GET", "/_emulator/v1/health"}, patience);
        const auto parsed = config::parse_json(answer.body, config::JsonDialect::strict);
        if (!parsed.root || !parsed.root->is(JsonNode::Kind::object)) {
            return wrong("server", "what answers at " + options.url + " is not murano-emulator",
                         "Another program, or a proxy, has this port: name the server's with --url.");
        }
        if (!answer.good()) {
            return wrong("server", "the server at " + options.url + " is not ready: " + printable(answer.body),
                         "Read its log.");
        }
    } catch (const std::runtime_error& error) {
        return wrong("server", "no server answers at " + options.url + ": " + error.what(), start);
    }
    good("server", "it answers at " + options.url);
    return true;
}

bool Examination::access() {
    try {
        default_connector(api_);
        if (patient_.ca_pem.empty()) patient_.ca_pem = api_.get("/_emulator/v1/ca.crt");
        return true;
    } catch (const Refused& refused) {
        return wrong("api token", refused.what(), "Give the server's token with --api-token.");
    }
}

void Examination::emulator_clock() {
    const auto clock = api_.get_json("/_emulator/v1/clock");
    const auto offset = text_of(clock, "offset_us");
    if (offset.empty() || offset == "0") return;
    add({Health::note, "clock", "the emulator's clock is moved: it is at " + time_text(text_of(clock, "now_us")),
         "Tokens, sessions and links age by it. \"murano-emulator clock reset\" makes it real time again."});
}

// The address to connect to; empty: nowhere.
std::string Examination::name() {
    const auto& host = patient_.device_host;
    if (is_ip_address(host)) {
        add({Health::note, "name", host + " is an address: a device that connects to it sends no host name (SNI)",
             "Connect to <connector>.m2.exosite.io, or to localhost, and lead that name here."});
        return host;
    }
    const auto found = look_up(host);
    if (found.error.empty()) {
        good("name", host + " leads to " + found.addresses.front());
        return found.addresses.front();
    }
    wrong("name", host + " leads nowhere from here: " + found.error,
          "Add a line to /etc/hosts (or a record to your DNS, an alias to compose): " + patient_.server_address + " " +
              host);
    return patient_.server_address;
}

void Examination::device_port() {
    const auto address = name();
    const TlsTarget target{address, patient_.device_port, patient_.device_host, patient_.ca_pem};
    try {
        TlsProbe probe(target, patience);
        const bool well = handshake(probe, target);
        if (well && !patient_.token.empty()) {
            login(probe);
        } else if (probe.connected()) {
            probe.log_in({});  // a connection without a CONNECT would be a finding of its own
        }
    } catch (const certs::Error& error) {
        wrong("ca", std::string("the file of --ca has no certificate: ") + error.what(),
              "Give the device the certificate in PEM form: murano-data/certs/ca.crt.");
    }
}

bool Examination::handshake(TlsProbe& probe, const TlsTarget& target) {
    const auto place = target.address + ":" + target.port;
    const auto& said = probe.error();
    const auto ca_file = "Give the device the server's ca.crt (murano-data/certs/ca.crt, or " + patient_.options.url +
                         "/_emulator/v1/ca.crt).";
    switch (probe.end()) {
        case TlsEnd::unreachable:
            return wrong("port", "nothing can be reached at " + place + ": " + said,
                         "Does the server listen there (--mqtts, ready file)? In a container, is the port published "
                         "(-p 8883:8883)? Is a firewall in between?");
        case TlsEnd::no_handshake:
            return wrong("tls", "the TLS handshake with " + place + " failed: " + said,
                         "A handshake without a host name (SNI) is refused; a port of --mqtt has no TLS.");
        case TlsEnd::unknown_name:
            return wrong("tls", "the server refuses the name " + target.name + ": it means no connector",
                         "See \"murano-emulator connector list\"; auto_create_connectors makes unknown ones.");
        case TlsEnd::untrusted:
            return wrong("tls",
                         "the certificate at " + place + " is not signed by the trusted authority: its issuer is \"" +
                             printable(probe.issuer()) + "\" (" + said + ")",
                         ca_file + " Where the issuer is not the emulator's, another server or a proxy answers there.");
        case TlsEnd::wrong_name:
            return wrong("tls", "the certificate at " + place + " is not for " + target.name + " (" + said + ")",
                         "Connect by the name that the certificate has, or lead that name to the emulator.");
        case TlsEnd::not_valid_now:
            return wrong("tls", "the certificate at " + place + " is not valid now (" + said + ")",
                         "Set the clock of the device (NTP) before it connects.");
        case TlsEnd::good:
            break;
    }
    good("port", place + " can be reached");
    good("tls", "the certificate for " + target.name + " is signed by the trusted authority");
    return true;
}

std::string Examination::newest_cursor() {
    constexpr std::string_view nothing = R"({"match":{},"count":{"exactly":0},"within_ms":0})";
    const auto answer = http_call(api_.server(), {"POST", "/_emulator/v1/wait", std::string(nothing)}, patience);
    check(answer);
    return text_of(parse_answer(answer.body), "next");
}

void Examination::login(TlsProbe& probe) {
    const auto since = newest_cursor();
    const auto code = probe.log_in(patient_.token);
    if (code == 0) return good("token", "the server accepts it");
    wrong("token",
          code ? "the server answers the CONNECT with code " + std::to_string(*code)
               : std::string("the server ended the connection after the CONNECT"),
          "Provision again, or give the device a token: murano-emulator identity add ID --token TOKEN.");
    tell_findings("&since=" + since, "token");
}

// What devices have met so far: the server knows more about it than can be seen from here.
void Examination::findings() {
    tell_findings("", "device");
}

void Examination::tell_findings(const std::string& query, const std::string& check) {
    const auto report = api_.get_json("/_emulator/v1/report?format=json" + query);
    const auto* entries = report.find("findings");
    if (entries == nullptr) return;
    std::size_t told = 0;
    for (auto entry = entries->items.rbegin(); entry != entries->items.rend() && told < most_findings; ++entry) {
        if (text_of(*entry, "severity") == "info") continue;
        const auto who = text_of(*entry, "identity");
        const auto times = text_of(*entry, "count");
        add({Health::note, check,
             (who.empty() ? std::string() : printable(who) + ": ") + printable(text_of(*entry, "message")) + " (" +
                 report::code_of(*entry) + (times == "1" ? "" : ", " + times + " times") + ")",
             printable(text_of(*entry, "hint"))});
        ++told;
    }
}

}  // namespace

std::vector<Diagnosis> examine(Patient patient) {
    return Examination(std::move(patient)).all();
}

Diagnosis clock_diagnosis(std::int64_t now_s) {
    constexpr std::int64_t year_2025_s = 1'735'689'600;
    const auto shown = time_text(std::to_string(now_s * 1'000'000));
    if (now_s >= year_2025_s) return {Health::good, "clock", "this machine is at " + shown};
    return {Health::wrong, "clock", "this machine is at " + shown + ": certificates are not yet valid then",
            "Set the clock, of the device too (NTP), before TLS is used."};
}

}  // namespace cli
