#pragma once
// CON-01, KA-01, PRV-01, PRV-02, SES-02 and SES-05: how the device connects, provisions and subscribes.

#include "server/verdict/watch.h"

namespace verdict {

std::unique_ptr<Watch> watch_connect(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_keep_alive(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_anonymous(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_provisioning(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_client_id(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_resubscription(const Subject& subject, const Parameters& parameters);

}  // namespace verdict
