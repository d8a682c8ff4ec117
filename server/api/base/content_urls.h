#pragma once
// Signed links to content: the holder of a link may fetch or store that item of that connector until it expires. [R60]
// Loop thread only.

#include "server/http/head.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace api {

enum class ContentAction : unsigned char { download, upload };
enum class LinkVerdict : unsigned char { valid, expired, forged };
struct LinkCheck {
    LinkVerdict verdict = LinkVerdict::valid;
    std::string cause;  // of an invalid link: a sentence without full stop
};

// The terms that an upload link fixes in advance.
struct UploadTerms {
    std::string sha256 = {};  // lower-case hex; empty: not announced
    std::string mime = {};
    std::string tags_json = {};
    std::string device = {};  // of a download: the device the link was made for, unreadable for others; empty: unknown
};

class ContentUrls {
  public:
    // secret: of this data folder, never shown. expires_s: lifetime of download links.
    ContentUrls(std::string secret, std::int64_t expires_s);
    void set_expiry(std::int64_t expires_s) { expires_s_ = expires_s; }

    // base: "https://host:port" that the client can reach, see content_base.h. now_us: the connector's emulator clock.
    // identity: the device the link is made for; the link contains it, opaque and signed.
    std::string download(std::string_view base, std::string_view connector, std::string_view id, std::int64_t now_us,
                         std::string_view identity = {}) const;
    // That identity, from a link with a valid signature; empty: the link names none.
    std::string device_of(std::string_view connector, std::string_view id,
                          const std::vector<net::HttpPair>& query) const;
    std::string upload(std::string_view base, std::string_view connector, std::string_view id, std::int64_t now_us,
                       std::int64_t expires_s, const UploadTerms& terms) const;

    LinkCheck check(ContentAction action, std::string_view connector, std::string_view id,
                    const std::vector<net::HttpPair>& query, std::int64_t now_us) const;
    static UploadTerms terms(const std::vector<net::HttpPair>& query);

  private:
    std::string masked(std::string_view identity, std::string_view connector, std::string_view id,
                       std::string_view expires) const;
    LinkCheck forged(ContentAction action, std::string_view connector, std::string_view id,
                     const std::vector<net::HttpPair>& query) const;
    std::string link(std::string_view base, ContentAction action, std::string_view connector, std::string_view id,
                     std::int64_t expires, const UploadTerms& terms) const;
    std::string sign(ContentAction action, std::string_view connector, std::string_view id, std::string_view expires,
                     const UploadTerms& terms) const;

    std::string secret_;
    std::int64_t expires_s_;
};

}  // namespace api
