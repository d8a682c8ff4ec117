// bench_load: one run of load against one server, and one line of JSON about it. tests/bench/compare.py drives it.

#include "tests/bench/load/deliver.h"
#include "tests/bench/load/download.h"
#include "tests/bench/load/idle.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/publish.h"
#include "tests/bench/load/storm.h"

#include <exception>
#include <iostream>
#include <stdexcept>

#include <sys/resource.h>

namespace {

void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void run(const load::Options& options) {
    if (options.mode == "publish") return load::PublishRun(options).run();
    if (options.mode == "storm") return load::StormRun(options).run();
    if (options.mode == "idle") return load::IdleRun(options).run();
    if (options.mode == "deliver") return load::DeliverRun(options).run();
    if (options.mode == "download") return load::DownloadRun(options).run();
    throw std::invalid_argument("no mode " + options.mode);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        raise_file_limit();
        run(load::parse(argc, argv));
        return 0;
    } catch (const std::invalid_argument& error) {
        std::cerr << "bench_load: " << error.what() << '\n';
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "bench_load: " << error.what() << '\n';
        return 1;
    }
}
