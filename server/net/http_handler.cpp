#include "server/net/http_handler.h"

#include "server/net/connection.h"

#include <algorithm>
#include <array>
#include <utility>

namespace net {
namespace {

constexpr std::chrono::seconds idle_time{60};
constexpr std::chrono::seconds stream_silence{15};  // then a comment shows whether the client is still there
constexpr std::size_t file_piece_bytes = 64 * 1024;
constexpr std::size_t full_outbox_bytes = 256 * 1024;

}  // namespace

HttpHandler::HttpHandler(Connection& connection, HttpService& service, HttpPeer peer)
    : connection_(connection), service_(service), peer_(std::move(peer)) {
    touched();
}

HttpHandler::~HttpHandler() {
    *alive_ = false;
    unwatch();
}

void HttpHandler::touched() {
    last_activity_ = connection_.now();
}

void HttpHandler::on_bytes(std::string_view bytes) {
    if (state_ == State::done) return;
    touched();
    reader_.feed(bytes);
    if (state_ == State::reading) read_on();
}

bool HttpHandler::wants_bytes() const {
    // While a request is being answered, little is read ahead: enough to hear that the client has left.
    if (state_ != State::reading && reader_.buffered_bytes() > 0) return false;
    return connection_.waiting_bytes() < full_outbox_bytes;
}

void HttpHandler::read_on() {
    while (state_ == State::reading) {
        auto event = reader_.next();
        if (!event || !take(*event)) break;
    }
    watch_head();
}

// A head that comes byte by byte is activity without end: it has its own time.
void HttpHandler::watch_head() {
    if (state_ != State::reading || exchange_ || !reader_.in_request()) {
        head_since_.reset();
    } else if (!head_since_) {
        head_since_ = connection_.now();
        connection_.deadline_changed();
    }
}

bool HttpHandler::take(HttpEvent& event) {
    if (auto* ready = std::get_if<HeadersReady>(&event)) return begin(ready->head);
    if (auto* chunk = std::get_if<BodyChunk>(&event)) {
        const auto early = exchange_->write(chunk->bytes);
        if (!early) return true;
        close_after_ = true;
        respond(*early);
        return false;
    }
    if (auto* complete = std::get_if<Complete>(&event)) {
        finish_request(std::move(complete->body));
        return true;
    }
    const auto& error = std::get<HttpError>(event);
    close_after_ = true;
    respond(exchange_ ? exchange_->reader_error(error.status, error.message)
                      : service_.reader_error(peer_, error.status, error.message));
    return false;
}

bool HttpHandler::begin(std::shared_ptr<const HttpHead> head) {
    head_ = std::move(head);
    form_ = answer_form(*head_);
    exchange_ = service_.begin(head_, peer_);
    if (const auto& refusal = exchange_->refusal()) {
        close_after_ = head_->has_body();
        if (!close_after_) (void)reader_.next();  // Complete: nothing of this request is left
        respond(*refusal);
        return state_ == State::reading;
    }
    exchange_->streams_body() ? reader_.stream_body(exchange_->body_limit())
                              : reader_.collect_body(exchange_->body_limit());
    if (head_->expects_continue) connection_.send("HTTP/1.1 100 Continue\r\n\r\n");
    return true;
}

void HttpHandler::finish_request(std::string body) {
    state_ = State::committing;
    connection_.services().turn.commits().when_committed([this, alive = alive_, text = std::move(body)](bool) mutable {
        if (*alive && state_ == State::committing) run_exchange(std::move(text));
    });
}

void HttpHandler::run_exchange(std::string body) {
    guarded([&] { answer(exchange_->finish(std::move(body))); });
}

// A bug, or a store that cannot be read: one request fails, the server goes on.
void HttpHandler::guarded(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        connection_.services().log.error("a request could not be answered",
                                         {{"target", head_->target}, {"error", error.what()}});
        if (state_ == State::streaming) {
            connection_.close(device::CloseReason::network_error);
            return;
        }
        unwatch();
        long_poll_.reset();
        respond(exchange_->reader_error(500, "the server could not answer; its log says why"));
    }
}

