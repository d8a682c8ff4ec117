#pragma once
// A failed start-up step or client command. what() is a sentence for the user: which file, what is wrong.

#include <stdexcept>
#include <string>
#include <string_view>

namespace certs {

class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// OpenSSL's reason in a few words; empties this thread's error queue. Never contains key material.
std::string take_openssl_reason();

// Throws Error("<what>: <OpenSSL's reason>").
[[noreturn]] void throw_openssl(std::string_view what);

// For calls that fail only when memory runs out or OpenSSL is broken.
inline void require(bool ok, std::string_view what) {
    if (!ok) throw_openssl(what);
}

}  // namespace certs
