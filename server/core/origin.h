#pragma once
// Where something comes from: a network connection, as journal, log and rules name it.

#include <string>

namespace device {

struct Origin {
    std::string connector;      // chosen by SNI, or by the port
    std::string connection_id;  // 20 letters and digits
    std::string ip;
};

}  // namespace device
