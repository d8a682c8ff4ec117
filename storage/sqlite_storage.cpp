#include "storage/checkpointer.h"
#include "storage/database_file.h"
#include "storage/group_writer.h"
#include "storage/row_check.h"
#include "storage/sqlite_handle.h"
#include "storage/sqlite_reader.h"
#include "storage/storage.h"
#include "storage/writer_thread.h"

#include <sqlite3.h>

namespace storage {

namespace {

class SqliteStorage final : public Store {
  public:
    explicit SqliteStorage(const Options& options)
        : options_(options),
          connection_(open_database(options)),
          group_writer_(*connection_, options),
          checkpointer_(*connection_, open_for_checkpoints(options)),
          thread_(group_writer_, checkpointer_, options) {}

    ~SqliteStorage() override {
        thread_.stop();
        group_writer_.stop();
        checkpointer_.finish();
    }
    SqliteStorage(const SqliteStorage&) = delete;
    SqliteStorage& operator=(const SqliteStorage&) = delete;

    void prepare() {
        check_for_damage(*connection_, options_.file);
        if (options_.rules && is_small(options_.file)) check_rows();
        group_writer_.start();
    }

    void start(Committed committed) override { thread_.start(std::move(committed)); }
    void submit(Submission&& submission) override { thread_.submit(std::move(submission)); }
    void go_on() override { thread_.go_on(); }
    void settle() override { thread_.settle(); }
    std::uint64_t queued_bytes() const override { return thread_.queued_bytes(); }
    Statistics statistics() const override { return thread_.statistics(); }

    std::unique_ptr<Reader> open_reader() override {
        return std::make_unique<SqliteReader>(open_for_reading(options_), options_.file,
                                              [this] { return group_writer_.unsettled(); });
    }

  private:
    // A large database is read row by row later, where each reader meets its damage.
    void check_rows() {
        if (const auto bad = first_bad_row(*connection_, *options_.rules, nullptr)) {
            throw SqliteError(SQLITE_CORRUPT, bad->sentence());
        }
    }

    Options options_;
    std::unique_ptr<Connection> connection_;
    GroupWriter group_writer_;
    Checkpointer checkpointer_;
    WriterThread thread_;
};

}  // namespace

std::unique_ptr<Store> open_store(const Options& options) {
    try {
        auto store = std::make_unique<SqliteStorage>(options);
        store->prepare();
        return store;
    } catch (const SqliteError& error) {
        throw explain(error, options.file);
    }
}

}  // namespace storage
