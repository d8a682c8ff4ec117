#pragma once
// A database with a row in every table, as the server writes them, and a snapshot of it that a test may damage.

#include "config/connector_settings_json.h"
#include "server/control/kept_rows.h"
#include "server/core/connector.h"
#include "server/journal/journal.h"
#include "server/runtime/emulator_clock.h"
#include "storage/snapshot.h"
#include "storage/snapshot_seal.h"
#include "tests/support/sample_events.h"
#include "tests/unit/storage/store_fixture.h"

#include <atomic>
#include <fstream>
#include <optional>
#include <string>

namespace test {

inline device::CertificateTools certificates_named_pem() {
    device::CertificateTools tools;
    tools.describe = [](std::string_view pem, std::string& error) -> std::optional<device::PeerCertificate> {
        if (pem.starts_with("PEM")) return device::PeerCertificate{};
        error = "no PEM";
        return std::nullopt;
    };
    return tools;
}

class KeptWorld {
  public:
    KeptWorld() {
        rules_ = device::rules_of_kept_rows({}, certificates_named_pem());
        std::filesystem::create_directory(content());
        std::ofstream(content() / "f1") << "GIF";
        storage_test::RunningStore running(folder_);
        running.commit(all_tables());
        storage::save_snapshot({.file = folder_.file()}, content(), snapshot(), never_);
    }

    std::filesystem::path snapshot() const { return folder_.file("good"); }
    std::filesystem::path content() const { return folder_.path() / "content"; }
    const storage_test::TemporaryFolder& folder() const { return folder_; }
    const storage::RowRules& rules() const { return rules_; }

    // A copy of the snapshot in the form of version 0.1.0, without a checksum, changed by `sql`.
    std::filesystem::path changed(const std::string& sql) const {
        const auto file = folder_.file("changed");
        std::filesystem::copy_file(snapshot(), file, std::filesystem::copy_options::overwrite_existing);
        storage::unseal(file, never_);
        storage_test::run_sql(file, "DROP TABLE snapshot_format;" + sql);
        return file;
    }

    // Why it is refused; nullopt: it is accepted.
    std::optional<std::string> refusal(const std::filesystem::path& file) const {
        try {
            storage::check_snapshot(file, folder_.file("scratch"), rules_, never_);
        } catch (const storage::SnapshotError& error) {
            return error.what();
        }
        return std::nullopt;
    }

    // Loads it into a store of its own, and reads all of it as a server would.
    void load_and_read(const std::filesystem::path& file) const {
        const auto staged = storage::stage_snapshot(
            file, folder_.file("staged"), content(), [&] { return "n" + std::to_string(++new_files_); }, rules_,
            never_);
        const auto target = folder_.file("loaded");
        std::filesystem::remove(target);
        storage_test::RunningStore running(
            storage::Options{.file = target,
                             .durability = storage::Durability::off,
                             .rules = std::make_shared<const storage::RowRules>(rules_)});
        if (!running.change(storage::LoadSnapshot{staged.database}).ok) throw std::runtime_error("no load");
        read_everything(running.reader());
        // And it continues to work.
        auto& reader = running.reader();
        const auto cursor = reader.journal_totals().newest_cursor;
        const auto id = reader.max_device_id();
        storage::Submission more;
        more.changes.push_back(storage::PutIdentity{storage_test::make_identity(id + 1, "local", "newcomer")});
        more.journal = {storage_test::make_block(cursor + 1, 1)};
        if (!running.commit(std::move(more)).ok) throw std::runtime_error("no commit behind the load");
    }

  private:
    static void read_everything(storage::Reader& reader) {
        for (const auto& row : reader.connectors()) {
            std::string error;
            if (!device::kept_settings(row, {}, error)) throw std::runtime_error(error);
            reader.content(row.connector);
            reader.each_identity(row.connector, {}, [](const storage::IdentityGlance&) { return true; });
        }
        for (const auto& owned : reader.all_sessions(1000)) reader.values(owned.session.device_id);
        for (const auto& block : reader.journal(0, 1000)) {
            journal::EventReader events(block.bytes);
            while (events.next()) {
            }
            if (events.damaged()) throw std::runtime_error("a damaged block");
        }
        reader.hidden_events();
        if (const auto clock = reader.meta(device::clock_key)) {
            if (!runtime::EmulatorClock().restore(*clock)) throw std::runtime_error("no clock");
        }
    }

    static storage::Submission all_tables() {
        storage::Submission all;
        all.changes.push_back(storage::PutConnector{
            {"local",
             config::to_json_text(config::to_json(config::ConnectorSettings{}, config::ConnectorShape::full))}});
        auto token = storage_test::make_identity(1, "local", "12345");
        token.auth_type = "token";
        token.key = "0123456789012345678901234567890123456789";
        token.tags_json = R"([{"name":"a","value":"b"}])";
        auto certificate = storage_test::make_identity(2, "local", "by-certificate");
        certificate.auth_type = "certificate";
        certificate.key = "PEM";
        certificate.expire_us = 5;
        all.changes.push_back(storage::PutIdentity{token});
        all.changes.push_back(storage::PutIdentity{certificate});
        all.changes.push_back(storage::PutSession{{1, "client", {"a/+", "$resource/#"}, false, 42}});
        all.changes.push_back(storage::PutContent{
            {"local", "logo.gif", "f1", "image/gif", 3, std::string(64, 'a'), 9, R"({"a":"b"})", "12345"}});
        all.changes.push_back(storage::PutMeta{std::string(device::clock_key), runtime::EmulatorClock().save()});
        all.values.push_back({1, storage_test::make_value("data_in", "73")});
        journal::Journal journal(0);
        const SampleEvents samples;
        for (const auto& event : samples.all()) journal.append(event);
        for (auto& block : journal.take_blocks()) {
            all.journal.push_back({block.first_cursor, block.last_cursor, block.first_timestamp_us,
                                   block.last_timestamp_us, block.events, std::move(block.bytes)});
        }
        all.changes.push_back(storage::HideEvents{{"local", "gone", 3}});
        return all;
    }

    storage_test::TemporaryFolder folder_;
    mutable int new_files_ = 0;  // the content folder keeps what was unpacked
    storage::RowRules rules_;
    std::atomic<bool> never_{false};
};

}  // namespace test
