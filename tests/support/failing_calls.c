// A library for LD_PRELOAD: makes the Nth system call of a class fail. The file named by FAILING_CALLS is mapped as the
// orders below; a test maps it too and changes them while the program runs. Threads: the orders are atomic.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum call_class { ACCEPT = 1, SOCKET_READ, SOCKET_WRITE, FILE_WRITE, FILE_SYNC, FILE_READ, OPEN, WATCH, FOLDER };
enum { SHORT_COUNT = -1 };  // as an error: the call does one byte and no more

struct orders {
    _Atomic int32_t class;      // of calls that count
    _Atomic int32_t error;      // errno, or SHORT_COUNT
    _Atomic int32_t countdown;  // the call that takes it to 0 fails; 0: none
    _Atomic int32_t failed;     // how many did
};

static struct orders* orders;

__attribute__((constructor)) static void map_orders(void) {
    const char* name = getenv("FAILING_CALLS");
    if (name == NULL) return;
    const int file = open(name, O_RDWR | O_CLOEXEC);
    if (file < 0) abort();
    void* place = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (place == MAP_FAILED) abort();
    close(file);
    orders = place;
}

// What this call must do: 0 its work, SHORT_COUNT one byte of it, else fail with that errno.
static int order(enum call_class class) {
    if (orders == NULL || atomic_load(&orders->countdown) <= 0) return 0;
    if (atomic_load(&orders->class) != (int32_t) class) return 0;
    if (atomic_fetch_sub(&orders->countdown, 1) != 1) return 0;
    atomic_fetch_add(&orders->failed, 1);
    return atomic_load(&orders->error);
}

static int is_socket(int fd) {
    struct stat found;
    return fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode);
}

static int is_file(int fd) {
    struct stat found;
    return fd > STDERR_FILENO && fstat(fd, &found) == 0 && S_ISREG(found.st_mode);  // the log is not meant
}

static int order_of(int fd, enum call_class of_socket, enum call_class of_file) {
    if (orders == NULL || atomic_load(&orders->countdown) <= 0) return 0;
    const int before = errno;
    const enum call_class class = is_socket(fd) ? of_socket : is_file(fd) ? of_file : 0;
    errno = before;
    return class == 0 ? 0 : order(class);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define FAIL_OR_SHORTEN(now, size) \
    const int now_ = (now);        \
    if (now_ > 0) {                \
        errno = now_;              \
        return -1;                 \
    }                              \
    if (now_ == SHORT_COUNT && (size) > 1) (size) = 1

#define FAIL(now)           \
    const int now_ = (now); \
    if (now_ > 0) {         \
        errno = now_;       \
        return -1;          \
    }

int accept(int fd, struct sockaddr* address, socklen_t* length) {
    FAIL(order(ACCEPT));
    return REAL(accept)(fd, address, length);
}

int accept4(int fd, struct sockaddr* address, socklen_t* length, int flags) {
    FAIL(order(ACCEPT));
    return REAL(accept4)(fd, address, length, flags);
}

ssize_t read(int fd, void* into, size_t size) {
    FAIL_OR_SHORTEN(order_of(fd, SOCKET_READ, FILE_READ), size);
    return REAL(read)(fd, into, size);
}

ssize_t recv(int fd, void* into, size_t size, int flags) {
    FAIL_OR_SHORTEN(order(SOCKET_READ), size);
    return REAL(recv)(fd, into, size, flags);
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
    FAIL(order(SOCKET_READ));
    return REAL(recvmsg)(fd, message, flags);
}

ssize_t write(int fd, const void* from, size_t size) {
    FAIL_OR_SHORTEN(order_of(fd, SOCKET_WRITE, FILE_WRITE), size);
    return REAL(write)(fd, from, size);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
    FAIL(order_of(fd, SOCKET_WRITE, FILE_WRITE));
    return REAL(writev)(fd, parts, count);
}

ssize_t send(int fd, const void* from, size_t size, int flags) {
    FAIL_OR_SHORTEN(order(SOCKET_WRITE), size);
    return REAL(send)(fd, from, size, flags);
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
    FAIL(order(SOCKET_WRITE));
    return REAL(sendmsg)(fd, message, flags);
}

ssize_t pwrite64(int fd, const void* from, size_t size, off64_t at) {
    FAIL_OR_SHORTEN(order(FILE_WRITE), size);
    return REAL(pwrite64)(fd, from, size, at);
}

ssize_t pread64(int fd, void* into, size_t size, off64_t at) {
    FAIL(order(FILE_READ));
    return REAL(pread64)(fd, into, size, at);
}

int fdatasync(int fd) {
    FAIL(order(FILE_SYNC));
    return REAL(fdatasync)(fd);
}

int fsync(int fd) {
    FAIL(order(FILE_SYNC));
    return REAL(fsync)(fd);
}

int ftruncate64(int fd, off64_t length) {
    FAIL(order(FILE_WRITE));
    return REAL(ftruncate64)(fd, length);
}

static mode_t mode_of(int flags, va_list rest) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

int open64(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    FAIL(order(OPEN));
    return REAL(open64)(path, flags, mode);
}

int open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    FAIL(order(OPEN));
    return REAL(open)(path, flags, mode);
}

int epoll_ctl(int poll, int operation, int fd, struct epoll_event* event) {
    // A descriptor that is watched already is changed or forgotten without fail.
    FAIL(operation == EPOLL_CTL_ADD ? order(WATCH) : 0);
    return REAL(epoll_ctl)(poll, operation, fd, event);
}

int rename(const char* from, const char* to) {
    FAIL(order(FOLDER));
    return REAL(rename)(from, to);
}

int unlink(const char* path) {
    FAIL(order(FOLDER));
    return REAL(unlink)(path);
}
