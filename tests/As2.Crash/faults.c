/* Preloaded by eng/faults.sh. FAULTS names a file of 16 bytes that the driver writes:
   errno of every fsync, errno of every write to a regular file, seconds that the date is off. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct { volatile int32_t sync, write; volatile int64_t seconds; } none, *faults = (void *)&none;

__attribute__((constructor)) static void start(void)
{
    const char *name = getenv("FAULTS");
    int fd = name ? open(name, O_RDONLY) : -1;
    if (fd < 0)
        return;
    void *map = mmap(0, 16, PROT_READ, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED)
        faults = map;
    close(fd);
}

static int refuses(int error)
{
    if (error == 0)
        return 0;
    errno = error;
    return 1;
}

static int write_refused(int fd)
{
    struct stat what;
    return faults->write != 0 && fstat(fd, &what) == 0 && S_ISREG(what.st_mode) && refuses(faults->write);
}

int fsync(int fd) { return refuses(faults->sync) ? -1 : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return refuses(faults->sync) ? -1 : (int)syscall(SYS_fdatasync, fd); }
ssize_t write(int fd, const void *from, size_t count) { return write_refused(fd) ? -1 : syscall(SYS_write, fd, from, count); }
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) { return write_refused(fd) ? -1 : syscall(SYS_pwrite64, fd, from, count, at); }
ssize_t pwrite(int fd, const void *from, size_t count, off_t at) { return write_refused(fd) ? -1 : syscall(SYS_pwrite64, fd, from, count, at); }

/* A file system that was remounted read-only takes no new name either. */
static int sealed(void) { return faults->write == EROFS && refuses(EROFS); }

static int opened(int folder, const char *path, int flags, va_list more)
{
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
    if ((flags & O_ACCMODE) != O_RDONLY && sealed())
        return -1;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN(name) int name(const char *path, int flags, ...) \
    { va_list more; va_start(more, flags); int fd = opened(AT_FDCWD, path, flags, more); va_end(more); return fd; }
OPEN(open)
OPEN(open64)
int rename(const char *from, const char *to) { return sealed() ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat2(int f, const char *from, int t, const char *to, unsigned int flags) { return sealed() ? -1 : (int)syscall(SYS_renameat2, f, from, t, to, flags); }
int link(const char *from, const char *to) { return sealed() ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); }
int unlink(const char *path) { return sealed() ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0); }
int mkdir(const char *path, mode_t mode) { return sealed() ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode); }

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += faults->seconds;
    return result;
}
