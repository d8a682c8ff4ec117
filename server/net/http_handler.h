#pragma once
// HTTP/1.1 on one connection: requests one after the other, answered by a service. A request waits until everything
// received before it is committed, so that it reads complete data; its answer waits for its own changes.

#include "server/http/reader.h"
#include "server/http/service.h"
#include "server/net/protocol_handler.h"

#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace net {

class HttpHandler : public ProtocolHandler {
  public:
    HttpHandler(Connection& connection, HttpService& service, HttpPeer peer);
    ~HttpHandler() override;

    void on_bytes(std::string_view bytes) override;
    void on_closed(device::CloseReason reason) override;
    void on_drained() override;
    void on_wake() override;
    bool wants_bytes() const override;
    std::optional<TimePoint> deadline() const override;
    device::CloseReason deadline_reason() const override { return device::CloseReason::idle; }
    bool on_deadline() override;
    std::optional<std::string> after_failed_commit(bool output_lost) override;
    std::string_view name() const override { return "http"; }
    std::size_t held_bytes() const override;

  private:
    enum class State : std::uint8_t { reading, committing, waiting, streaming, sending_file, done };

    void read_on();
    bool take(HttpEvent& event);  // false: wait for something other than bytes
    bool begin(std::shared_ptr<const HttpHead> head);
    void finish_request(std::string body);
    void run_exchange(std::string body);
    void answer(HttpAnswer&& answer);
    void respond(const HttpResponse& response);
    void send_file_piece();
    void pause_body(std::uint64_t bytes);
    void poll();
    void push();
    void end_stream();
    void again();  // calls go_on() in its slice
    void go_on();  // continues work that takes several turns
    void guarded(const std::function<void()>& work);
    void watch();
    void unwatch();
    void request_done();
    void observe(bool whole) const;
    void touched();
    void watch_head();
    void stalled(bool is);

    Connection& connection_;
    HttpService& service_;
    HttpPeer peer_;
    HttpReader reader_;
    std::shared_ptr<const HttpHead> head_;
    std::shared_ptr<const HttpHead> answered_;  // the previous one; its answer may wait for its commit
    std::unique_ptr<HttpExchange> exchange_;
    AnswerForm form_;
    std::optional<LongPoll> long_poll_;
    std::optional<EventStream> stream_;
    std::ifstream file_;
    std::uint64_t file_left_ = 0;
    std::uint64_t body_sent_ = 0;  // of the file, while a fault applies
    std::optional<BodyFault> body_fault_;
    unsigned status_ = 0;           // of the last answer
    std::uint64_t range_from_ = 0;  // of its file
    bool pausing_ = false;          // a slow body: the next piece is scheduled
    std::uint64_t watch_ = 0;
    TimePoint last_activity_;
    TimePoint poll_until_;
    std::optional<TimePoint> head_since_;  // a request has begun, and its head is incomplete
    std::shared_ptr<const void> place_;    // of the file being sent
    State state_ = State::reading;
    bool last_poll_ = false;  // its time is over
    bool again_ = false;      // to be called again soon
    bool in_pieces_ = false;  // the last answer was not sent as a whole
    bool close_after_ = false;
    bool stalled_ = false;                                        // the stream's client does not read
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // callbacks outlive the connection
};

}  // namespace net
