#include "tests/bench/load/process_cost.h"

#include <fstream>
#include <string>
#include <system_error>

#include <unistd.h>

namespace load {

double cpu_seconds(int pid) {
    clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
    timespec time{};
    if (pid != 0) {
        const int error = ::clock_getcpuclockid(pid, &clock);
        if (error != 0) throw std::system_error(error, std::generic_category(), "clock of the server's process");
    }
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double resident_bytes(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace load
