#pragma once
// One function per kind of change.

#include "storage/changes.h"

#include <cstdint>

namespace storage {

class Connection;

// Writer thread only, within a transaction. Each throws SqliteError.
class ChangeWriter {
  public:
    explicit ChangeWriter(Connection& connection) : connection_(connection) {}

    void apply(const PutConnector& change);
    void apply(const DeleteConnector& change);
    void apply(const PutIdentity& change);
    void apply(const DeleteIdentity& change);
    void apply(const PutSession& change);
    void apply(const DeleteSession& change);
    void apply(const DeleteValues& change);
    void apply(const PutContent& change);
    void apply(const DeleteContent& change);
    void apply(const PutMeta& change);
    void apply(const DeleteEverything& change);
    void apply(const HideEvents& change);

  private:
    bool touch_identity(const IdentityRow& row);
    void put_identity(const IdentityRow& row);

    Connection& connection_;
};

}  // namespace storage
