#pragma once
// PUB-01 to PUB-04 and PUB-06 to PUB-08: what the device publishes, judged by the rules' findings and its flags.

#include "server/verdict/watch.h"

namespace verdict {

std::unique_ptr<Watch> watch_topics(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_values(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_timestamps(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_nested_json(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_qos_2(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_dup(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_retain(const Subject& subject, const Parameters& parameters);

}  // namespace verdict
