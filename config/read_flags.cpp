#include "config/read_flags.h"

#include "config/nearest.h"
#include "config/setting_value.h"

#include <algorithm>

namespace config {

namespace {

class FlagReader {
  public:
    FlagReader(std::span<const std::string> arguments, Problems& problems)
        : arguments_(arguments), problems_(problems) {}

    Flags read() {
        while (at_ < arguments_.size()) read_one(arguments_[at_++]);
        return std::move(flags_);
    }

  private:
    void read_one(const std::string& argument) {
        if (argument == "--help" || argument == "-h") {
            flags_.help = true;
        } else if (!argument.starts_with("--")) {
            problems_.error({argument, 0, 0, "", "no flag stands before this; flags begin with --"});
        } else {
            const std::size_t equals = argument.find('=');
            const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
            const bool has_value = equals != std::string::npos;
            read_flag(name, has_value ? std::optional(argument.substr(equals + 1)) : std::nullopt);
        }
    }

    void read_flag(const std::string& name, std::optional<std::string> value) {
        const Setting* setting = find_setting_by_flag(name);
        if (!value && !(setting != nullptr && is_switch(*setting))) value = next_value();
        if (setting == nullptr) return unknown(name);
        if (!value && is_switch(*setting)) value = "true";
        if (!value) {
            problems_.error({"--" + name, 0, 0, "", "needs a value: " + std::string(setting->argument)});
            return;
        }
        take(*setting, *value);
    }

    // An argument that looks like a flag is none; a value that does can be written --flag=value.
    std::optional<std::string> next_value() {
        if (at_ == arguments_.size() || arguments_[at_].starts_with("--")) return std::nullopt;
        return arguments_[at_++];
    }

    void unknown(const std::string& name) {
        std::vector<std::string_view> known = {"help"};
        for (const Setting& setting : settings_table()) known.push_back(setting.flag);
        const auto meant = nearest(name, known);
        problems_.error({"--" + name, 0, 0, "", "unknown flag" + (meant ? ", did you mean --" + *meant + "?" : "")});
    }

    void take(const Setting& setting, const std::string& value) {
        auto& all = flags_.assignments;
        const auto same = [&setting](const Assignment& assignment) { return assignment.setting == &setting; };
        auto place = std::find_if(all.begin(), all.end(), same);
        if (place == all.end()) {
            const std::string source = "--" + std::string(setting.flag);
            place = all.insert(all.end(), {&setting, {}, {Origin::Kind::flag, source, {}}, {}});
        }
        if (!is_list(setting)) {
            place->texts = {value};
            return;
        }
        for (std::string& element : split_list(value)) place->texts.push_back(std::move(element));
    }

    std::span<const std::string> arguments_;
    Problems& problems_;
    std::size_t at_ = 0;
    Flags flags_;
};

// Of both ends: people write "a, b".
std::string_view without_blanks(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

}  // namespace

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> elements;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        elements.emplace_back(without_blanks(text.substr(0, comma)));
        text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    }
    return elements;
}

Flags read_flags(std::span<const std::string> arguments, Problems& problems) {
    return FlagReader(arguments, problems).read();
}

}  // namespace config
