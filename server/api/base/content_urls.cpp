#include "server/api/base/content_urls.h"

#include "server/api/base/access.h"
#include "server/faults/text_bytes.h"
#include "server/http/form.h"
#include "server/journal/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace api {

namespace {

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::size_t signature_characters = 64;  // SHA-256 in hex

std::string_view value_of(const std::vector<net::HttpPair>& query, std::string_view name) {
    for (const net::HttpPair& pair : query) {
        if (pair.name == name) return pair.value;
    }
    return {};
}

void append_parameter(std::string& url, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    url += '&';
    url += name;
    url += '=';
    url += net::percent_encode(value);
}

}  // namespace

ContentUrls::ContentUrls(std::string secret, std::int64_t expires_s)
    : secret_(std::move(secret)), expires_s_(expires_s) {}

std::string ContentUrls::sign(ContentAction action, std::string_view connector, std::string_view id,
                              std::string_view expires, const UploadTerms& terms) const {
    // Every part is escaped, so that no two different links give the same text.
    std::string text = action == ContentAction::download ? "download" : "upload";
    for (const std::string_view part :
         {connector, id, expires, std::string_view(terms.sha256), std::string_view(terms.mime),
          std::string_view(terms.tags_json), std::string_view(terms.device)}) {
        text += '\n' + net::percent_encode(part);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &length);
    return journal::hex({reinterpret_cast<const char*>(mac.data()), length});
}

std::string ContentUrls::link(std::string_view base, ContentAction action, std::string_view connector,
                              std::string_view id, std::int64_t expires, const UploadTerms& terms) const {
    const std::string until = std::to_string(expires);
    std::string url(base);
    url += "/content/" + net::percent_encode(connector) + '/' + net::percent_encode(id) + "?expires=" + until;
    append_parameter(url, "sha256", terms.sha256);
    append_parameter(url, "type", terms.mime);
    append_parameter(url, "tags", terms.tags_json);
    append_parameter(url, "device", terms.device);
    append_parameter(url, "signature", sign(action, connector, id, until, terms));
    return url;
}

std::string ContentUrls::download(std::string_view base, std::string_view connector, std::string_view id,
                                  std::int64_t now_us, std::string_view identity) const {
    const auto expires = now_us / us_per_s + expires_s_;
    UploadTerms terms;
    if (!identity.empty()) terms.device = journal::hex(masked(identity, connector, id, std::to_string(expires)));
    return link(base, ContentAction::download, connector, id, expires, terms);
}

// Bytes that only who has the secret can tell, over the identity: done twice, it is the identity again.
std::string ContentUrls::masked(std::string_view identity, std::string_view connector, std::string_view id,
                                std::string_view expires) const {
    std::string mask;
    for (int block = 0; mask.size() < identity.size(); ++block) {
        mask += sign(ContentAction::download, connector, id, expires, {.device = "mask " + std::to_string(block)});
    }
    std::string text(identity);
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(text[i] ^ mask[i]);
    return text;
}

std::string ContentUrls::device_of(std::string_view connector, std::string_view id,
                                   const std::vector<net::HttpPair>& query) const {
    const UploadTerms fixed{.device = std::string(value_of(query, "device"))};
    const auto until = value_of(query, "expires");
    if (fixed.device.empty() ||
        !same_secret(value_of(query, "signature"), sign(ContentAction::download, connector, id, until, fixed))) {
        return {};
    }
    return masked(faults::from_hex(fixed.device).value_or(""), connector, id, until);
}

std::string ContentUrls::upload(std::string_view base, std::string_view connector, std::string_view id,
                                std::int64_t now_us, std::int64_t expires_s, const UploadTerms& terms) const {
    return link(base, ContentAction::upload, connector, id, now_us / us_per_s + expires_s, terms);
}

UploadTerms ContentUrls::terms(const std::vector<net::HttpPair>& query) {
    return {std::string(value_of(query, "sha256")),
            std::string(value_of(query, "type")),
            std::string(value_of(query, "tags")),
            {}};
}

// How near it was to a valid one. Only said once it is refused, and nothing that the client does not know.
LinkCheck ContentUrls::forged(ContentAction action, std::string_view connector, std::string_view id,
                              const std::vector<net::HttpPair>& query) const {
    const auto refused = [](std::string cause) { return LinkCheck{LinkVerdict::forged, std::move(cause)}; };
    const auto escaped = [](const net::HttpPair& pair) { return pair.name.starts_with("amp;"); };
    if (std::any_of(query.begin(), query.end(), escaped)) {
        return refused("this link has \"&amp;\" where \"&\" belongs: it was taken out of HTML or XML undecoded");
    }
    const std::string_view signature = value_of(query, "signature");
    if (signature.empty()) return refused("this link is not signed: it has no signature");
    if (signature.size() != signature_characters) {
        return refused("this link is not signed: its signature has " + std::to_string(signature.size()) + " of " +
                       std::to_string(signature_characters) + " characters");
    }
    const std::string_view until = value_of(query, "expires");
    if (until.empty()) return refused("this link has no expires");
    const bool download = action == ContentAction::download;
    const auto other = download ? ContentAction::upload : ContentAction::download;
    if (same_secret(signature, sign(other, connector, id, until, download ? terms(query) : UploadTerms{}))) {
        return refused(download ? "this link is for an upload (POST)" : "this link is for a download (GET)");
    }
    return refused("this link is not signed: its signature is that of another link, or a part of the link was changed");
}

LinkCheck ContentUrls::check(ContentAction action, std::string_view connector, std::string_view id,
                             const std::vector<net::HttpPair>& query, std::int64_t now_us) const {
    const std::string_view until = value_of(query, "expires");
    UploadTerms fixed = action == ContentAction::upload ? terms(query) : UploadTerms{};
    fixed.device = value_of(query, "device");
    std::int64_t expires = 0;
    const auto [end, error] = std::from_chars(until.data(), until.data() + until.size(), expires);
    const bool whole = error == std::errc{} && end == until.data() + until.size();
    if (!same_secret(value_of(query, "signature"), sign(action, connector, id, until, fixed)) || !whole) {
        return forged(action, connector, id, query);
    }
    const std::int64_t now_s = now_us / us_per_s;
    if (now_s < expires) return {};
    return {LinkVerdict::expired,
            "this link has expired, " + std::to_string(now_s - expires) + " s ago by the emulator's clock"};
}

}  // namespace api
