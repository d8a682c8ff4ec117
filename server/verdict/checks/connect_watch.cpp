#include "server/verdict/checks/connect_watch.h"

#include "server/verdict/slips.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace verdict {

namespace {

constexpr std::string_view provision_prefix = "$provision/";

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

// CONNECT by authentication type, as the table of the documentation has it. [R10]
class Connects final : public Watch {
  public:
    explicit Connects(const Subject& subject) : identity_(subject.identity), auth_type_(subject.auth_type) {}

    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* connect = std::get_if<ConnectCame>(&observation.seen);
        if (!connect || connect->packet.second_try()) return;
        ++connects_;
        const protocol::Connect& packet = connect->packet;
        if (packet.protocol_name != "MQTT" || packet.level != 4)
            return slips_.add(observation, "It spoke protocol level " + std::to_string(packet.level));
        const bool anonymous = !connect->with_credential && auth_type_ != AuthType::certificate;
        if (!anonymous) check_fields(observation, packet);
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails("Fill in CONNECT as the authentication type asks: " + wanted() + ". [R10]");
        if (connects_ == 0) return not_run("No CONNECT was seen.");
        return passed("Each CONNECT is as the authentication type asks.");
    }

  private:
    void check_fields(const Observation& observation, const protocol::Connect& packet) {
        const bool certificate = auth_type_ == AuthType::certificate;
        const std::string_view username = packet.username.value_or("");
        if (!packet.client_id.empty() && (certificate || packet.client_id != identity_))
            slips_.add(observation, "Its ClientID was " + quoted(packet.client_id));
        else if (auth_type_ == AuthType::password ? username != identity_
                                                  : !username.empty() && (certificate || username != identity_))
            slips_.add(observation, "Its Username was not what the authentication type asks");
        else if (certificate && packet.password && !packet.password->empty())
            slips_.add(observation, "It sent a Password beside its certificate");
    }
    std::string wanted() const {
        switch (auth_type_) {
            case AuthType::token:
                return "ClientID and Username empty or the device id, Password the token";
            case AuthType::password:
                return "ClientID empty or the device id, Username the device id, its Password";
            case AuthType::certificate:
                break;
        }
        return "ClientID, Username and Password empty, a client certificate";
    }

    std::string identity_;
    AuthType auth_type_;
    Slips slips_;
    std::uint64_t connects_ = 0;
};

class KeepAlive final : public Watch {
  public:
    explicit KeepAlive(const Parameters& parameters) : most_(parameters.keep_alive_max) {}

    void on(const Observation& observation, bool provoked) override {
        if (const auto* connect = std::get_if<ConnectCame>(&observation.seen)) return on_connect(observation, *connect);
        const auto line = lines_.find(observation.connection);
        if (line == lines_.end()) return;
        const bool came = std::holds_alternative<PublishCame>(observation.seen) ||
                          std::holds_alternative<SubscribeCame>(observation.seen) ||
                          std::holds_alternative<UnsubscribeCame>(observation.seen) ||
                          std::holds_alternative<PacketCame>(observation.seen);
        const bool ended = std::holds_alternative<Closed>(observation.seen);
        if (!came && !ended) return;
        if (!provoked) judge_gap(observation, line->second);
        line->second.last = observation.at;
        if (ended) lines_.erase(line);
    }
    Result conclude() const override {
        if (bad_value_.any())
            return bad_value_.fails("Set a Keep Alive between 1 and " + std::to_string(most_.count() / 1'000'000) +
                                    " s, so that both sides notice a dead connection.");
        if (late_.any())
            return late_.fails("Send PINGREQ when nothing else was sent for one Keep Alive. [MQTT-3.1.2-23]");
        if (connects_ == 0) return not_run("No CONNECT was seen.");
        Result result = passed("Its Keep Alive is " + std::to_string(keep_alive_s_) + " s, and it kept to it.");
        result.measured = {{"keep_alive_s", static_cast<double>(keep_alive_s_)},
                           {"longest_gap_s", seconds(longest_gap_)}};
        return result;
    }

