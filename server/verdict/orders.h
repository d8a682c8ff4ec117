#pragma once
// What a run asks of the server around it. Plain values; any thread. Orders are carried out at once and in their order;
// one that cannot be is answered by OrderFailed.

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace verdict {

// A fault of faults.md as a JSON object, without its name and without whom it strikes: the run adds both.
struct Arm {
    std::string fault;
};
// All faults of this run end.
struct Disarm {};
// The device's connections are reset, so that it has to come back.
struct Disconnect {};
// "power_cycle", "report", "provision", "update": answered by HookAnswered.
struct CallHook {
    std::string name;
};
// As the cloud would set it, settable or not is the server's to say: also while the device is away, then it comes at
// its next connect. [R41, R42]
struct SetValue {
    std::string alias;
    std::string text;  // the raw value; for a number or a boolean its text
};
// QoS 0, as the cloud would send it, to each open connection of the device. Any topic: an unknown alias and `$content`
// too. Stores nothing; nobody hears it where the device is away.
struct PublishTo {
    std::string topic;
    std::string payload;
};
// R63: its connections close, its credential and sessions are forgotten, it may provision again.
struct RevokeCredential {};
// Stored sessions of the device become this much older; no clock moves.
struct AgeSessions {
    std::int64_t hours = 0;
};
// A content item of the connector, made by the server of as many bytes, the same ones for the same name and length.
// One of that name is replaced.
struct OfferContent {
    std::string name;
    std::uint64_t bytes = 0;
};
struct WithdrawContent {
    std::string name;
};
// A peer without a socket logs in as the device, with the ClientID of its newest CONNECT, and takes its connection over
// [R22]. It sends nothing. Where a peer is connected already, nothing happens.
struct TakeOver {};
// The peer of TakeOver leaves with DISCONNECT, where it is connected.
struct EndPeer {};
// The emulator's clock goes on by so much; of steps in suite files only.
struct AdvanceClock {
    std::chrono::microseconds by{0};
};
// All that orders of this run changed since it began, or since the last of these, is as before: values as if they had
// never been set, items gone, the clock back, the peer gone, sessions' ages left as they are; and the credential that
// RevokeCredential took is valid again, unless the device provisioned since. The run gives it after each act and at its
// end, whatever the end is.
struct TakeBack {};

using Order = std::variant<Arm, Disarm, Disconnect, CallHook, SetValue, PublishTo, RevokeCredential, AgeSessions,
                           OfferContent, WithdrawContent, TakeOver, EndPeer, AdvanceClock, TakeBack>;

}  // namespace verdict
