#pragma once
// The command line of bench_load: `bench_load MODE --name value ...`.

#include <cstddef>
#include <cstdint>
#include <string>

namespace load {

struct Options {
    std::string mode;  // publish, storm, idle, deliver, download
    std::uint16_t port = 1883;
    std::string sni = "local.m2.exosite.io";
    std::string tls;       // "" plain, p256, rsa
    int tls_version = 13;  // the highest: 12 or 13
    bool resume = false;
    int server_pid = 0;  // the process whose cost is reported

    std::size_t connections = 50;
    std::size_t first_device = 0;  // devices are "d<number>", six digits
    unsigned qos = 1;
    std::size_t window = 20;          // unacknowledged messages per connection
    std::size_t payload = 64;         // bytes
    std::string content = "letters";  // of payloads: letters, reports (JSON), noise
    std::size_t batch = 0;            // entries of a $resource.batch; 0: data_in
    bool echo = false;                // publish to a topic that the device subscribes to
    bool provision = false;           // storm: a new device each time
    double seconds = 2;
    double warmup = 0.3;         // seconds before the count begins
    std::uint64_t messages = 0;  // instead of seconds
    double rate = 0;             // messages a second, over all connections; 0: unlimited
    double report_every = 0;     // seconds between lines of numbers (soak)

    std::uint16_t api_port = 0;  // deliver: sets values by the control API; 0: by a publisher
    std::string path;            // download: the target of GET
    std::size_t patience_s = 60;
};

// Throws std::invalid_argument with the option's name.
Options parse(int argc, char** argv);

}  // namespace load
