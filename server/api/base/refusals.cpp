#include "server/api/base/refusals.h"

namespace api {
namespace {

constexpr int condition_failed = 412;    // an answer that the device asked for
constexpr std::uint32_t most_told = 20;  // of one connection
constexpr const char* no_more = "further refused requests of this connection are not recorded one by one";

// Without the query, which holds the signature of a link.
std::string path_of(const net::HttpHead* head) {
    return head == nullptr ? std::string() : head->target.substr(0, head->target.find('?'));
}

}  // namespace

OnRefused tell_refusals(Services& services) {
    return [&services](const net::HttpPeer& peer, const net::HttpHead* head, const Error& error) {
        if (error.status / 100 != 4 || error.status == condition_failed) return;
        const auto count = ++*peer.refusals;
        if (count > most_told + 1) return;
        services.http_devices.http_refused({peer.connector, peer.connection_id, peer.ip,
                                            head == nullptr ? std::string() : head->method, path_of(head), error.status,
                                            count > most_told ? no_more : error.message});
    };
}

}  // namespace api
