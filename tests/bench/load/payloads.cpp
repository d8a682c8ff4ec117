#include "tests/bench/load/payloads.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>
#include <stdexcept>

namespace load {
namespace {

constexpr std::size_t together_bytes = 4 * 1024 * 1024;

// A device with many channels, as a gateway is: each has a reading that wanders, most of them a little each time.
class Gateway {
  public:
    explicit Gateway(unsigned seed) : random_(seed) {
        for (double& reading : readings_) reading = std::uniform_real_distribution<>(-20, 1100)(random_);
        uptime_s_ = random_() % 5'000'000;
    }

    std::string report(std::size_t size) {
        uptime_s_ += 30;
        std::string text = "{\"uptime\":" + std::to_string(uptime_s_);
        for (std::size_t channel = 0; channel < readings_.size(); ++channel) {
            const std::string reading = ",\"" + name(channel) + "\":" + wandered(readings_[channel]);
            if (text.size() + reading.size() + 1 > size) break;
            text += reading;
        }
        return text + "}";
    }

  private:
    static std::string name(std::size_t channel) {
        std::array<char, 24> text{};
        std::snprintf(text.data(), text.size(), "%03zu", channel + 1);
        return text.data();
    }

    std::string wandered(double& reading) {
        constexpr unsigned steady_of_four = 1;
        if (random_() % 4 >= steady_of_four) reading *= 1 + std::normal_distribution<>(0, 0.002)(random_);
        std::array<char, 24> text{};
        std::snprintf(text.data(), text.size(), "%.5f", reading);
        return text.data();
    }

    std::mt19937 random_;
    std::array<double, 999> readings_{};
    std::uint64_t uptime_s_;
};

// Random bytes as base64 has them: values are text. [R40]
std::string noise(std::mt19937& random, std::size_t size) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text(size, '\0');
    for (char& byte : text) byte = digits[random() % digits.size()];
    return text;
}

}  // namespace

Payloads::Payloads(const std::string& kind, std::size_t size)
    : each_(std::max<std::size_t>(2, together_bytes / devices / std::max<std::size_t>(size, 1))) {
    if (kind == "letters") return;
    if (kind != "reports" && kind != "noise") throw std::invalid_argument("--content is letters, reports or noise");
    for (unsigned device = 0; device < devices; ++device) {
        Gateway gateway(device);
        std::mt19937 random(device);
        for (std::size_t number = 0; number < each_; ++number)
            texts_.push_back(kind == "noise" ? noise(random, size) : gateway.report(size));
    }
}

}  // namespace load
