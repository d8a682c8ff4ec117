#include "server/device/on_connect.h"

#include "server/core/connector.h"

namespace device {
namespace {

constexpr About about_connect{"CONNECT", std::nullopt, {}};

murano::Finding no_connector(std::string_view connector) {
    return {"R3.no_connector", journal::Severity::violation,
            "There is no connector \"" + std::string(connector) + "\".",
            "Create it in the settings file or by the control API, or set auto_create_connectors to true."};
}

murano::Finding plain_without_devmode() {
    return {"R1.plain_without_devmode", journal::Severity::violation,
            "The device port without TLS serves only connectors with protocol.devmode true.",
            "Connect with TLS, or set protocol.devmode of this connector to true."};
}

murano::Finding old_protocol() {
    return {"R4.mqtt_3_1", journal::Severity::violation,
            "The client asked for MQTT 3.1 (protocol name MQIsdp, level 3); nothing else was wrong with its CONNECT.",
            "Use MQTT 3.1.1: protocol name MQTT, level 4."};
}

constexpr std::size_t longest_identity = 255;  // bytes [R49]

// Paho C and C++ try so after any refusal, and report the code of this try. [D21]
constexpr std::string_view second_try = " This was the second try of the client, as MQTT 3.1 (MQIsdp).";

murano::Finding anonymous_will() {
    return {"R15.anonymous_will", journal::Severity::warning, "The Will of an anonymous client is dropped.",
            "Send the Will with the CONNECT that carries the credential."};
}

murano::Finding will_qos_note() {
    return {"R8.will_qos", journal::Severity::info, "Will QoS 1 or 2 is taken as 0.",
            "Send Will QoS 0; nothing is lost by it."};
}

murano::Finding will_retain_note() {
    return {"R9.will_retain", journal::Severity::info, "Will Retain is ignored: Murano has no retained messages.",
            "Send Will Retain 0; the values of resources are kept anyway."};
}

}  // namespace

Logins::Verdict Logins::judge(Connector& connector, const murano::LoginFields& fields,
                              const Rare<PeerCertificate>& certificate, std::string_view ip, std::int64_t now_us) {
    const auto& settings = connector.settings;
    std::optional<murano::ShownCertificate> shown;
    if (certificate) {
        const auto& ca = settings.pki.client_ca.empty() ? settings.protocol.client_ca : settings.pki.client_ca;
        const bool chains = settings.pki.enabled && parts_.context.certificates.chains_to(
                                                        certificate->pem + certificate->chain_pem, ca, now_us);
        shown = {certificate->common_name,
                 certificate->fingerprint,
                 certificate->not_before_us,
                 certificate->not_after_us,
                 chains,
                 certificate->name_fault};
    }
    using Step = murano::LoginPlan::Step;
    const auto plan = murano::plan_login(fields, shown, settings.provisioning.auth_type);
    Device* device = nullptr;
    if (plan.step == Step::by_token) device = parts_.table.find_by_token(connector, plan.key);
    if (plan.step == Step::by_identity || plan.step == Step::by_certificate) {
        device = parts_.table.find(connector, plan.key);
    }
    std::optional<murano::StoredIdentity> stored;
    std::optional<PeerCertificate> kept;
    if (device != nullptr) {
        const auto& row = device->row;
        std::string error;
        if (row.auth_type == "certificate") kept = parts_.context.certificates.describe(row.key, error);
        stored = {row.identity, auth_type_of(row), row.key,         kept ? std::string_view(kept->fingerprint) : "",
                  row.locked,   row.expired,       row.reprovision, row.expire_us};
    }
    // Only a certificate makes an identity at CONNECT. [R58]
    const bool full = certificate && device == nullptr && parts_.table.room_for_identities(connector) == 0;
    return {murano::judge_login(plan, stored, {settings, connector.ip_allowed, ip, now_us, full}), device};
}

bool Logins::refuse(Link& link, const protocol::Connect& connect, std::uint8_t code, const murano::Finding& finding,
                    const runtime::Now& now, std::string_view claimed) {
    parts_.hidden.learn(link.client, connect);
    auto told = finding;
    if (connect.second_try()) told.message += second_try;  // [D21]
    if (claimed.size() > longest_identity) claimed = {};   // nobody's
    parts_.recorder.finding(link.client, told, now, {"CONNECT", std::nullopt, {}, claimed});
    link.peer.send(outgoing::Connack{false, static_cast<protocol::ConnackCode>(code)}, parts_.context.commits.gate());
    return false;
}

bool Logins::refuse_login(Link& link, Connector& connector, const protocol::Connect& connect,
                          const murano::LoginRefused& refused, const runtime::Now& now) {
    const murano::LoginFields fields{connect.client_id, connect.username, connect.password};
    const auto name = connect.username.value_or("");
    const auto* named = name.empty() ? nullptr : parts_.table.find(connector, name);
    const auto miss = refused.connack == 4 ? parts_.doubts.look(connector, fields, named) : std::nullopt;
    if (!miss) return refuse(link, connect, refused.connack, refused.finding, now, name);
    return refuse(link, connect, refused.connack, murano::with_near_miss(refused.finding, *miss), now, miss->identity);
}

bool Logins::connect(Link& link, const protocol::Connect& connect, const runtime::Now& now) {
    link.client_id = connect.client_id;
    link.clean_session = connect.clean_session;
    auto* connector = parts_.table.find_or_make_connector(link.facts.connector);
    if (connector == nullptr) return refuse(link, connect, 5, no_connector(link.facts.connector), now);
    if (!link.facts.tls && !connector->settings.protocol.devmode) {
        return refuse(link, connect, 5, plain_without_devmode(), now);
    }
    const auto verdict = judge(*connector, {connect.client_id, connect.username, connect.password},
                               link.facts.certificate, link.facts.ip, now.wall_us);
    if (const auto* refused = std::get_if<murano::LoginRefused>(&verdict.login)) {
        note_names(link, connect, now);
        return refuse_login(link, *connector, connect, *refused, now);
    }
    if (connect.second_try()) return refuse(link, connect, 1, old_protocol(), now, connect.username.value_or(""));
    link.client.connector = connector;
    if (const auto* accepted = std::get_if<murano::LoginAccepted>(&verdict.login)) {
        link.client.device = verdict.device;
        if (accepted->certificate_renewed) link.client.device->row.key = link.facts.certificate->pem;  // [R58]
        parts_.hidden.learn_own(link.client, link.client_id);
        note_login(link, accepted->note, now);
    } else if (const auto* provisions = std::get_if<murano::LoginProvisions>(&verdict.login)) {
        link.client.device =
            &parts_.provisioner.with_certificate(link.client, provisions->identity, link.facts.certificate->pem, now);
        note_login(link, provisions->note, now);
    } else {
        parts_.hidden.learn(link.client, connect);
        note_login(link, std::get<murano::LoginAnonymous>(verdict.login).note, now);
    }
    note_names(link, connect, now);
    accept(link, connect, now);
    return true;
}

// [R58] Where the certificate decides, that is without a Password. [R10]
void Logins::note_names(Link& link, const protocol::Connect& connect, const runtime::Now& now) {
    const auto& shown = link.facts.certificate;
    if (!shown || shown->common_names < 2 || !connect.password.value_or("").empty()) return;
    note_login(link, murano::several_common_names(shown->common_names, shown->common_name), now);
}

void Logins::note_login(Link& link, const std::optional<murano::Finding>& note, const runtime::Now& now) {
    if (note) parts_.recorder.finding(link.client, *note, now, about_connect);
}

// The same non-empty ClientID of the same device again: the older connection goes. [R22]
void Logins::displace(Link& link, const runtime::Now& now) {
    if (link.client.device == nullptr || link.client_id.empty()) return;
    const auto links = link.client.device->links;
    for (auto* older : links) {
        if (older->client_id != link.client_id) continue;
        auto& takeovers = link.client.device->takeovers;
        if (!takeovers) takeovers = std::make_unique<murano::Takeovers>();
        const auto fight = takeovers->note(link.client_id, older->facts.ip, link.facts.ip, now.real_us);
        if (fight) parts_.recorder.finding(link.client, *fight, now, about_connect);
        parts_.lifecycle.close(*older, CloseReason::taken_over, now);
    }
}

void Logins::keep_will(Link& link, const protocol::Connect& connect, const runtime::Now& now) {
    if (!connect.will) return;
    if (link.anonymous()) {
        parts_.recorder.finding(link.client, anonymous_will(), now, about_connect);
        return;
    }
    if (connect.will->qos > 0) parts_.recorder.finding(link.client, will_qos_note(), now, about_connect);
    if (connect.will->retain) parts_.recorder.finding(link.client, will_retain_note(), now, about_connect);
    link.will = Will{std::string(connect.will->topic), std::string(connect.will->payload)};
}

void Logins::accept(Link& link, const protocol::Connect& connect, const runtime::Now& now) {
    displace(link, now);
    link.state = Link::State::connected;
    link.connected_us = now.wall_us;
    link.client.connector->links.insert(&link);
    bool resumed = false;
    parts_.recorder.event(link.client, journal::EventType::connect, now);
    if (link.client.device != nullptr) {
        auto& row = link.client.device->row;
        link.client.device->links.push_back(&link);
        row.last_ip = link.facts.ip;
        row.last_seen_us = now.wall_us;
        row.devmode = !link.facts.tls;  // [R1]
        parts_.table.keep_identity(*link.client.device);
        resumed = parts_.sessions.begin(link, now.wall_us);
    }
    keep_will(link, connect, now);
    link.peer.send(outgoing::Connack{resumed}, parts_.context.commits.gate());  // [MQTT-3.2.0-1]
    if (link.client.device != nullptr) parts_.state.send_unacknowledged(link, now);
    parts_.context.log.info("device connected", {{"connection", link.facts.connection_id},
                                                 {"connector", link.client.connector->id},
                                                 {"identity", Recorder::subject_of(link.client).identity},
                                                 {"client_id", without_hidden(link.client, link.client_id)},
                                                 {"address", link.facts.ip},
                                                 {"tls", link.facts.tls_version},
                                                 {"session_present", resumed},
                                                 {"keep_alive_s", connect.keep_alive_s}});
}

std::string Logins::claimed_identity(const Link& link, const protocol::Connect& connect, const runtime::Now& now) {
    if (auto* connector = parts_.table.find_connector(link.facts.connector)) {
        const auto verdict = judge(*connector, {connect.client_id, connect.username, connect.password},
                                   link.facts.certificate, link.facts.ip, now.wall_us);
        if (verdict.device != nullptr) return verdict.device->row.identity;
        if (const auto* made = std::get_if<murano::LoginProvisions>(&verdict.login)) return std::string(made->identity);
    }
    return std::string(connect.username.value_or(""));
}

std::optional<std::string> Logins::authenticate(const HttpCredential& credential, const runtime::Now& now) {
    auto* connector = parts_.table.find_connector(credential.connector);
    if (connector == nullptr) return std::nullopt;
    murano::LoginFields fields;
    if (!credential.token.empty()) {
        fields.username = "";
        fields.password = credential.token;
    } else if (!credential.password.empty()) {
        fields.username = credential.user;
        fields.password = credential.password;
    }
    std::optional<PeerCertificate> certificate;
    std::string error;
    if (!credential.certificate_pem.empty()) {
        certificate = parts_.context.certificates.describe(credential.certificate_pem, error);
    }
    const auto verdict = judge(*connector, fields, certificate, {}, now.wall_us);
    if (!std::holds_alternative<murano::LoginAccepted>(verdict.login)) return std::nullopt;
    return verdict.device->row.identity;
}

}  // namespace device
