#include "server/verdict/check_table.h"

#include "server/verdict/checks/backoff_act.h"
#include "server/verdict/checks/certificate_act.h"
#include "server/verdict/checks/connect_watch.h"
#include "server/verdict/checks/content_act.h"
#include "server/verdict/checks/delivery_act.h"
#include "server/verdict/checks/downlink_act.h"
#include "server/verdict/checks/endure_act.h"
#include "server/verdict/checks/provisioning_act.h"
#include "server/verdict/checks/publish_watch.h"
#include "server/verdict/checks/recover_act.h"
#include "server/verdict/checks/robust_act.h"
#include "server/verdict/checks/session_act.h"
#include "server/verdict/checks/tls_watch.h"
#include "server/verdict/checks/traffic_watch.h"

#include <array>

namespace verdict {

namespace {

constexpr bool quick = true;

constexpr std::array rows = std::to_array<CheckRow>({
    {"TLS-01", "Handshakes use TLS 1.2 or newer", "R3a", quick, watch_tls_version},
    {"TLS-02", "Handshakes name the connector's host (SNI)", "R3", quick, watch_server_name},
    {"TLS-03", "Handshakes offer a cipher suite of the policy, and no broken ones", "R3a", quick, watch_cipher_suites},
    {"TLS-04", "It refuses the certificate of an unknown CA", "R3", quick, nullptr, act_untrusted_ca, "alone",
     "patience_s max_backoff_s"},
    {"TLS-05", "It refuses the certificate of another host name", "R3", quick, nullptr, act_wrong_name, "alone",
     "patience_s max_backoff_s"},
    {"TLS-06", "It refuses an expired certificate", "R3", quick, nullptr, act_expired, "alone",
     "patience_s max_backoff_s"},
    {"TLS-07", "It refuses a certificate that is not valid yet, and comes back", "R3", !quick, nullptr,
     act_not_yet_valid, "alone", "patience_s max_backoff_s"},
    {"TLS-08", "It completes a handshake with a large chain", "R3", !quick, nullptr, act_large_chain, "alone",
     "patience_s max_backoff_s"},
    {"TLS-09", "It reads records and segments of any size", "R3", !quick, nullptr, act_record_sizes, "alone",
     "patience_s max_backoff_s"},
    {"TLS-10", "It accepts a new key and certificate of the same CA", "R3", !quick, nullptr, act_rotated_key, "alone",
     "patience_s max_backoff_s"},
    {"TLS-11", "It gives up a handshake that is never answered", "verdict", !quick, nullptr, act_stalled_handshake,
     "alone", "patience_s max_backoff_s"},
    {"TLS-12", "The client certificate names the identity", "R58", !quick, watch_client_certificate},
    {"PRV-01", "Without a credential it only provisions", "R47, R48", !quick, watch_anonymous},
    {"PRV-02", "Provisioning requests are as the authentication type asks", "R48, R51", !quick, watch_provisioning},
    {"PRV-03", "It comes back with the credential that it got", "R52", !quick, nullptr, act_new_credential, "",
     "patience_s max_backoff_s reprovisions"},
    {"PRV-04", "Where the reply is lost, it asks again with a growing pause", "R50, R53", !quick, nullptr,
     act_lost_reply, "", "patience_s max_backoff_s reprovisions"},
    {"PRV-05", "It survives a power cut between the reply and its first login", "R52, R63", !quick, nullptr,
     act_cut_provisioning, "power_cycle", "patience_s max_backoff_s reprovisions"},
    {"PRV-06", "Revoked, it backs off, and provisions again", "R12, R63", !quick, nullptr, act_revoked, "",
     "patience_s max_backoff_s reprovisions"},
    {"CON-01", "CONNECT is as the authentication type asks", "R4, R10", quick, watch_connect},
    {"CON-02", "Refused by CONNACK, it backs off and sends nothing else", "MQTT-3.1.4-5", quick, nullptr,
     act_connack_refused, "", "patience_s max_backoff_s"},
    {"CON-03", "Without a CONNACK it gives up and backs off", "MQTT-3.1.4-4", quick, nullptr, act_no_connack, "",
     "patience_s max_backoff_s"},
    {"CON-04", "Dropped right after CONNACK, its backoff goes on", "verdict", !quick, nullptr, act_dropped_early, "",
     "patience_s max_backoff_s"},
    {"CON-05", "Refused or unanswered by TCP, it backs off and comes back", "verdict", quick, nullptr, act_tcp_refused,
     "alone", "patience_s max_backoff_s"},
    {"CON-06", "It comes back after an outage", "verdict", !quick, nullptr, act_outage, "alone",
     "patience_s max_backoff_s outage_s"},
    {"CON-07", "It waits for a CONNACK that comes late", "MQTT-3.1.4-5", !quick, nullptr, act_late_connack, "",
     "patience_s max_backoff_s"},
    {"KA-01", "Keep Alive is set, and PINGREQ comes in time", "MQTT-3.1.2-23", quick, watch_keep_alive, nullptr, "",
     "keep_alive_max_s"},
    {"KA-02", "Without a PINGRESP it gives up the connection", "MQTT-3.1.2-24", !quick, nullptr, act_no_pingresp, "",
     "keep_alive_patience_s"},
    {"KA-03", "It notices that nothing passes any more", "MQTT-3.1.2-24", quick, nullptr, act_black_hole, "",
     "patience_s keep_alive_patience_s"},
    {"KA-04", "It comes back when the server forgot its connection", "verdict", !quick, nullptr, act_forgotten, "",
     "max_backoff_s keep_alive_patience_s"},
    {"PUB-01", "Topics are known and aliases defined", "R37, R45a, R46", quick, watch_topics},
    {"PUB-02", "Values fit their formats", "R6, R40", quick, watch_values},
    {"PUB-03", "Batch timestamps are microseconds of a clock that is set", "R38", quick, watch_timestamps},
    {"PUB-04", "JSON within JSON is a string", "R40", !quick, watch_nested_json},
    {"PUB-05", "A report without a PUBACK comes again", "MQTT-4.4.0-1", quick, nullptr, act_lost_puback, "",
     "patience_s max_backoff_s"},
    {"PUB-06", "No PUBLISH has QoS 2", "R26", quick, watch_qos_2},
    {"PUB-07", "DUP marks repeats with QoS 1 only", "R27, R28, R30", quick, watch_dup},
    {"PUB-08", "No flag is set that has no effect", "R8, R9, R23", quick, watch_retain},
    {"PUB-09", "Reports that fall into an outage arrive afterwards", "R38", !quick, nullptr, act_stored_reports, "",
     "patience_s max_backoff_s outage_s"},
    {"PUB-10", "It endures a slow network", "verdict", !quick, nullptr, act_slow_network, "",
     "patience_s max_backoff_s"},
    {"RX-01", "It takes a value right after CONNACK, unasked", "R31, R41", quick, nullptr, act_set_at_connect, "",
     "patience_s max_backoff_s setting_alias setting_values"},
    {"RX-02", "It applies the newest value that was set while it was away", "R42", !quick, nullptr, act_set_while_away,
     "", "patience_s max_backoff_s setting_alias setting_values"},
    {"RX-03", "A refused subscription is not asked for in a loop", "MQTT-3.9.3-2", !quick, nullptr,
     act_refused_subscription, "", "patience_s max_backoff_s"},
    {"RX-04", "It ends at the last value, whatever happened to those before", "R41, R42", !quick, nullptr,
     act_disturbed_downlinks, "", "patience_s max_backoff_s setting_alias setting_values"},
    {"RX-05", "It takes values of any size, or drops them cleanly", "R6", !quick, nullptr, act_downlink_sizes, "",
     "patience_s"},
    {"RX-06", "It reads packets in segments of any size", "verdict", quick, nullptr, act_segments, "", "patience_s"},
    {"RX-07", "It ignores what it does not know", "R45a", !quick, nullptr, act_unknown_downlinks, "", "patience_s"},
    {"SES-01", "It subscribes again where its session was lost", "R19, MQTT-3.2.2-2", !quick, nullptr, act_lost_session,
     "", "patience_s max_backoff_s"},
    {"SES-02", "The ClientID stays the same with Clean Session 0", "R19, R20", !quick, watch_client_id},
    {"SES-03", "It comes back and subscribes after 25 hours", "R18, R18a", !quick, nullptr, act_old_session, "",
     "patience_s max_backoff_s"},
    {"SES-04", "It does not fight a peer for its connection", "R22", !quick, nullptr, act_taken_over, "", ""},
    {"SES-05", "It subscribes again only where the session is new", "MQTT-3.1.2-4", !quick, watch_resubscription},
    {"CNT-01", "It takes lists of content of any length", "R60", !quick, nullptr, act_content_lists, "",
     "patience_s max_backoff_s"},
    {"CNT-02", "It fetches content whole, and takes nothing damaged", "R61", !quick, nullptr, act_damaged_content, "",
     "patience_s max_backoff_s content_bytes"},
    {"CNT-03", "A download that was cut goes on after a pause", "R61", !quick, nullptr, act_cut_download, "",
     "patience_s max_backoff_s content_bytes"},
    {"CNT-04", "A download that is refused is not asked for at once", "R61", !quick, nullptr, act_refused_download, "",
     "patience_s max_backoff_s content_bytes"},
    {"CNT-05", "It keeps its connection in a slow download", "MQTT-3.1.2-23", !quick, nullptr, act_slow_download, "",
     "patience_s max_backoff_s content_bytes"},
    {"CNT-06", "It survives a power cut in a download", "verdict", !quick, nullptr, act_powerless_download,
     "power_cycle", "patience_s max_backoff_s content_bytes"},
    {"ROB-01", "It survives malformed packets", "MQTT-4.8.0-1", !quick, nullptr, act_malformed, "",
     "patience_s max_backoff_s"},
    {"ROB-02", "It survives packets with random bits flipped", "MQTT-4.8.0-1", !quick, nullptr, act_random_corruptions,
     "", "patience_s max_backoff_s corruptions duration_s seed"},
    {"ROB-03", "It survives a power cut in the middle of a report", "verdict", !quick, nullptr, act_powerless_report,
     "power_cycle", "patience_s max_backoff_s"},
    {"PKT-01", "Packet ids are valid and free, and QoS 0 is not acknowledged", "MQTT-2.3.1-1", quick, watch_packet_ids},
    {"DOS-01", "It does not flood the server", "verdict", quick, watch_flood},
});

}  // namespace

std::span<const CheckRow> check_table() {
    return rows;
}

std::string_view group_of(std::string_view id) {
    return id.substr(0, id.find('-'));
}

}  // namespace verdict
