#pragma once
// Sources for a resource's values. All devices of a profile share the descriptions; each device has its own slots, one
// number for each generator with a state. Pure; any thread.

#include "config/connector_settings.h"
#include "server/simulator/chance.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simulator {

// A value as written in a payload, and whether JSON quotes it.
struct Value {
    std::string text;
    config::ResourceFormat format = config::ResourceFormat::string;
};

struct Constant {
    Value value;
};
struct Sine {
    double mean = 0, amplitude = 1, period_s = 600;
    int decimals = 2;
    std::size_t slot = 0;  // its phase, different for each device
};
struct RandomWalk {
    double start = 0, step = 1, least = 0, most = 100;
    int decimals = 2;
    std::size_t slot = 0;
};
struct Steps {
    std::vector<Value> values;
    double every_s = 60;
};
// Moves towards the value of a setting.
struct Follow {
    std::string setting;
    double start = 0, rate_per_s = 0.1;
    int decimals = 2;
    std::size_t slot = 0;
};
// A JSON text of named values.
struct Member;
struct Members {
    std::vector<Member> members;
};

struct Generator {
    std::variant<Constant, Sine, RandomWalk, Steps, Follow, Members> what;
};
struct Member {
    std::string name;
    Generator generator;
};

using Settings = std::map<std::string, std::string, std::less<>>;  // alias to the value in force

// A device's state between two values.
struct Memory {
    std::vector<double> slots;
    double last_s = 0;  // time of the previous values
};

// Sets this generator's slots for a device that was just switched on. `memory` has one for each.
void begin(const Generator& generator, Memory& memory, Chance& chance);

struct Moments {
    double now_s = 0;   // since the device was switched on
    double last_s = 0;  // of the previous values
};
Value next_value(const Generator& generator, Moments moments, const Settings& settings, Memory& memory, Chance& chance);

// A number with that many decimals, as in JSON.
std::string number_text(double number, int decimals);
// A value in JSON: strings are quoted.
std::string json_text(const Value& value);

}  // namespace simulator
