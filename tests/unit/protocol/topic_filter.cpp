#include "protocol/topic_filter.h"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using protocol::check_topic_filter;
using protocol::FilterFault;
using protocol::matches;
using protocol::valid_topic_filter;
using protocol::valid_topic_name;

namespace {

std::vector<std::string> split(const std::string& topic) {
    std::vector<std::string> levels(1);
    for (const char c : topic) {
        if (c == '/') {
            levels.emplace_back();
        } else {
            levels.back() += c;
        }
    }
    return levels;
}

// The rules of 4.7 word by word, on lists of levels, without regard for cost.
bool naive_match(const std::vector<std::string>& filter, const std::vector<std::string>& topic, std::size_t at) {
    if (at == filter.size()) return at == topic.size();
    if (filter[at] == "#") return at <= topic.size();
    if (at == topic.size()) return false;
    const bool fits = filter[at] == "+" || filter[at] == topic[at];
    return fits && naive_match(filter, topic, at + 1);
}

bool naive_match(const std::string& filter, const std::string& topic) {
    if (topic[0] == '$' && (filter[0] == '+' || filter[0] == '#')) return false;
    return naive_match(split(filter), split(topic), 0);
}

std::string random_topic(std::mt19937& random, const std::string& alphabet) {
    std::string topic;
    const std::size_t size = 1 + random() % 7;
    while (topic.size() < size) topic += alphabet[random() % alphabet.size()];
    return topic;
}

}  // namespace

TEST_CASE("# stands alone in the last level, else the filter is wrong [MQTT-4.7.1-2]") {
    for (const char* good : {"#", "/#", "a/#", "a//#", "$SYS/#"}) CHECK(valid_topic_filter(good));
    for (const char* bad : {"a#", "#a", "a/#/b", "#/", "##", "a/#b", "#/#", "+#"}) {
        CAPTURE(bad);
        CHECK(check_topic_filter(bad) == FilterFault::misplaced_hash);
    }
}

TEST_CASE("+ stands alone in its level, else the filter is wrong [MQTT-4.7.1-3]") {
    for (const char* good : {"+", "+/+", "/+", "+/", "a/+/b", "+/a/#", "+/#"}) CHECK(valid_topic_filter(good));
    for (const char* bad : {"a+", "+a", "++", "a/b+", "a/+b/c", "sport+"}) {
        CAPTURE(bad);
        CHECK(check_topic_filter(bad) == FilterFault::misplaced_plus);
    }
}

TEST_CASE("names and filters have 1 to 65535 bytes and no U+0000 [MQTT-4.7.3-1], [MQTT-4.7.3-2], [MQTT-4.7.3-3]") {
    CHECK_FALSE(valid_topic_name(""));
    CHECK(check_topic_filter("") == FilterFault::bad_text);
    CHECK(valid_topic_name(std::string(65'535, 'a')));
    CHECK(valid_topic_filter(std::string(65'535, 'a')));
    CHECK_FALSE(valid_topic_name(std::string(65'536, 'a')));
    CHECK_FALSE(valid_topic_filter(std::string(65'536, 'a')));
    CHECK_FALSE(valid_topic_name(std::string("a\0", 2)));
    CHECK_FALSE(valid_topic_filter(std::string("\0/#", 3)));
    CHECK_FALSE(valid_topic_name("\xC0\xAF"));
    CHECK(valid_topic_name("/"));
    CHECK(valid_topic_name(" a b/\xC3\xA4"));
    CHECK(valid_topic_name("a\x01"));  // doubtful, not wrong
}

TEST_CASE("a topic name has no wildcards [MQTT-4.7.1-1]") {
    for (const char* bad : {"#", "+", "a/+", "a/#", "a+b", "a#b"}) {
        CAPTURE(bad);
        CHECK_FALSE(valid_topic_name(bad));
    }
}

TEST_CASE("filters match as the examples of the standard say [MQTT-4.7.3-4]") {
    CHECK(matches("sport/tennis/player1/#", "sport/tennis/player1"));
    CHECK(matches("sport/tennis/player1/#", "sport/tennis/player1/ranking"));
    CHECK(matches("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"));
    CHECK(matches("sport/#", "sport"));
    CHECK(matches("#", "a"));
    CHECK(matches("#", "/"));
    CHECK(matches("sport/tennis/+", "sport/tennis/player1"));
    CHECK_FALSE(matches("sport/tennis/+", "sport/tennis/player1/ranking"));
    CHECK_FALSE(matches("sport/+", "sport"));
    CHECK(matches("sport/+", "sport/"));
    CHECK(matches("+/+", "/finance"));
    CHECK(matches("/+", "/finance"));
    CHECK_FALSE(matches("+", "/finance"));
    CHECK_FALSE(matches("sport/#", "sports"));
}

TEST_CASE("comparison is by bytes: case counts, a leading or trailing slash too [MQTT-4.7.3-4]") {
    CHECK_FALSE(matches("ACCOUNTS", "Accounts"));
    CHECK_FALSE(matches("/a", "a"));
    CHECK_FALSE(matches("a", "a/"));
    CHECK_FALSE(matches("a/b", "a//b"));
    CHECK(matches("a//b", "a//b"));
    CHECK(matches("a/+/b", "a//b"));
    CHECK_FALSE(matches("\xC3\xA4", "a\xCC\x88"));  // no normalization
    CHECK(
        matches("\xEF\xBB\xBF"
                "a",
                "\xEF\xBB\xBF"
                "a"));
    CHECK_FALSE(matches("a",
                        "\xEF\xBB\xBF"
                        "a"));
}

TEST_CASE("a wildcard in front does not match a topic that starts with $ [MQTT-4.7.2-1]") {
    CHECK_FALSE(matches("#", "$SYS/monitor"));
    CHECK_FALSE(matches("+", "$SYS"));
    CHECK_FALSE(matches("+/monitor/Clients", "$SYS/monitor/Clients"));
    CHECK_FALSE(matches("+/#", "$resource/a"));
    CHECK(matches("$SYS/#", "$SYS/monitor"));
    CHECK(matches("$SYS/#", "$SYS"));
    CHECK(matches("$SYS/monitor/+", "$SYS/monitor/Clients"));
    CHECK(matches("#", "a/$SYS"));
    CHECK(matches("+/b", "a$/b"));
}

TEST_CASE("matching agrees with a naive reading of 4.7 [MQTT-4.5.0-1], [MQTT-3.3.2-3], [MQTT-4.7.3-4]") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    int hits = 0;
    for (int i = 0; i < 60'000; ++i) {
        const std::string filter = random_topic(random, "ab$//++#");
        const std::string topic = random_topic(random, "ab$//");
        if (!valid_topic_filter(filter)) continue;
        const bool expected = naive_match(filter, topic);
        CAPTURE(filter);
        CAPTURE(topic);
        REQUIRE(matches(filter, topic) == expected);
        hits += expected ? 1 : 0;
    }
    CHECK(hits > 100);
}
