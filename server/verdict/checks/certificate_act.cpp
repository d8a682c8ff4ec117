#include "server/verdict/checks/certificate_act.h"

#include "server/verdict/attempts.h"

#include <chrono>
#include <string>

namespace verdict {

namespace {

// Two attempts: a device that falls back to an unchecked connection does so on its second.
constexpr std::size_t attempts_wanted = 2;

class Certificate final : public Act {
  public:
    Certificate(std::string kind, std::string what, std::string hint)
        : kind_(std::move(kind)), what_(std::move(what)), hint_(std::move(hint)) {}

    void begin(Desk& desk) override {
        if (!desk.habits().tls()) return desk.end(not_run("The device uses the plain port."));
        desk.order(Arm{R"({"kind":"tls_certificate","as":")" + kind_ + "\"}"});
        desk.order(Disconnect{});
        wait(desk, "the device's next handshake");
    }
    void on(const Observation& observation, Desk& desk) override {
        attempts_.on(observation);
        if (const auto* connect = std::get_if<ConnectCame>(&observation.seen)) return accepted(*connect, desk);
        if (!std::holds_alternative<Closed>(observation.seen)) return;
        if (refused() >= attempts_wanted) return desk.end(verdict());
        wait(desk, "the device's next handshake");
    }
    void at(Desk& desk) override {
        const bool hung = !attempts_.all().empty() && !attempts_.all().back().ended;
        if (hung && refused() == 0)
            return desk.end(failed("Shown " + what_ + ", it kept the connection open and said nothing.", hint_));
        desk.end(verdict());
    }

  private:
    void wait(Desk& desk, const std::string& what) const {
        desk.wait(what, desk.now() + desk.parameters().max_backoff + desk.parameters().patience);
    }
    void accepted(const ConnectCame& connect, Desk& desk) const {
        const std::string leaked = connect.with_credential ? " The credential went to whoever it was." : "";
        desk.end(failed("Shown " + what_ + ", it completed the handshake and sent CONNECT." + leaked, hint_));
    }
    // Attempts that ended at the certificate.
    std::size_t refused() const {
        std::size_t count = 0;
        for (const Attempt& attempt : attempts_.all())
            count += attempt.ended && attempt.reach >= Reach::hello && attempt.reach <= Reach::handshake ? 1U : 0U;
        return count;
    }
    Result verdict() const {
        if (refused() == 0) return not_run("The device did not try to connect while it was shown " + what_ + ".");
        return passed("Shown " + what_ + ", it ended the handshake.");
    }

    std::string kind_;
    std::string what_;
    std::string hint_;
    Attempts attempts_;
};

}  // namespace

std::unique_ptr<Act> act_untrusted_ca() {
    return std::make_unique<Certificate>("untrusted_ca", "a certificate of an unknown CA",
                                         "Verify the server's certificate against the CA that you ship. [R3]");
}
std::unique_ptr<Act> act_wrong_name() {
    return std::make_unique<Certificate>("wrong_name", "a certificate of another host name",
                                         "Compare the certificate's name with the host that you connect to. [R3]");
}
std::unique_ptr<Act> act_expired() {
    return std::make_unique<Certificate>("expired", "an expired certificate",
                                         "Check the certificate's dates, with a clock that is set. [R3]");
}
std::unique_ptr<Act> act_not_yet_valid() {
    return std::make_unique<Certificate>("not_yet_valid", "a certificate that is not valid yet",
                                         "Check the certificate's dates, with a clock that is set. [R3]");
}

}  // namespace verdict
