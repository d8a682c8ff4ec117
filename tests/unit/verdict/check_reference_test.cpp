#include "server/verdict/report/check_reference.h"

#include "server/verdict/check_table.h"
#include "server/verdict/parameter_table.h"
#include "server/verdict/suite/suite_file.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

namespace {

constexpr const char* page = MURANO_SOURCE_DIR "/docs/checks.md";

std::string file_text(const char* name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The block of code behind this mark.
std::string block(const std::string& text, const std::string& mark) {
    const auto begin = text.find(mark) + mark.size();
    return text.substr(begin, text.find("```", begin) - begin);
}

}  // namespace

TEST_CASE("docs/checks.md is up to date; script/checks writes it") {
    if (std::getenv("MURANO_WRITE_CHECKS")) std::ofstream(page, std::ios::binary) << verdict::check_reference();
    CHECK_MESSAGE(file_text(page) == verdict::check_reference(), "run script/checks");
}

TEST_CASE("the documentation tells every check once, and its suite file is read without a mistake") {
    const std::string text = verdict::check_reference();
    for (const auto& row : verdict::check_table()) {
        const std::string cell = "| " + std::string(row.id) + " |";
        REQUIRE_MESSAGE(text.find(cell) != std::string::npos, row.id);
        CHECK_MESSAGE(text.find(cell, text.find(cell) + 1) == std::string::npos, row.id);
    }
    config::Problems problems;
    CHECK(verdict::suite::read_suite(block(text, "```jsonc\n"), "docs", problems).has_value());
    CHECK_MESSAGE(problems.ok(), problems.error_text());
}

TEST_CASE("the documentation and the schema tell every step, and the schema every parameter") {
    const std::string text = verdict::check_reference();
    const config::JsonNode schema = verdict::suite::suite_schema();
    const config::JsonNode* steps = schema.find("$defs")->find("step")->find("properties");
    const config::JsonNode* parameters = schema.find("$defs")->find("parameters")->find("properties");
    for (const auto& row : verdict::suite::step_table()) {
        CHECK_MESSAGE(text.find("| `\"" + std::string(row.name) + "\": ") != std::string::npos, row.name);
        CHECK_MESSAGE(steps->find(row.name) != nullptr, row.name);
    }
    for (const auto& row : verdict::parameter_table()) CHECK_MESSAGE(parameters->find(row.name) != nullptr, row.name);
}

TEST_CASE("every parameter that a check names is in the table, and what it needs is a hook or alone") {
    for (const auto& row : verdict::check_table()) {
        std::string rest(row.parameters);
        for (std::size_t end = 0; !rest.empty(); rest.erase(0, end == std::string::npos ? end : end + 1)) {
            end = rest.find(' ');
            CHECK_MESSAGE(verdict::find_parameter(rest.substr(0, end)) != nullptr, row.id << " " << rest);
        }
        CHECK_MESSAGE((row.needs.empty() || row.needs == "alone" || row.needs == "power_cycle"), row.id);
    }
}

TEST_CASE("parameters are set from text, within their ranges") {
    verdict::Parameters parameters;
    const auto set = [&](std::string_view name, std::vector<std::string> texts) {
        return set_parameter(parameters, *verdict::find_parameter(name), texts);
    };
    CHECK(set("patience_s", {"0.5"}));
    CHECK(parameters.patience == std::chrono::milliseconds(500));
    CHECK(set("patience_s", {"1000000"}));
    for (const char* bad : {"", "-1", "1000001", "1s", "nan", "inf", " 1"}) CHECK_FALSE(set("patience_s", {bad}));
    CHECK_FALSE(set("patience_s", {"1", "2"}));
    CHECK(set("corruptions", {"0"}));
    for (const char* bad : {"", "-1", "1.5", "1000000001"}) CHECK_FALSE(set("corruptions", {bad}));
    CHECK(set("reprovisions", {"false"}));
    CHECK_FALSE(set("reprovisions", {"no"}));
    CHECK(set("setting_values", {"a", "b"}));
    CHECK(parameters.setting_values.size() == 2);
    CHECK_FALSE(parameters.setting_given);
    CHECK(set("setting_alias", {"valve"}));
    CHECK(parameters.setting_given);
    CHECK(verdict::find_parameter("patience") == nullptr);
}
