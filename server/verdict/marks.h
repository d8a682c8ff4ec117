#pragma once
// What a report draws of an act's turn: connections, packets, faults. Plain values; one thread.

#include "server/verdict/observation.h"

#include <cstdint>
#include <vector>

namespace verdict {

struct Mark {
    enum class Kind : std::uint8_t { opened, closed, let_in, refused, came, left, fault };
    Moment at{0};
    std::uint32_t connection = 0;
    Kind kind = Kind::opened;
};

class Marks {
  public:
    static constexpr std::size_t most = 200;  // later ones are not drawn

    void on(const Observation& observation);
    const std::vector<Mark>& all() const { return marks_; }

  private:
    std::vector<Mark> marks_;
};

}  // namespace verdict
