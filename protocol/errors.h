#pragma once
// All the ways in which a client can break the protocol, in one table.

#include "protocol/decode_error.h"

namespace protocol::errors {

// Framing
inline constexpr DecodeError length_too_long{"MQTT-2.2.3.length_too_long",
                                             "The Remaining Length field has more than four bytes.",
                                             "Encode the length in at most four bytes of seven bits each.",
                                             {}};
inline constexpr DecodeError packet_too_large{
    "MQTT-2.2.3.packet_too_large",
    "The Remaining Length is larger than this connection may send.",
    "A client that is not provisioned yet, or has not sent CONNECT, may send small packets only; see the settings "
    "limits.max_packet_bytes and limits.anonymous_max_packet_bytes.",
    {}};
inline constexpr DecodeError truncated{
    "MQTT-2.2.3.truncated",
    "The packet ends before its contents do.",
    "The Remaining Length, or a length in front of a string, does not agree with the bytes that follow.",
    {}};
inline constexpr DecodeError trailing_bytes{
    "MQTT-2.2.3.trailing_bytes",
    "The packet has bytes after its last field.",
    "The Remaining Length must end where the last field ends; MQTT 5 fields are not part of MQTT 3.1.1.",
    {}};
inline constexpr DecodeError reserved_flags{
    "MQTT-2.2.2-2.reserved_flags", "The reserved flag bits of the fixed header are not 0.", {}, {}};
inline constexpr DecodeError bad_subscribe_flags{"MQTT-3.8.1-1.subscribe_flags",
                                                 "The fixed header flags of SUBSCRIBE are not 0010.",
                                                 "The first byte must be 0x82.",
                                                 {}};
inline constexpr DecodeError bad_unsubscribe_flags{"MQTT-3.10.1-1.unsubscribe_flags",
                                                   "The fixed header flags of UNSUBSCRIBE are not 0010.",
                                                   "The first byte must be 0xA2.",
                                                   {}};
inline constexpr DecodeError bad_disconnect_flags{"MQTT-3.14.1-1.disconnect_flags",
                                                  "The fixed header flags of DISCONNECT are not 0.",
                                                  "The first byte must be 0xE0.",
                                                  {}};

// Packets at the wrong time or in the wrong direction
inline constexpr DecodeError first_not_connect{
    "MQTT-3.1.0-1.first_not_connect", "The first packet of the connection is not CONNECT.", "Send CONNECT first.", {}};
inline constexpr DecodeError second_connect{"MQTT-3.1.0-2.second_connect",
                                            "CONNECT was sent a second time on one connection.",
                                            "Open a new connection to log in again.",
                                            {}};
inline constexpr DecodeError server_packet{
    "MQTT-4.8.0-1.server_packet", "The packet is one that only a server sends.", {}, {}};
inline constexpr DecodeError reserved_type{
    "MQTT-4.8.0-1.reserved_type", "The packet type is 0 or 15, which MQTT reserves.", {}, {}};
inline constexpr DecodeError qos2_packet{
    "R30.qos_2_packet",
    "PUBREC, PUBREL and PUBCOMP close the connection.",
    "Murano has no QoS 2 flow: it sends QoS 0 only and takes a QoS 2 PUBLISH as QoS 0. Publish with QoS 0 or 1.",
    {}};

// Strings and packet ids
inline constexpr DecodeError ill_formed_utf8{
    "MQTT-1.5.3-1.ill_formed_utf8",
    "A string is not well-formed UTF-8.",
    "Binary data belongs in payloads; surrogates and overlong forms are not UTF-8.",
    {}};
inline constexpr DecodeError null_character{"MQTT-1.5.3-2.null_character",
                                            "A string contains the character U+0000.",
                                            "Do not count the terminating zero of a C string as part of it.",
                                            {}};
inline constexpr DecodeError zero_packet_id{
    "MQTT-2.3.1-1.zero_packet_id", "The packet id is 0.", "Count packet ids from 1 to 65535.", {}};

// CONNECT
inline constexpr DecodeError connect_truncated{
    "MQTT-3.1.4-1.connect_truncated",
    "CONNECT ends before its contents do.",
    "Each flag that is set announces a field: Will Topic and Will Message, User Name, Password, in this order.",
    {}};
inline constexpr DecodeError connect_trailing_bytes{
    "MQTT-3.1.4-1.connect_trailing_bytes",
    "CONNECT has bytes after its last field.",
    "A field without its flag (Will, User Name, Password) is not part of the packet.",
    {}};
inline constexpr DecodeError bad_protocol_name{
    "MQTT-3.1.2-1.protocol_name", "The protocol name is not MQTT.", "Use MQTT 3.1.1: protocol name MQTT, level 4.", {}};
inline constexpr DecodeError mqtt5{"MQTT-3.1.2-2.mqtt_5", "The client asked for MQTT 5 (protocol level 5).",
                                   "Murano speaks MQTT 3.1.1: use level 4.", ConnackCode::unacceptable_protocol};
inline constexpr DecodeError bad_protocol_level{"MQTT-3.1.2-2.protocol_level", "The protocol level is not 4.",
                                                "Use MQTT 3.1.1: protocol name MQTT, level 4.",
                                                ConnackCode::unacceptable_protocol};
inline constexpr DecodeError reserved_connect_flag{
    "MQTT-3.1.2-3.reserved_connect_flag", "The reserved bit 0 of the connect flags is 1.", {}, {}};
inline constexpr DecodeError will_qos_without_will{
    "MQTT-3.1.2-13.will_qos_without_will",
    "Will QoS is not 0 although the Will flag is 0.",
    "Set the Will flag and send Will Topic and Will Message, or clear Will QoS.",
    {}};
inline constexpr DecodeError will_retain_without_will{"MQTT-3.1.2-15.will_retain_without_will",
                                                      "Will Retain is 1 although the Will flag is 0.",
                                                      "Set the Will flag, or clear Will Retain.",
                                                      {}};
inline constexpr DecodeError will_qos_3{"MQTT-3.1.2-14.will_qos_3", "Will QoS is 3.", "Use Will QoS 0, 1 or 2.", {}};
inline constexpr DecodeError password_without_username{
    "MQTT-3.1.2-22.password_without_username",
    "The Password flag is 1 although the User Name flag is 0.",
    "Set the User Name flag too and send an empty User Name before the token.",
    {}};
inline constexpr DecodeError empty_will_topic{"MQTT-4.7.3-1.empty_will_topic", "The Will Topic is empty.", {}, {}};
inline constexpr DecodeError wildcard_in_will_topic{"MQTT-4.7.1-1.wildcard_in_will_topic",
                                                    "The Will Topic contains a wildcard (+ or #).",
                                                    "Wildcards are for subscriptions only.",
                                                    {}};
inline constexpr DecodeError empty_client_id{
    "MQTT-3.1.3-8.empty_client_id", "The Client ID is empty although Clean Session is 0.",
    "Send a Client ID, or set Clean Session to 1.", ConnackCode::identifier_rejected};

// PUBLISH
inline constexpr DecodeError qos_3{"MQTT-3.3.1-4.qos_3", "PUBLISH has QoS 3.", "Use QoS 0 or 1.", {}};
inline constexpr DecodeError dup_with_qos_0{
    "R28.dup_with_qos_0",
    "PUBLISH has DUP 1 with QoS 0.",
    "DUP marks a repeat of a QoS 1 message; with QoS 0 it must be 0 [MQTT-3.3.1-2].",
    {}};
inline constexpr DecodeError empty_topic{"MQTT-4.7.3-1.empty_topic", "The topic is empty.", {}, {}};
inline constexpr DecodeError wildcard_in_topic{"MQTT-3.3.2-2.wildcard_in_topic",
                                               "The topic of PUBLISH contains a wildcard (+ or #).",
                                               "Wildcards are for subscriptions only.",
                                               {}};

// SUBSCRIBE and UNSUBSCRIBE
inline constexpr DecodeError no_subscribe_filter{
    "MQTT-3.8.3-3.no_filter", "SUBSCRIBE has no topic filter.", "Send at least one filter and its QoS.", {}};
inline constexpr DecodeError no_unsubscribe_filter{
    "MQTT-3.10.3-2.no_filter", "UNSUBSCRIBE has no topic filter.", "Send at least one filter.", {}};
inline constexpr DecodeError bad_requested_qos{
    "MQTT-3.8.3-4.requested_qos", "The QoS byte after a filter is not 0, 1 or 2.", "Its upper six bits must be 0.", {}};
inline constexpr DecodeError too_many_filters{"MQTT-4.8.0-1.too_many_filters",
                                              "The packet has more than 65535 topic filters.",
                                              "Send them in several packets.",
                                              {}};
inline constexpr DecodeError empty_filter{"MQTT-4.7.3-1.empty_filter", "A topic filter is empty.", {}, {}};
inline constexpr DecodeError misplaced_hash{"MQTT-4.7.1-2.misplaced_hash",
                                            "A topic filter has a # that is not alone in its last level.",
                                            "Use it like a/b/#.",
                                            {}};
inline constexpr DecodeError misplaced_plus{"MQTT-4.7.1-3.misplaced_plus",
                                            "A topic filter has + beside other characters in one level.",
                                            "Use it like a/+/b.",
                                            {}};

}  // namespace protocol::errors
