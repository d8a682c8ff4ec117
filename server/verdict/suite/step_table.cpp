#include "server/verdict/suite/step.h"

#include <array>

namespace verdict::suite {

namespace {

constexpr std::array rows = std::to_array<StepRow>({
    {"set", StepTakes::values, "", "the cloud sets values: alias and value"},
    {"expect", StepTakes::match, "within", "such an event must come, of this device where none is named"},
    {"never", StepTakes::match, "for", "no such event may come, of this device where none is named"},
    {"fault", StepTakes::fault, "", "a fault on this device, without whom it strikes"},
    {"clear", StepTakes::yes, "", "all faults end"},
    {"advance", StepTakes::duration, "", "the emulator's clock goes on"},
    {"hook", StepTakes::name, "", "a hook is called and waited for, such as power_cycle"},
    {"disconnect", StepTakes::yes, "", "the device's connections are reset"},
    {"publish", StepTakes::message, "", "the cloud publishes a message to the device"},
    {"wait", StepTakes::duration, "", "time passes"},
});
static_assert(rows.size() == std::variant_size_v<decltype(Step::what)>);

}  // namespace

std::span<const StepRow> step_table() {
    return rows;
}

std::string_view step_name(const Step& step) {
    return rows[step.what.index()].name;
}

}  // namespace verdict::suite
