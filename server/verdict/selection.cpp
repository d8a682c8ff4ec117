#include "server/verdict/selection.h"

#include <algorithm>
#include <cctype>
#include <span>

namespace verdict {

namespace {

char upper(char letter) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
}

bool fits(std::span<const std::string> globs, std::string_view id) {
    return std::ranges::any_of(globs, [&](const std::string& glob) { return matches_glob(glob, id); });
}

// The first pattern that no check fits.
const std::string* useless(std::span<const std::string> globs) {
    const auto found = std::ranges::find_if(globs, [](const std::string& glob) {
        return std::ranges::none_of(check_table(), [&](const CheckRow& row) { return matches_glob(glob, row.id); });
    });
    return found == globs.end() ? nullptr : &*found;
}

// What a long run does is ROB-02. [verdict.md 1]
bool is_in(std::string_view suite, const CheckRow& row) {
    if (suite == "soak") return row.watch != nullptr || row.id == "ROB-02";
    return suite == "full" || row.in_quick;
}

SelectionError unknown(const std::string& pattern) {
    const std::string near = ids_of_group(pattern);
    return {"no check fits '" + pattern + "'" + (near.empty() ? "" : ": there are " + near)};
}

}  // namespace

std::string ids_of_group(std::string_view pattern) {
    std::string text;
    for (const CheckRow& row : check_table()) {
        const bool same_group = matches_glob(std::string(group_of(pattern)), group_of(row.id));
        if (same_group) text += (text.empty() ? "" : ", ") + std::string(row.id);
    }
    return text;
}

// Linear in the product of the lengths: the last star is the only one that is tried again.
bool matches_glob(std::string_view glob, std::string_view id) {
    std::size_t g = 0;
    std::size_t i = 0;
    std::size_t star = std::string_view::npos;
    std::size_t retry = 0;
    while (i < id.size()) {
        if (g < glob.size() && (glob[g] == '?' || (glob[g] != '*' && upper(glob[g]) == upper(id[i])))) {
            ++g, ++i;
        } else if (g < glob.size() && glob[g] == '*') {
            star = g++;
            retry = i;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            i = ++retry;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

std::variant<std::vector<const CheckRow*>, SelectionError> select(const Selection& selection) {
    constexpr std::string_view suites[] = {"quick", "full", "soak"};
    if (std::ranges::find(suites, selection.suite) == std::end(suites))
        return SelectionError{"the suite '" + selection.suite + "' is unknown: there are quick, full and soak"};
    for (const auto* globs : {&selection.only, &selection.skip})
        if (const std::string* pattern = useless(*globs)) return unknown(*pattern);
    std::vector<const CheckRow*> rows;
    for (const CheckRow& row : check_table()) {
        const bool wanted = selection.only.empty() ? is_in(selection.suite, row) : fits(selection.only, row.id);
        if (wanted && !fits(selection.skip, row.id)) rows.push_back(&row);
    }
    if (rows.empty()) return SelectionError{"nothing is left to check: each selected check is skipped as well"};
    return rows;
}

}  // namespace verdict
