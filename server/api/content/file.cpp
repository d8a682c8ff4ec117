#include "server/api/content/file.h"

#include "server/journal/json_text.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

namespace api {

struct ContentFile::Digest {
    struct Free {
        void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

ContentFile::ContentFile(device::ContentPort& content, std::uint64_t most, bool durable)
    : file_(content.new_content_file()),
      path_(content.content_dir() / file_),
      most_(most),
      durable_(durable),
      digest_(std::make_unique<Digest>()) {
    EVP_DigestInit_ex(digest_->context.get(), EVP_sha256(), nullptr);
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

ContentFile::~ContentFile() {
    const bool made = descriptor_ >= 0 || !sha256_.empty();
    if (descriptor_ >= 0) ::close(descriptor_);
    std::error_code ignored;
    if (made && !kept_) std::filesystem::remove(path_, ignored);
}

std::optional<Error> ContentFile::disk_error() {
    return Error{507, "storage", "the content folder refuses the file: " + std::system_category().message(errno), {}};
}

std::optional<Error> ContentFile::write(std::string_view bytes) {
    if (descriptor_ < 0) return disk_error();
    if (bytes.size() > most_ - length_) {
        return Error{413, "too_large", "a content item has at most " + std::to_string(most_) + " bytes", {}};
    }
    EVP_DigestUpdate(digest_->context.get(), bytes.data(), bytes.size());
    length_ += bytes.size();
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return disk_error();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return std::nullopt;
}

std::optional<Error> ContentFile::close() {
    if (descriptor_ < 0) return disk_error();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(digest_->context.get(), digest.data(), &size);
    sha256_ = journal::hex({reinterpret_cast<const char*>(digest.data()), size});
    if (durable_ && ::fsync(descriptor_) != 0) return disk_error();
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    return closed == 0 ? std::nullopt : disk_error();
}

}  // namespace api
