#include "tests/support/faulty_vfs.h"

#include <new>
#include <thread>

#include <sqlite3.h>

namespace support {

namespace {

// SQLite gives memory of szOsFile bytes: this, and behind it the system's own file object.
struct FaultyFile {
    sqlite3_file base;
    FaultyVfs* owner;
    sqlite3_file* real;
};

sqlite3_vfs* system_vfs() {
    return sqlite3_vfs_find(nullptr);
}
FaultyFile& faulty(sqlite3_file* file) {
    return *reinterpret_cast<FaultyFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return faulty(file).real;
}
FaultyVfs& owner(sqlite3_vfs* vfs) {
    return *static_cast<FaultyVfs*>(vfs->pAppData);
}

int write_or_fail(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    const int code = faulty(file).owner->next_operation();
    if (code == SQLITE_OK) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
    return code;
}

// Syncs nothing: the machine of a test does not lose power, and thousands of syncs take minutes.
int sync_or_fail(sqlite3_file* file, int) {
    return faulty(file).owner->next_operation();
}

int truncate_or_fail(sqlite3_file* file, sqlite3_int64 size) {
    const int code = faulty(file).owner->next_operation();
    return code == SQLITE_OK ? real(file)->pMethods->xTruncate(real(file), size) : code;
}

sqlite3_io_methods make_methods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 2;
    methods.xClose = [](sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); };
    methods.xRead = [](sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
        return real(file)->pMethods->xRead(real(file), bytes, count, offset);
    };
    methods.xWrite = write_or_fail;
    methods.xTruncate = truncate_or_fail;
    methods.xSync = sync_or_fail;
    methods.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
        return real(file)->pMethods->xFileSize(real(file), size);
    };
    methods.xLock = [](sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); };
    methods.xUnlock = [](sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); };
    methods.xCheckReservedLock = [](sqlite3_file* file, int* result) {
        return real(file)->pMethods->xCheckReservedLock(real(file), result);
    };
    methods.xFileControl = [](sqlite3_file* file, int operation, void* argument) {
        return real(file)->pMethods->xFileControl(real(file), operation, argument);
    };
    methods.xSectorSize = [](sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); };
    methods.xDeviceCharacteristics = [](sqlite3_file* file) {
        return real(file)->pMethods->xDeviceCharacteristics(real(file));
    };
    methods.xShmMap = [](sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
        return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
    };
    methods.xShmLock = [](sqlite3_file* file, int offset, int count, int flags) {
        return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
    };
    methods.xShmBarrier = [](sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); };
    methods.xShmUnmap = [](sqlite3_file* file, int remove) {
        return real(file)->pMethods->xShmUnmap(real(file), remove);
    };
    return methods;
}

int open_or_fail(sqlite3_vfs* vfs, const char* name, sqlite3_file* memory, int flags, int* out_flags) {
    static const sqlite3_io_methods methods = make_methods();
    auto* file = new (memory) FaultyFile{};
    file->owner = &owner(vfs);
    const int planned = file->owner->next_operation();
    if (planned != SQLITE_OK) return SQLITE_CANTOPEN;  // pMethods stays null: SQLite will not close it
    file->real = reinterpret_cast<sqlite3_file*>(file + 1);
    const int code = system_vfs()->xOpen(system_vfs(), name, file->real, flags, out_flags);
    if (file->real->pMethods != nullptr) file->base.pMethods = &methods;
    return code;
}

}  // namespace

FaultyVfs::FaultyVfs(std::string name) : name_(std::move(name)) {
    sqlite3_initialize();
    vfs_ = std::make_unique<sqlite3_vfs>(*system_vfs());
    vfs_->szOsFile += static_cast<int>(sizeof(FaultyFile));
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->pNext = nullptr;
    vfs_->xOpen = open_or_fail;
    // The rest works on the system's own object: SQLite's unix VFS finds its state there.
    vfs_->xDelete = [](sqlite3_vfs*, const char* file, int) {
        return system_vfs()->xDelete(system_vfs(), file, 0);  // no sync of the folder either
    };
    vfs_->xAccess = [](sqlite3_vfs*, const char* file, int flags, int* result) {
        return system_vfs()->xAccess(system_vfs(), file, flags, result);
    };
    vfs_->xFullPathname = [](sqlite3_vfs*, const char* file, int size, char* path) {
        return system_vfs()->xFullPathname(system_vfs(), file, size, path);
    };
    sqlite3_vfs_register(vfs_.get(), 0);
}

FaultyVfs::~FaultyVfs() {
    sqlite3_vfs_unregister(vfs_.get());
}

void FaultyVfs::fail_at(std::uint64_t nth, int code, Lasting lasting) {
    fail_at_ = 0;
    operations_ = 0;
    failures_ = 0;
    code_ = code;
    for_good_ = lasting == Lasting::for_good;
    fail_at_ = nth;
}

void FaultyVfs::heal() {
    fail_at_ = 0;
    operations_ = 0;
    failures_ = 0;
}

int FaultyVfs::next_operation() {
    const std::uint64_t number = ++operations_;
    if (delay_us_ > 0) std::this_thread::sleep_for(std::chrono::microseconds(delay_us_));
    const std::uint64_t nth = fail_at_;
    if (nth == 0 || number < nth || (number > nth && !for_good_)) return SQLITE_OK;
    ++failures_;
    return code_;
}

}  // namespace support
