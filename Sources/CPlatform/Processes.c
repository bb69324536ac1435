#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 16

static int spawn(const struct tp_spawn_plan *plan, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    pid_t process;
    int error = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    for (int i = 0; !error && i < plan->descriptor_count; i++)
        error = posix_spawn_file_actions_adddup2(actions, plan->descriptors[i], i);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, plan->descriptor_count);
    if (!error && plan->directory) error = posix_spawn_file_actions_addchdir_np(actions, plan->directory);
    if (!error) error = posix_spawn(&process, plan->path, actions, attributes, plan->arguments, plan->environment);
    return error ? -error : process;
}

int tp_spawn(const struct tp_spawn_plan *plan)
{
    if (plan->descriptor_count > MAX_DESCRIPTORS) return -EINVAL;
    /* Copies above the numbers that are given away, so that no copy overwrites one still needed. */
    int copies[MAX_DESCRIPTORS], copied = 0, result = 0;
    struct tp_spawn_plan moved = *plan;
    moved.descriptors = copies;
    for (; copied < plan->descriptor_count; copied++) {
        copies[copied] = fcntl(plan->descriptors[copied], F_DUPFD_CLOEXEC, 64);
        if (copies[copied] < 0) {
            result = -errno;
            break;
        }
    }
    if (!result) {
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        result = spawn(&moved, &actions, &attributes);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    while (copied > 0) close(copies[--copied]);
    return result;
}

int tp_pidfd_open(pid_t process)
{
    int pidfd = pidfd_open(process, 0);
    return pidfd < 0 ? -errno : pidfd;
}

int tp_pidfd_kill(int pidfd, int signal) { return pidfd_send_signal(pidfd, signal, NULL, 0) < 0 ? -errno : 0; }

int tp_pidfd_reap(int pidfd, int *status)
{
    siginfo_t found = { 0 };
    int result;
    do {
        result = waitid(P_PIDFD, (id_t)pidfd, &found, WEXITED | WNOHANG);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    if (found.si_pid == 0) return 0;
    *status = found.si_code == CLD_EXITED ? found.si_status : -found.si_status;
    return 1;
}