void HttpHandler::answer(HttpAnswer&& answer) {
    if (auto* response = std::get_if<HttpResponse>(&answer)) {
        respond(*response);
        return;
    }
    if (auto* poll_answer = std::get_if<LongPoll>(&answer)) {
        long_poll_ = std::move(*poll_answer);
        poll_until_ = connection_.now() + std::chrono::milliseconds(long_poll_->wait_ms);
        last_poll_ = long_poll_->wait_ms == 0;
        state_ = State::waiting;
        if (!last_poll_) watch();
        again();
        connection_.deadline_changed();
        return;
    }
    in_pieces_ = true;
    stream_ = std::move(std::get<EventStream>(answer));
    state_ = State::streaming;
    connection_.send(serialise_head(stream_->head, form_, connection_.services().clock.now().real_us));
    watch();
    connection_.deadline_changed();
    again();
}

void HttpHandler::respond(const HttpResponse& response) {
    in_pieces_ = response.file.has_value();
    status_ = response.status;
    range_from_ = response.file ? response.file->offset : 0;
    body_sent_ = response.file ? 0 : response.body.size();
    close_after_ = close_after_ || closes(response, form_);
    auto shown = response;
    shown.close = close_after_;
    connection_.send(serialise_head(shown, form_, connection_.services().clock.now().real_us));
    if (!has_body(response, form_)) {
        request_done();
        return;
    }
    if (!response.file) {
        connection_.send(response.body);
        request_done();
        return;
    }
    file_.open(response.file->path, std::ios::binary);
    file_.seekg(static_cast<std::streamoff>(response.file->offset));
    file_left_ = response.file->length;
    body_fault_ = response.body_fault;
    body_sent_ = 0;
    place_ = response.place;
    state_ = State::sending_file;
    send_file_piece();
}

void HttpHandler::send_file_piece() {
    std::array<char, file_piece_bytes> piece;
    auto wanted = std::min<std::uint64_t>(file_left_, piece.size());
    if (body_fault_) wanted = body_fault_->piece(wanted, body_sent_);
    file_.read(piece.data(), static_cast<std::streamsize>(wanted));
    if (static_cast<std::uint64_t>(file_.gcount()) != wanted) {
        // The head has promised more: only a broken connection tells the client.
        connection_.close(device::CloseReason::network_error);
        return;
    }
    file_left_ -= wanted;
    if (body_fault_) body_fault_->damage({piece.data(), static_cast<std::size_t>(wanted)}, body_sent_);
    body_sent_ += wanted;
    touched();
    connection_.send({piece.data(), static_cast<std::size_t>(wanted)});
    if (body_fault_ && body_fault_->cut_after && body_sent_ >= *body_fault_->cut_after) {
        state_ = State::done;
        observe(false);
        connection_.end(body_fault_->reset ? mqtt::Ending::reset : mqtt::Ending::fin, device::CloseReason::fault);
        return;
    }
    if (file_left_ > 0) {
        if (body_fault_ && body_fault_->bytes_per_s != 0) pause_body(wanted);
        return;
    }
    file_.close();
    request_done();
}

void HttpHandler::pause_body(std::uint64_t bytes) {
    pausing_ = true;
    connection_.wake_at(connection_.now() + std::chrono::microseconds(body_fault_->pause_us(bytes)));
}

void HttpHandler::on_wake() {
    if (state_ == State::sending_file && std::exchange(pausing_, false)) send_file_piece();
}

void HttpHandler::on_drained() {
    if (state_ == State::sending_file && !pausing_) send_file_piece();
    if (state_ == State::streaming) again();
}

void HttpHandler::poll() {
    auto polled = long_poll_->poll(last_poll_);
    if (const auto* not_yet = std::get_if<NotYet>(&polled)) {
        if (*not_yet == NotYet::goes_on) again();
        return;
    }
    unwatch();
    long_poll_.reset();
    respond(std::get<HttpResponse>(polled));
}

void HttpHandler::push() {
    // A reader that stalls gets nothing more until it has taken what is waiting for it.
    stalled(connection_.waiting_bytes() >= full_outbox_bytes);
    if (stalled_) return;
    const auto news = stream_->more();
    if (!news.bytes.empty()) {
        touched();
        connection_.send(stream_piece(news.bytes, form_));
    }
    if (news.ends) {
        end_stream();
    } else if (news.goes_on) {
        again();
    }
}

void HttpHandler::end_stream() {
    unwatch();
    connection_.send(stream_end(form_));
    close_after_ = close_after_ || closes(stream_->head, form_);
    stream_.reset();
    request_done();
}

