#include "server/api/content_urls.h"

#include "server/api/access.h"
#include "server/journal/json_text.h"
#include "server/net/http_form.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace api {

namespace {

constexpr std::int64_t us_per_s = 1'000'000;

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

ContentUrls::ContentUrls(std::string secret, std::string base_url, std::int64_t expires_s)
    : secret_(std::move(secret)), base_url_(std::move(base_url)), expires_s_(expires_s) {}

std::string ContentUrls::sign(ContentAction action, std::string_view connector, std::string_view id,
                              std::string_view expires, const UploadTerms& terms) const {
    // Every part is escaped, so that no two different links give the same text.
    std::string text = action == ContentAction::download ? "download" : "upload";
    for (const std::string_view part : {connector, id, expires, std::string_view(terms.sha256),
                                        std::string_view(terms.mime), std::string_view(terms.tags_json)}) {
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
    std::string url(base_url_.empty() ? base : std::string_view(base_url_));
    url += "/content/" + net::percent_encode(connector) + '/' + net::percent_encode(id) + "?expires=" + until;
    append_parameter(url, "sha256", terms.sha256);
    append_parameter(url, "type", terms.mime);
    append_parameter(url, "tags", terms.tags_json);
    append_parameter(url, "signature", sign(action, connector, id, until, terms));
    return url;
}

std::string ContentUrls::download(std::string_view base, std::string_view connector, std::string_view id,
                                  std::int64_t now_us) const {
    return link(base, ContentAction::download, connector, id, now_us / us_per_s + expires_s_, {});
}

std::string ContentUrls::upload(std::string_view base, std::string_view connector, std::string_view id,
                                std::int64_t now_us, std::int64_t expires_s, const UploadTerms& terms) const {
    return link(base, ContentAction::upload, connector, id, now_us / us_per_s + expires_s, terms);
}

UploadTerms ContentUrls::terms(const std::vector<net::HttpPair>& query) {
    return {std::string(value_of(query, "sha256")), std::string(value_of(query, "type")),
            std::string(value_of(query, "tags"))};
}

LinkVerdict ContentUrls::check(ContentAction action, std::string_view connector, std::string_view id,
                               const std::vector<net::HttpPair>& query, std::int64_t now_us) const {
    const std::string_view until = value_of(query, "expires");
    const UploadTerms fixed = action == ContentAction::upload ? terms(query) : UploadTerms{};
    if (!same_secret(value_of(query, "signature"), sign(action, connector, id, until, fixed))) {
        return LinkVerdict::forged;
    }
    std::int64_t expires = 0;
    const auto [end, error] = std::from_chars(until.data(), until.data() + until.size(), expires);
    if (error != std::errc{} || end != until.data() + until.size()) return LinkVerdict::forged;
    return now_us / us_per_s < expires ? LinkVerdict::valid : LinkVerdict::expired;
}

}  // namespace api
