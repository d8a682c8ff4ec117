#pragma once
// Signed links to content: who holds one may fetch or store that item of that connector until it expires. [R60]
// Stateless but for the secret; any thread.

#include "server/net/http_head.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace api {

enum class ContentAction : unsigned char { download, upload };
enum class LinkVerdict : unsigned char { valid, expired, forged };

// What an upload link fixes beforehand.
struct UploadTerms {
    std::string sha256;  // lower-case hex; empty: not announced
    std::string mime;
    std::string tags_json;
};

class ContentUrls {
  public:
    // secret: of this data folder, never shown. base_url: put before every path instead of the client's own address,
    // without a slash at its end; empty: none. expires_s: of download links.
    ContentUrls(std::string secret, std::string base_url, std::int64_t expires_s);

    // base: "https://host:port" that the client can reach. now_us: the connector's emulator clock.
    std::string download(std::string_view base, std::string_view connector, std::string_view id,
                         std::int64_t now_us) const;
    std::string upload(std::string_view base, std::string_view connector, std::string_view id, std::int64_t now_us,
                       std::int64_t expires_s, const UploadTerms& terms) const;

    LinkVerdict check(ContentAction action, std::string_view connector, std::string_view id,
                      const std::vector<net::HttpPair>& query, std::int64_t now_us) const;
    static UploadTerms terms(const std::vector<net::HttpPair>& query);

  private:
    std::string link(std::string_view base, ContentAction action, std::string_view connector, std::string_view id,
                     std::int64_t expires, const UploadTerms& terms) const;
    std::string sign(ContentAction action, std::string_view connector, std::string_view id, std::string_view expires,
                     const UploadTerms& terms) const;

    std::string secret_;
    std::string base_url_;
    std::int64_t expires_s_;
};

}  // namespace api
