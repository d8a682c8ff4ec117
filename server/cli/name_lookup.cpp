#include "server/cli/name_lookup.h"

#include <algorithm>
#include <future>
#include <memory>
#include <string_view>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace cli {
namespace {

namespace asio = boost::asio;

LookUp look_up_now(const std::string& name) {
    asio::io_context io;
    asio::ip::tcp::resolver resolver(io);
    boost::system::error_code error;
    const auto found = resolver.resolve(name, "", error);
    LookUp result;
    if (error) result.error = error.message();
    for (const auto& entry : found) {
        auto address = entry.endpoint().address().to_string();
        const auto known = std::find(result.addresses.begin(), result.addresses.end(), address);
        if (known == result.addresses.end()) result.addresses.push_back(std::move(address));
    }
    return result;
}

bool is_of_this_machine(const std::string& address) {
    boost::system::error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    return !error && (parsed.is_loopback() || parsed.is_unspecified());
}

}  // namespace

LookUp look_up(const std::string& name, std::chrono::milliseconds patience) {
    std::promise<LookUp> promise;
    auto result = promise.get_future();
    // It cannot be interrupted: a late answer is nobody's.
    std::thread([name, answer = std::move(promise)]() mutable { answer.set_value(look_up_now(name)); }).detach();
    if (result.wait_for(patience) == std::future_status::ready) return result.get();
    return {{}, "no answer from the name server within " + std::to_string(patience.count()) + " ms"};
}

bool name_leads_to(const std::string& name, const std::string& address) {
    const auto found = look_up(name).addresses;
    const bool here = is_of_this_machine(address);
    return std::any_of(found.begin(), found.end(),
                       [&](const auto& one) { return one == address || (here && is_of_this_machine(one)); });
}

}  // namespace cli
