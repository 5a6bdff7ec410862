/* Preloaded by FsyncTests: fsync and fdatasync fail with EIO while the file named by FSYNC_FAILS exists. */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(void)
{
    const char *trigger = getenv("FSYNC_FAILS");
    return trigger != 0 && access(trigger, F_OK) == 0;
}

static int sync_or_fail(long call, int fd)
{
    if (fails()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(call, fd);
}

int fsync(int fd) { return sync_or_fail(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_or_fail(SYS_fdatasync, fd); }
