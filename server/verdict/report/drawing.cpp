#include "server/verdict/report/drawing.h"

#include "server/verdict/report/escape.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace verdict {

namespace {

constexpr double width = 720;
constexpr double margin = 4;

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.1f", value);
    return text;
}

std::string rect(const char* style, double x, double y, double wide, double high) {
    return "<rect class=\"" + std::string(style) + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" +
           number(std::max(wide, 1.0)) + "\" height=\"" + number(high) + "\"/>";
}
std::string tick(const char* style, double x, double from, double to) {
    return "<line class=\"" + std::string(style) + "\" x1=\"" + number(x) + "\" x2=\"" + number(x) + "\" y1=\"" +
           number(from) + "\" y2=\"" + number(to) + "\"/>";
}
std::string text_at(double x, double y, const char* anchor, const std::string& text) {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" + markup(text) +
           "</text>";
}
std::string drawing(const std::string& name, double high, const std::string& parts) {
    return "<svg role=\"img\" aria-label=\"" + markup(name) + "\" width=\"" + number(width) + "\" height=\"" +
           number(high) + "\" viewBox=\"0 0 " + number(width) + " " + number(high) + "\"><title>" + markup(name) +
           "</title>" + parts + "</svg>\n";
}

// One line of time, from the begin of the act's turn to its end.
class Timeline {
  public:
    Timeline(Moment began, Moment ended) : began_(began), span_(std::max(ended - began, Moment{1})) {}

    void add(const Mark& mark) {
        using enum Mark::Kind;
        const double x = place(mark.at);
        Bar& bar = bars_[mark.connection];
        if (mark.kind == opened) bar.from = x;
        if (mark.kind == let_in) bar.let_in = x;
        if (mark.kind == refused) parts_ += rect("ref", x, 12, 3, 12);
        if (mark.kind == came) parts_ += tick("came", x, 6, 12);
        if (mark.kind == left) parts_ += tick("left", x, 24, 30);
        if (mark.kind == fault) parts_ += rect("fault", x, 0, 2, 5);
        if (mark.kind == closed) close(mark.connection, x);
    }
    std::string svg(const std::string& name) {
        while (!bars_.empty()) close(bars_.begin()->first, place(began_ + span_));
        return drawing(
            name, 44,
            parts_ + text_at(margin, 42, "start", "0 s") + text_at(width - margin, 42, "end", seconds_text(span_)));
    }

  private:
    struct Bar {
        std::optional<double> from = std::nullopt;  // nothing: it was open before
        std::optional<double> let_in = std::nullopt;
    };
    double place(Moment at) const {
        return margin + (width - 2 * margin) * seconds(std::clamp(at - began_, Moment{0}, span_)) / seconds(span_);
    }
    void close(std::uint32_t connection, double x) {
        const Bar bar = bars_[connection];
        bars_.erase(connection);
        if (connection == 0) return;
        const double from = bar.from.value_or(margin);
        parts_ += rect("open", from, 14, x - from, 8);
        const double in = bar.from ? bar.let_in.value_or(x) : margin;
        if (in < x) parts_ += rect("let", in, 14, x - in, 8);
    }

    Moment began_;
    Moment span_;
    std::map<std::uint32_t, Bar> bars_;
    std::string parts_;
};

// From the end of one connection to the begin of the next.
std::vector<Moment> pauses_of(std::span<const Mark> marks) {
    std::vector<Moment> pauses;
    const Mark* ended = nullptr;
    for (const Mark& mark : marks) {
        if (mark.kind == Mark::Kind::closed) ended = &mark;
        if (mark.kind != Mark::Kind::opened || ended == nullptr) continue;
        pauses.push_back(mark.at - ended->at);
        ended = nullptr;
    }
    return pauses;
}

bool is_about_pauses(std::string_view id) {
    constexpr std::string_view ids[] = {"CON-02", "CON-03", "CON-04", "CON-05", "PRV-04", "PRV-06"};
    return std::ranges::find(ids, id) != std::end(ids);
}

}  // namespace

std::string timeline_svg(const CheckView& check) {
    if (!check.began || !check.ended || check.marks.empty()) return "";
    Timeline line(*check.began, *check.ended);
    for (const Mark& mark : check.marks) line.add(mark);
    return line.svg("Connections, packets and faults of " + std::string(check.row->id) + " over " +
                    seconds_text(*check.ended - *check.began));
}

std::string pauses_svg(const CheckView& check, Moment max_backoff) {
    const auto pauses = pauses_of(check.marks);
    if (!is_about_pauses(check.row->id) || pauses.size() < 2) return "";
    constexpr double high = 90;
    constexpr double floor = high - 14;
    const double top = seconds(std::max(std::ranges::max(pauses), max_backoff));
    const double step = (width - 2 * margin) / static_cast<double>(pauses.size());
    const auto level = [&](double length_s) { return (floor - margin) * length_s / top; };
    std::string parts;
    std::string envelope;
    double asked = seconds(pauses.front());
    for (std::size_t i = 0; i < pauses.size(); ++i) {
        const double x = margin + static_cast<double>(i) * step;
        const double tall = level(seconds(pauses[i]));
        parts += rect("pause", x + 1, floor - tall, step - 2, tall);
        envelope += number(x + step / 2) + "," + number(floor - level(std::min(asked, seconds(max_backoff)))) + " ";
        asked *= 2;
    }
    parts += "<polyline class=\"env\" points=\"" + envelope + "\"/>" +
             text_at(margin, high - 2, "start", "pauses between attempts; dashed: doubled each time") +
             text_at(width - margin, high - 2, "end", "longest " + seconds_text(std::ranges::max(pauses)));
    return drawing("Pauses between the attempts of " + std::string(check.row->id), high, parts);
}

}  // namespace verdict
