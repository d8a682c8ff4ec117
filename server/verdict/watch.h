#pragma once
// A watch check: judges the whole run at its end, by what the device does unprovoked. [verdict.md 2]

#include "server/verdict/observation.h"
#include "server/verdict/profile.h"
#include "server/verdict/result.h"

#include <memory>

namespace verdict {

class Watch {
  public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    virtual ~Watch() = default;

    // `provoked`: a fault of the run acts on the device, or has just acted, so its behaviour is not held against it.
    virtual void on(const Observation& observation, bool provoked) = 0;
    // The result of everything seen so far; may be called at any time and repeatedly.
    virtual Result conclude() const = 0;
};

using MakeWatch = std::unique_ptr<Watch> (*)(const Subject&, const Parameters&);

}  // namespace verdict
