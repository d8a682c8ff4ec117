#include "server/ready_file.h"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <unistd.h>

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_list(Writer& json, const char* key, const std::vector<std::string>& values) {
    json.Key(key);
    json.StartArray();
    for (const auto& value : values) json.String(value);
    json.EndArray();
}

}  // namespace

std::string ready_json(const ReadyFacts& facts) {
    rapidjson::StringBuffer text;
    Writer json(text);
    json.StartObject();
    json.Key("pid");
    json.Int(::getpid());
    write_list(json, "mqtts", facts.mqtts);
    write_list(json, "mqtt", facts.mqtt);
    json.Key("api");
    json.String(facts.api);
    write_list(json, "api_tls", facts.api_tls);
    json.Key("ca");
    json.String(facts.ca);
    json.Key("domain");
    json.String(facts.domain);
    json.EndObject();
    return std::string(text.GetString(), text.GetSize()) + "\n";
}

ReadyFile::ReadyFile(std::filesystem::path path, const ReadyFacts& facts) : path_(std::move(path)) {
    if (path_.empty()) return;
    auto temporary = path_;
    temporary += ".tmp";
    errno = 0;
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << ready_json(facts);
    file.close();
    std::error_code error(errno, std::generic_category());
    if (!file.fail()) std::filesystem::rename(temporary, path_, error);
    if (file.fail() || error) {
        throw std::runtime_error("cannot write the ready file " + path_.string() + ": " + error.message());
    }
}

ReadyFile::~ReadyFile() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
}