  private:
    struct Line {
        Moment keep_alive{0};
        Moment last{0};
    };

    void on_connect(const Observation& observation, const ConnectCame& connect) {
        if (connect.packet.second_try() || connect.packet.level != 4) return;
        ++connects_;
        keep_alive_s_ = connect.packet.keep_alive_s;
        const Moment keep_alive = std::chrono::seconds(keep_alive_s_);
        if (keep_alive_s_ == 0)
            bad_value_.add(observation, "Its Keep Alive is 0: neither side notices a dead connection");
        if (keep_alive > most_)
            bad_value_.add(observation, "Its Keep Alive is " + std::to_string(keep_alive_s_) + " s");
        lines_[observation.connection] = {keep_alive, observation.at};
    }
    // A packet may be late by what the network takes, which the server allows half a Keep Alive for [MQTT-3.1.2-24].
    void judge_gap(const Observation& observation, const Line& line) {
        const Moment gap = observation.at - line.last;
        longest_gap_ = std::max(longest_gap_, gap);
        if (line.keep_alive > Moment{0} && gap * 2 >= line.keep_alive * 3)
            late_.add(observation, "It was silent for " + seconds_text(gap) + " with a Keep Alive of " +
                                       seconds_text(line.keep_alive));
    }

    Moment most_;
    std::map<std::uint64_t, Line> lines_;  // those that are open
    Slips bad_value_;
    Slips late_;
    Moment longest_gap_{0};
    unsigned keep_alive_s_ = 0;
    std::uint64_t connects_ = 0;
};

// The connections that were accepted without a credential.
class AnonymousLines {
  public:
    void on(const Observation& observation) {
        if (const auto* connect = std::get_if<ConnectCame>(&observation.seen))
            client_ids_[observation.connection] = connect->packet.client_id;
        const auto* connack = std::get_if<ConnackLeft>(&observation.seen);
        const bool named = connack && !(connack->code == 0 && connack->anonymous);
        if (named || std::holds_alternative<Closed>(observation.seen)) client_ids_.erase(observation.connection);
    }
    bool has(const Observation& observation) const { return client_ids_.contains(observation.connection); }
    const std::string& client_id(const Observation& observation) const {
        return client_ids_.at(observation.connection);
    }

  private:
    std::map<std::uint64_t, std::string> client_ids_;
};

class Anonymous final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        lines_.on(observation);
        if (!lines_.has(observation)) return;
        if (const auto* publish = std::get_if<PublishCame>(&observation.seen)) {
            ++packets_;
            if (!publish->packet.topic.starts_with(provision_prefix))
                slips_.add(observation, "Without a credential it published to " + quoted(publish->packet.topic));
        }
        const auto* subscribe = std::get_if<SubscribeCame>(&observation.seen);
        if (!subscribe) return;
        ++packets_;
        for (const auto& each : subscribe->packet.filters)
            if (!each.filter.starts_with(provision_prefix))
                slips_.add(observation, "Without a credential it subscribed to " + quoted(each.filter));
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails(
                "Provision, disconnect, and come back with the credential for everything else. [R47, R48]");
        if (packets_ == 0) return not_run("The device was not seen without a credential.");
        return passed("Without a credential it did nothing but provision.");
    }

  private:
    AnonymousLines lines_;
    Slips slips_;
    std::uint64_t packets_ = 0;
};

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

class Provisioning final : public Watch {
  public:
    explicit Provisioning(const Subject& subject) : password_(subject.auth_type == AuthType::password) {}

