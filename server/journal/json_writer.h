#pragma once
// RapidJSON's writer into a std::string, plus text from outside. Internal to this box.

#include "server/journal/json_text.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <rapidjson/writer.h>

namespace journal {

class StringSink {
  public:
    using Ch = char;
    explicit StringSink(std::string& target) : target_(target) {}
    void Put(char c) { target_.push_back(c); }
    void Flush() {}

  private:
    std::string& target_;
};

class JsonWriter {
  public:
    explicit JsonWriter(std::string& target) : sink_(target), writer_(sink_) {}

    void start_object() { writer_.StartObject(); }
    void end_object() { writer_.EndObject(); }
    void start_array() { writer_.StartArray(); }
    void end_array() { writer_.EndArray(); }
    void key(std::string_view name) { foreign(name); }

    void number(std::int64_t value) { writer_.Int64(value); }
    void unsigned_number(std::uint64_t value) { writer_.Uint64(value); }
    void boolean(bool value) { writer_.Bool(value); }
    void string(std::string_view utf8) { writer_.String(utf8.data(), static_cast<rapidjson::SizeType>(utf8.size())); }
    void raw(std::string_view json) { writer_.RawValue(json.data(), json.size(), rapidjson::kNumberType); }

    // A string, or a key, of any bytes.
    void foreign(std::string_view bytes) {
        if (is_utf8(bytes)) {
            string(bytes);
        } else {
            string(replace_invalid_utf8(bytes));
            lossy_ = true;
        }
    }
    void member(std::string_view name, std::string_view bytes) {
        key(name);
        foreign(bytes);
    }
    void member_unless_empty(std::string_view name, std::string_view bytes) {
        if (!bytes.empty()) member(name, bytes);
    }
    void member(std::string_view name, std::int64_t value) {
        key(name);
        number(value);
    }
    void member_flag(std::string_view name, bool value) {
        key(name);
        boolean(value);
    }
    // UTF-8 unchanged, other bytes as base64 with "encoding" beside them.
    void payload_member(std::string_view name, std::string_view bytes) {
        key(name);
        if (is_utf8(bytes)) {
            string(bytes);
            return;
        }
        string(base64(bytes));
        member("encoding", std::string_view("base64"));
    }

    bool lossy() const { return lossy_; }

  private:
    StringSink sink_;
    rapidjson::Writer<StringSink> writer_;
    bool lossy_ = false;
};

}  // namespace journal
