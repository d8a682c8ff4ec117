#pragma once
// A file that exists once the server is ready: scripts wait for it, clients read the ports from it.

#include <filesystem>
#include <string>
#include <vector>

struct ReadyFacts {
    std::vector<std::string> mqtts, mqtt, api_tls;
    std::string api;  // "http://127.0.0.1:8080"
    std::string ca;   // absolute path
    std::string domain;
};

std::string ready_json(const ReadyFacts& facts);

// Written atomically; removed by the destructor. Empty path: no file.
class ReadyFile {
  public:
    ReadyFile(std::filesystem::path path, const ReadyFacts& facts);  // throws std::runtime_error
    ~ReadyFile();
    ReadyFile(const ReadyFile&) = delete;
    ReadyFile& operator=(const ReadyFile&) = delete;

  private:
    std::filesystem::path path_;
};
