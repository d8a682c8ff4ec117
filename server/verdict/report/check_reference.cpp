#include "server/verdict/report/check_reference.h"

#include "server/verdict/check_table.h"
#include "server/verdict/parameter_table.h"

#include <array>
#include <string_view>
#include <utility>

namespace verdict {

namespace {

constexpr std::string_view head = R"(# Checks

Written by `script/checks` from the table of checks; do not edit. The [guide](guide.md) shows how firmware is judged.

A **watch** check looks at what the device does by itself, over the whole run. An **act** check has its turn: it makes
the world misbehave, looks at what the device does, and lets it get well again. *Quick* checks are in both suites, the
others in `full`. Under *needs* stand the hooks without which a check is not run; `alone` means that no other device may
be connected on the connector, since the check strikes before CONNECT says who comes.

Each check ends as `passed`, `warned`, `failed`, or `not_run` with the reason. Sources are rules ([rules](rules.md)),
statements of MQTT 3.1.1, or `verdict` where the judgement is this product's own.
)";

constexpr std::string_view suite_file = R"(
## A suite of your own

A JSON file, comments allowed, chooses checks and adds new ones. Mistakes are told with line and column. An editor
completes and checks it with the schema of `murano-emulator config schema suite >suite.schema.json`, which the packages
bring as `/usr/share/murano-emulator/suite.schema.json`, and `"$schema": "./suite.schema.json"` in the file.

```jsonc
{
  "suite": "Greenhouse controller", "parameters": { "patience_s": 30, "setting_alias": "config_io" },
  "checks": [
    "CON-*",                                                 // built-in ones by id or glob
    { "id": "KA-03", "parameters": { "patience_s": 120 } },  // with parameters of its own
    { "id": "GH-01", "title": "The valve closes within 5 s of the command", "timeout_s": 30,
      "steps": [
        { "set": { "valve": "closed" } },
        { "expect": { "type": "data_in", "alias": "valve", "equals": "closed" }, "within": "5s", "hint": "Look at the relay." }
      ] }
  ]
}
```

| step | does |
| --- | --- |
| `"set": {"alias": value}` | the cloud sets values |
| `"expect": {…}, "within": "10s"` | an event must come; takes what `/wait` takes, and means this device where it names none |
| `"never": {…}, "for": "10s"` | no such event may come |
| `"fault": {…}` | a fault on this device, without a name and without whom it strikes |
| `"clear": true` | all faults end |
| `"advance": "25h"` | the emulator's clock goes on |
| `"hook": "power_cycle"` | a hook is called and waited for |
| `"disconnect": true` | the device's connections are reset |
| `"publish": {"topic": "…", "payload": "…"}` | the cloud publishes to the device |
| `"wait": "2s"` | time passes |

A step may have a `hint`, which the report shows where it fails. `timeout_s` (60) bounds the whole check.
)";

constexpr auto groups = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"TLS", "TLS"},
    {"PRV", "Provisioning"},
    {"CON", "Connecting"},
    {"KA", "Keep Alive"},
    {"PUB", "Reporting"},
    {"RX", "From the cloud"},
    {"SES", "Sessions"},
    {"CNT", "Content"},
    {"ROB", "Robustness"},
    {"PKT", "Packets"},
    {"DOS", "Load"},
});

// "patience_s max_backoff_s" as "`patience_s`, `max_backoff_s`".
std::string quoted_list(std::string_view names) {
    std::string text;
    while (!names.empty()) {
        const std::string_view name = names.substr(0, names.find(' '));
        names.remove_prefix(name.size() < names.size() ? name.size() + 1 : name.size());
        text.append(text.empty() ? "`" : ", `").append(name).append("`");
    }
    return text;
}

void add_row(std::string& page, const CheckRow& row) {
    page.append("| ").append(row.id).append(" | ").append(row.title).append(" | ");
    page.append(row.watch ? "watch" : "act").append(row.in_quick ? ", quick" : "").append(" | ");
    page.append(row.source).append(" | ").append(quoted_list(row.needs)).append(" | ");
    page.append(quoted_list(row.parameters)).append(" |\n");
}

}  // namespace

std::string check_reference() {
    std::string page(head);
    for (const auto& [group, title] : groups) {
        page.append("\n## ").append(title).append("\n\n");
        page.append(
            "| id | what it asks | kind | source | needs | parameters |\n| --- | --- | --- | --- | --- | --- |\n");
        for (const CheckRow& row : check_table())
            if (group_of(row.id) == group) add_row(page, row);
    }
    page.append("\n## Parameters\n\n| name | default | what it says |\n| --- | --- | --- |\n");
    for (const ParameterRow& row : parameter_table())
        page.append("| `")
            .append(row.name)
            .append("` | ")
            .append(row.standing)
            .append(" | ")
            .append(row.help)
            .append(" |\n");
    return page.append(suite_file);
}

}  // namespace verdict
