#pragma once
// What a run learns of its device by observing it, to scale its patience. [verdict.md 2] One thread.

#include "server/verdict/observation.h"

#include <functional>
#include <optional>
#include <set>
#include <string>

namespace verdict {

class Habits {
  public:
    // Number of filters remembered; a device with more is judged by these.
    static constexpr std::size_t most_filters = 100;

    void on(const Observation& observation, bool provoked);

    // Of the newest CONNECT; 0: none seen, or no Keep Alive.
    Moment keep_alive() const { return keep_alive_; }
    bool clean_session() const { return clean_session_; }
    // Between the newest two unprovoked reports; nullopt until there are two.
    std::optional<Moment> report_interval() const { return report_interval_; }
    // There were at least three such intervals, all within 20 % of each other.
    bool reports_evenly() const { return intervals_ >= 3 && longest_ * 5 <= shortest_ * 6; }
    // Reports with QoS 1 were seen.
    bool acknowledged_reports() const { return acknowledged_reports_; }
    // Reports carry their own timestamps.
    bool stamps_reports() const { return stamps_reports_; }
    bool subscribes() const { return subscribes_; }
    // Filters subscribed to and not unsubscribed from, over all its sessions.
    const std::set<std::string, std::less<>>& filters() const { return filters_; }
    bool resumes_sessions() const { return connects_ > 0 && !clean_session_; }
    bool tls() const { return tls_; }
    // The device asked for the content list.
    bool asks_content() const { return asks_content_; }
    // The connection of its last login, open or not; 0: none.
    std::uint64_t connection() const { return connection_; }
    // Number of other devices connected to its connector now.
    std::uint64_t neighbours() const { return neighbours_; }

  private:
    void note_report(const Observation& observation, const PublishCame& publish, bool provoked);
    void note_filters(const Observation& observation);

    Moment keep_alive_{0};
    bool clean_session_ = true;
    std::optional<Moment> report_interval_;
    std::optional<Moment> last_report_;
    Moment shortest_ = Moment::max();
    Moment longest_{0};
    std::uint64_t intervals_ = 0;
    bool acknowledged_reports_ = false;
    bool stamps_reports_ = false;
    bool subscribes_ = false;
    std::set<std::string, std::less<>> filters_;
    bool tls_ = false;
    bool asks_content_ = false;
    std::uint64_t connects_ = 0;
    std::uint64_t connection_ = 0;
    std::uint64_t neighbours_ = 0;
};

}  // namespace verdict
