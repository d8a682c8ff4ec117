#include "config/settings_text.h"

#include "config/read_file.h"
#include "config/setting_value.h"
#include "config/settings_schema.h"
#include "config/settings_table.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>

namespace {

using namespace config;

const std::string example = MURANO_SOURCE_DIR "/config/example.jsonc";

std::string text_of_example() {
    std::ifstream stream(example);
    return {std::istreambuf_iterator<char>(stream), {}};
}

const JsonNode* find_path(const JsonNode& root, std::string_view path) {
    const JsonNode* node = &root;
    while (node != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        node = node->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
    }
    return node;
}

TEST_CASE("the example loads without mistakes or warnings") {
    const LoadedSettings all = check_settings_file(example);
    INFO(all.problems.error_text());
    CHECK(all.problems.ok());
    CHECK(all.problems.warnings().empty());
}

TEST_CASE("the example shows every setting with its default") {
    Problems problems;
    const SettingsFile file = load_settings_file(example, problems);
    REQUIRE(file.root);
    const ServerSettings defaults;
    for (const Setting& setting : settings_table()) {
        if (setting.path.empty()) continue;
        const JsonNode* node = find_path(*file.root, setting.path);
        REQUIRE_MESSAGE(node != nullptr, setting.path);
        CHECK_MESSAGE(to_json_text(*node) == to_json_text(value_json(setting, defaults)), setting.path);
    }
}

TEST_CASE("the example's connector_defaults show every member and are the built-in ones") {
    const LoadedSettings all = check_settings_file(example);
    CHECK(all.settings.connector_defaults == ConnectorSettings());
    Problems problems;
    const SettingsFile file = load_settings_file(example, problems);
    const JsonNode* shown = file.root->find("connector_defaults");
    const JsonNode schema = connector_schema(false);
    for (const JsonMember& member : schema.find("properties")->members) {
        if (member.key == "fqdn" || member.key == "events") continue;
        CHECK_MESSAGE(shown->find(member.key) != nullptr, member.key);
    }
}

TEST_CASE("paths, flags and variables of the table are all different") {
    std::vector<std::string> names;
    for (const Setting& setting : settings_table()) {
        names.push_back("--" + std::string(setting.flag));
        names.push_back(variable_of(setting));
        if (!setting.path.empty()) names.push_back(std::string(setting.path));
        CHECK(find_setting_by_flag(setting.flag) == &setting);
        CHECK(find_setting_by_variable(variable_of(setting)) == &setting);
        CHECK((setting.path.empty() || find_setting_by_path(setting.path) == &setting));
        CHECK(is_switch(setting) == setting.argument.empty());
    }
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("every default is a value that its row accepts") {
    for (const Setting& setting : settings_table()) {
        ServerSettings settings;
        CHECK_MESSAGE(!assign(setting, settings, value_texts(setting, ServerSettings())), name_of(setting));
    }
}

class Schema {
  public:
    Schema() {
        document_.Parse(to_json_text(settings_schema()));
        REQUIRE(!document_.HasParseError());
    }

    bool accepts(const std::string& text) const {
        rapidjson::Document value;
        value.Parse<rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag>(text);
        REQUIRE(!value.HasParseError());
        const rapidjson::SchemaDocument schema(document_);
        rapidjson::SchemaValidator validator(schema);
        return value.Accept(validator);
    }

  private:
    rapidjson::Document document_;
};

TEST_CASE("the schema accepts the example and refuses what the reader refuses") {
    const Schema schema;
    CHECK(schema.accepts(text_of_example()));
    CHECK(schema.accepts("{}"));
    for (const std::string text :
         {R"({"domian":"x"})", R"({"seed":-1})", R"({"listen":{"mqtts":"x"}})", R"({"listen":{"mqttss":[]}})",
          R"({"log":{"level":"loud"}})", R"({"ephemeral":1})",
          R"({"connectors":{"c":{"provisioning":{"auth_type":"tokn"}}}})",
          R"({"connector_defaults":{"identities":{}}})", R"({"connectors":{"c":{"resources":{"a":{"format":"int"}}}}})",
          R"({"connectors":{"c":{"quirks":{"will":"x"}}}})",
          R"({"connectors":{"c":{"identities":{"i":{"key":"x"}}}}})"}) {
        CHECK_MESSAGE(!schema.accepts(text), text);
    }
}

TEST_CASE("[R3] the schema holds connector ids to their pattern") {  // which RapidJSON's validator does not look at
    const JsonNode schema = settings_schema();
    const JsonNode* names = find_path(schema, "properties.connectors.propertyNames.pattern");
    REQUIRE(names != nullptr);
    CHECK(names->text == "^[a-z0-9-]{1,63}$");
}

// The keys of an object's schema, and of what is in it, that nothing is said of.
void find_unexplained(const JsonNode& schema, const std::string& path, std::vector<std::string>& found) {
    if (const JsonNode* properties = schema.find("properties")) {
        for (const JsonMember& member : properties->members) {
            const std::string name = path.empty() ? member.key : path + "." + member.key;
            if (member.value.find("description") == nullptr) found.push_back(name);
            find_unexplained(member.value, name, found);
        }
    }
    if (const JsonNode* each = schema.find("additionalProperties")) find_unexplained(*each, path + ".*", found);
}

TEST_CASE("the schema explains every key of a connector") {
    for (const bool seeds : {false, true}) {
        std::vector<std::string> found;
        find_unexplained(connector_schema(seeds), "", found);
        for (const std::string& name : found) MESSAGE(name);
        CHECK(found.empty());
    }
}

TEST_CASE("help and reference name every setting, its variable and its default") {
    const std::string help = flags_help();
    const std::string reference = settings_reference();
    for (const Setting& setting : settings_table()) {
        CHECK_MESSAGE(help.find("  --" + std::string(setting.flag)) != std::string::npos, setting.flag);
        CHECK_MESSAGE(help.find(variable_of(setting) + "]") != std::string::npos, setting.flag);
        CHECK_MESSAGE(reference.find("`" + variable_of(setting) + "`") != std::string::npos, setting.flag);
    }
    CHECK(help.find("Default: 0.0.0.0:8883.") != std::string::npos);
    CHECK(reference.find("`--mqtt ADDR:PORT[=CONNECTOR]  (repeats)`") != std::string::npos);
}

TEST_CASE("help fits a terminal of a hundred columns") {
    std::string help = flags_help();
    while (!help.empty()) {
        const std::size_t end = help.find('\n');
        CHECK(end <= 100);
        help.erase(0, end + 1);
    }
}

TEST_CASE("what is printed shows value and origin and masks secrets") {
    const std::vector<std::string> arguments = {"--config=" + example, "--api-token=s3cret", "--seed=5"};
    const LoadedSettings all = load_settings(arguments, {});
    REQUIRE(all.problems.ok());
    const std::string text = print_text(all);
    const JsonNode json = print_json(all);
    for (const std::string& printed : {text, to_json_text(json)}) {
        CHECK(printed.find("s3cret") == std::string::npos);
        CHECK(printed.find("0123456789abcdefghij") == std::string::npos);
        CHECK(printed.find("***") != std::string::npos);
    }
    CHECK(text.find("flag --seed") != std::string::npos);
    const JsonNode* rows = json.find("settings");
    CHECK(to_json_text(*rows->find("seed")) == R"({"value":5,"origin":"flag","source":"--seed"})");
    CHECK(to_json_text(*rows->find("api_token")) == R"({"value":"***","origin":"flag","source":"--api-token"})");
    CHECK(rows->find("data_dir")->find("origin")->text == "file");
    CHECK(json.find("connectors")
              ->find("x2lmj5npsktbuik9")
              ->find("identities")
              ->find("12345")
              ->find("auth")
              ->find("key")
              ->text == "***");
}

}  // namespace
