/* Loaded before the C library: makes file systems look as poor as those of clusters may be.
   POORFS_NOLOCK: there are no locks. POORFS_NOMAP: files can't be mapped by several processes.
   POORFS_EIO: while there is a file of that name, nothing can be written at a place in a file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_set(const char *name) { return getenv(name) != NULL; }

int flock(int descriptor, int operation) {
    static int (*next)(int, int);
    if (is_set("POORFS_NOLOCK")) { errno = ENOLCK; return -1; }
    if (!next) next = dlsym(RTLD_NEXT, "flock");
    return next(descriptor, operation);
}

static int control(const char *name, int descriptor, int command, void *argument) {
    int (*next)(int, int, ...) = dlsym(RTLD_NEXT, name);
    int is_lock = command == F_GETLK || command == F_SETLK || command == F_SETLKW
        || command == F_OFD_GETLK || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    if (is_lock && is_set("POORFS_NOLOCK")) { errno = ENOLCK; return -1; }
    return next(descriptor, command, argument);
}

int fcntl(int descriptor, int command, ...) {
    va_list rest; va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return control("fcntl", descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
    va_list rest; va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return control("fcntl64", descriptor, command, argument);
}

static ssize_t put(const char *name, int descriptor, const void *bytes, size_t count, off_t offset) {
    ssize_t (*next)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, name);
    const char *flag = getenv("POORFS_EIO");
    if (flag && access(flag, F_OK) == 0) { errno = EIO; return -1; }
    return next(descriptor, bytes, count, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return put("pwrite", descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return put("pwrite64", descriptor, bytes, count, offset);
}

static void *map(const char *name, void *at, size_t size, int protection, int flags, int descriptor, off_t offset) {
    void *(*next)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, name);
    if (descriptor >= 0 && (flags & MAP_SHARED) && is_set("POORFS_NOMAP")) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    return next(at, size, protection, flags, descriptor, offset);
}

void *mmap(void *at, size_t size, int protection, int flags, int descriptor, off_t offset) {
    return map("mmap", at, size, protection, flags, descriptor, offset);
}

void *mmap64(void *at, size_t size, int protection, int flags, int descriptor, off_t offset) {
    return map("mmap64", at, size, protection, flags, descriptor, offset);
}
