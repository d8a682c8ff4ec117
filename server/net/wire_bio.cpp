#include "server/net/wire_bio.h"

#include <cerrno>
#include <memory>

#include <openssl/bio.h>

namespace net {
namespace {

RawWire& wire_of(BIO* bio) {
    return *static_cast<RawWire*>(BIO_get_data(bio));
}

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int read_wire(BIO* bio, char* into, std::size_t size, std::size_t* got) {
    BIO_clear_retry_flags(bio);
    const auto count = wire_of(bio).recv(into, size);
    *got = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (count < 0 && would_block()) BIO_set_retry_read(bio);
    if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return count > 0 ? 1 : 0;
}

int write_wire(BIO* bio, const char* bytes, std::size_t size, std::size_t* sent) {
    BIO_clear_retry_flags(bio);
    const auto count = wire_of(bio).send(bytes, size);
    *sent = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (count < 0 && would_block()) BIO_set_retry_write(bio);
    return count > 0 ? 1 : 0;
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

struct MethodFree {
    void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};

BIO_METHOD* wire_method() {
    static const std::unique_ptr<BIO_METHOD, MethodFree> method = [] {
        std::unique_ptr<BIO_METHOD, MethodFree> made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire"));
        if (made) {
            BIO_meth_set_read_ex(made.get(), read_wire);
            BIO_meth_set_write_ex(made.get(), write_wire);
            BIO_meth_set_ctrl(made.get(), control);
        }
        return made;
    }();
    return method.get();
}

}  // namespace

BIO* new_wire_bio(RawWire& wire) {
    auto* const method = wire_method();
    BIO* const bio = method == nullptr ? nullptr : BIO_new(method);
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, &wire);
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace net