    void on(const Observation& observation, bool /*provoked*/) override {
        lines_.on(observation);
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        if (!publish || !lines_.has(observation) || !publish->packet.topic.starts_with(provision_prefix)) return;
        ++requests_;
        const std::string_view payload = publish->packet.payload;
        if (!password_ && !payload.empty())
            slips_.add(observation,
                       "Its request for a token had a payload of " + std::to_string(payload.size()) + " bytes");
        if (password_ && code_points(payload) < 20)
            slips_.add(observation,
                       "The password that it chose has " + std::to_string(code_points(payload)) + " characters");
        if (password_ && !lines_.client_id(observation).empty())
            slips_.add(observation, "It provisioned with the ClientID " + quoted(lines_.client_id(observation)));
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails(password_
                                    ? "Provision with an empty ClientID and a password of 20 characters or more. [R51]"
                                    : "Leave the payload empty: Murano makes the token. [R48]");
        if (requests_ == 0) return not_run("The device was not seen provisioning.");
        return passed("Each of its " + std::to_string(requests_) + " requests was as the authentication type asks.");
    }

  private:
    bool password_;
    AnonymousLines lines_;
    Slips slips_;
    std::uint64_t requests_ = 0;
};

class ClientIds final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* connect = std::get_if<ConnectCame>(&observation.seen);
        if (!connect || connect->packet.clean_session || !connect->with_credential) return;
        const std::string_view client_id = connect->packet.client_id;
        if (first_ && *first_ != client_id)
            slips_.add(observation, "It came with the ClientID " + quoted(client_id) + " after " + quoted(*first_));
        if (!first_) first_ = client_id;
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails("Keep one ClientID: a session is found by it, and another one erases it. [R19, R20]");
        if (!first_) return not_run("The device never connected with Clean Session 0.");
        return passed("Its ClientID stayed " + quoted(*first_) + ".");
    }

  private:
    std::optional<std::string> first_;
    Slips slips_;
};

class Resubscription final : public Watch {
  public:
    void on(const Observation& observation, bool provoked) override {
        if (const auto* connack = std::get_if<ConnackLeft>(&observation.seen); connack && connack->code == 0) {
            if (!connack->session_present) filters_.clear();
            resumed_ = connack->session_present;
            sessions_ += resumed_ ? 1 : 0;
        }
        if (const auto* unsubscribe = std::get_if<UnsubscribeCame>(&observation.seen))
            for (const auto& filter : unsubscribe->packet.filters) filters_.erase(std::string(filter));
        const auto* subscribe = std::get_if<SubscribeCame>(&observation.seen);
        if (!subscribe) return;
        for (const auto& each : subscribe->packet.filters) {
            const bool fresh = filters_.emplace(each.filter).second;
            if (!fresh && resumed_ && !provoked)
                slips_.add(observation,
                           "Session Present was 1, and it subscribed to " + quoted(each.filter) + " again");
        }
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.warns("Subscribe again only where Session Present is 0: the session has the subscriptions.");
        if (sessions_ == 0) return not_run("The device never resumed a session.");
        return passed("It subscribed to nothing that its session had.");
    }

  private:
    std::set<std::string, std::less<>> filters_;  // of the session; the server bounds them
    bool resumed_ = false;
    Slips slips_;
    std::uint64_t sessions_ = 0;
};

}  // namespace

std::unique_ptr<Watch> watch_connect(const Subject& subject, const Parameters& /*parameters*/) {
    return std::make_unique<Connects>(subject);
}
std::unique_ptr<Watch> watch_keep_alive(const Subject& /*subject*/, const Parameters& parameters) {
    return std::make_unique<KeepAlive>(parameters);
}
std::unique_ptr<Watch> watch_anonymous(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Anonymous>();
}
std::unique_ptr<Watch> watch_provisioning(const Subject& subject, const Parameters& /*parameters*/) {
    return std::make_unique<Provisioning>(subject);
}
std::unique_ptr<Watch> watch_client_id(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<ClientIds>();
}
std::unique_ptr<Watch> watch_resubscription(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Resubscription>();
}

}  // namespace verdict