void HttpHandler::stalled(bool is) {
    if (std::exchange(stalled_, is) == is) return;
    auto& streams = connection_.services().metrics.stalled_streams;
    is ? ++streams : --streams;
}

void HttpHandler::again() {
    if (std::exchange(again_, true)) return;
    connection_.continue_in_slice([this, alive = alive_] {
        if (*alive && std::exchange(again_, false)) go_on();
    });
}

void HttpHandler::go_on() {
    guarded([this] {
        if (state_ == State::waiting) poll();
        if (state_ == State::streaming) push();
    });
}

void HttpHandler::watch() {
    watch_ = service_.watch([this, alive = alive_] {
        if (*alive) again();
    });
}

void HttpHandler::unwatch() {
    if (watch_ != 0) service_.unwatch(std::exchange(watch_, 0));
}

// What a run that judges devices sees of a request on a device port.
void HttpHandler::observe(bool whole) const {
    if (!connection_.is_observed() || !head_) return;
    const auto& path = head_->segments;
    std::string item;
    if (path.size() > 2 && path.front() == "content")
        for (std::size_t i = 2; i < path.size(); ++i) item += (i > 2 ? "/" : "") + path[i];
    connection_.observe(verdict::HttpAsked{.method = head_->method,
                                           .item = item,
                                           .status = static_cast<int>(status_),
                                           .range_from = range_from_,
                                           .body_bytes = body_sent_,
                                           .whole = whole});
}

void HttpHandler::request_done() {
    observe(true);
    exchange_.reset();
    place_.reset();
    answered_ = std::move(head_);
    touched();
    if (close_after_) {
        state_ = State::done;
        connection_.close(device::CloseReason::device_disconnect);
        return;
    }
    state_ = State::reading;
    connection_.deadline_changed();
    connection_.continue_later([this, alive = alive_] {
        if (*alive && state_ == State::reading) read_on();
    });
}

std::optional<ProtocolHandler::TimePoint> HttpHandler::deadline() const {
    if (state_ == State::committing || (state_ == State::waiting && last_poll_)) return std::nullopt;
    if (state_ == State::waiting) return poll_until_;
    if (state_ == State::streaming) return last_activity_ + stream_silence;
    const auto idle = last_activity_ + idle_time;
    return head_since_ ? std::min(idle, *head_since_ + connection_.services().connect_timeout) : idle;
}

bool HttpHandler::on_deadline() {
    if (state_ == State::streaming) {
        touched();
        if (connection_.waiting_bytes() == 0) connection_.send(stream_piece(stream_->silence, form_));
        return true;
    }
    if (head_since_) {
        close_after_ = true;
        respond(
            service_.reader_error(peer_, 408, "the head of the request did not come within limits.connect_timeout_ms"));
        return true;
    }
    if (state_ != State::waiting) return false;
    last_poll_ = true;
    // Before the others, which have time: a slice that it asked for earlier finds nothing to do.
    again_ = true;
    connection_.continue_in_slice(
        [this, alive = alive_] {
            if (*alive && std::exchange(again_, false)) go_on();
        },
        Connection::Slice::first);
    return true;
}

std::size_t HttpHandler::held_bytes() const {
    const std::size_t gathered = long_poll_ && long_poll_->held_bytes ? long_poll_->held_bytes() : 0;
    return reader_.held_bytes() + gathered + (stream_ ? stream_->held_bytes : 0);
}

// A request that has not been answered yet goes on, with what the store holds now.
std::optional<std::string> HttpHandler::after_failed_commit(bool output_lost) {
    if (!output_lost) return std::string();
    if (in_pieces_ || !answered_) return std::nullopt;  // part of the answer may have left
    auto& services = connection_.services();
    auto response = service_.failure(*answered_, 503,
                                     "nothing of this request is kept, because the database could not be written (" +
                                         services.turn.commits().failure() +
                                         "): see to the disk of the data folder, then send it again");
    response.close = true;
    auto bytes = serialise_head(response, form_, services.clock.now().real_us);
    if (has_body(response, form_)) bytes += response.body;
    return bytes;
}

void HttpHandler::on_closed(device::CloseReason) {
    state_ = State::done;
    *alive_ = false;
    unwatch();
    exchange_.reset();
    place_.reset();
    if (stream_) stream_->head.place.reset();
    stalled(false);
}

}  // namespace net
