#pragma once
// Reads tests/vectors/mqtt.txt, whose head describes the format.

#include <string>
#include <string_view>
#include <vector>

namespace test {

struct Vector {
    std::string name;
    std::string in;
    std::string out;
    bool anonymous = false;  // a CONNECT precedes
    bool open = false;
};

// "c000 {61*3}" -> bytes; "-" -> none. Throws std::invalid_argument for anything else.
std::string vector_bytes(std::string_view text);
// Throws std::invalid_argument with the line if a row is wrong.
std::vector<Vector> read_vectors(const std::string& path);

}  // namespace test
