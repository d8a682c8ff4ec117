#pragma once
// A long list of changes to identities, all or none: checked and prepared in slices, then put into force in one turn,
// as one submission to the store. Changes that devices and others make to these identities meanwhile are noticed.

#include "server/control/identity_changes.h"
#include "server/control/sliced.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace device {

class IdentityImport final : public Sliced<Failure> {
  public:
    IdentityImport(Context& context, DeviceTable& table, Lifecycle& lifecycle, std::string_view connector,
                   std::vector<NamedChange>&& list, Unknown unknown);

    // The path of a failure begins with "$[n]", n from 0.
    std::optional<Failure> go_on() override;

  private:
    using Names = std::unordered_set<std::string_view>;  // views of list_

    void begin_anew();
    Failure make_ready(Connector& connector, std::size_t index);
    Failure check(Connector& connector, std::size_t index, bool known);
    void add_row(Connector& connector, const NamedChange& named, std::optional<storage::IdentityRow>&& stored);
    Failure put_in_force(Connector& connector);
    void let_go();
    Failure check_again(Connector& connector);
    void take_out(const Names& names);
    ControlError at(std::size_t index, ControlError error) const;

    Context& context_;
    DeviceTable& table_;
    IdentityChanges changes_;
    std::string connector_;
    std::vector<NamedChange> list_;
    Unknown unknown_;
    IdentityWatch watch_;

    std::size_t next_ = 0;                                      // index into list_
    std::unordered_map<std::string_view, std::size_t> tokens_;  // tokens in the list, and their index
    Names new_ones_;
    // Not prepared in advance: the device is in memory, or more than its row changes.
    std::vector<std::size_t> by_hand_;
    Names handled_;  // identities in by_hand_
    // All others: their rows, and the changes for the store.
    ArrivalMap rows_;
    std::uint64_t made_ = 0;  // how many of rows_ are new
    std::vector<storage::Change> submission_;
    std::vector<storage::ValueWrite> values_;
};

}  // namespace device
