#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int tp_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0; }

int tp_forbid_tracing(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0; }

int tp_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) < 0 ? -errno : 0; }

int tp_ignore_sigpipe(void) { return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -errno : 0; }

int tp_limit(int resource, uint64_t value)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) < 0) return -errno;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < value) value = limit.rlim_max;
    limit.rlim_cur = value;
    limit.rlim_max = value;
    return setrlimit((__rlimit_resource_t)resource, &limit) < 0 ? -errno : 0;
}

/* One line into a file of /proc/self. */
static int write_line(const char *path, const char *line)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t written = write(file, line, strlen(line));
    int result = written < 0 ? -errno : 0;
    close(file);
    return result;
}

/* A mount namespace; for ordinary users inside a user namespace in which they stay who they are. */
static int enter_mount_namespace(void)
{
    if (unshare(CLONE_NEWNS) == 0) return 0;
    char line[64];
    unsigned user = getuid(), group = getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) return -errno;
    snprintf(line, sizeof(line), "%u %u 1", user, user);
    int result = write_line("/proc/self/uid_map", line);
    if (result == 0) result = write_line("/proc/self/setgroups", "deny");
    snprintf(line, sizeof(line), "%u %u 1", group, group);
    return result == 0 ? write_line("/proc/self/gid_map", line) : result;
}

/* mkdir -p of what lies between `base` and `path`. */
static int make_path(const char *base, const char *path)
{
    char part[4096];
    size_t size = strlen(path);
    if (size >= sizeof(part)) return -ENAMETOOLONG;
    memcpy(part, path, size + 1);
    for (size_t i = strlen(base) + 1; i <= size; i++) {
        if (part[i] != '/' && part[i] != 0) continue;
        char saved = part[i];
        part[i] = 0;
        if (mkdir(part, 0755) < 0 && errno != EEXIST) return -errno;
        part[i] = saved;
    }
    return 0;
}

int tp_hide_directory(const char *directory, const char *const *kept, const int *kept_read_only, int kept_count)
{
    int trees[4];
    if (kept_count > 4) return -EINVAL;
    int result = enter_mount_namespace();
    if (result < 0) return result;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return -errno;
    for (int i = 0; i < kept_count; i++) {
        trees[i] = open_tree(AT_FDCWD, kept[i], OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (trees[i] < 0) return -errno;
    }
    if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=755") < 0) return -errno;
    for (int i = 0; i < kept_count; i++) {
        result = make_path(directory, kept[i]);
        if (result < 0) return result;
        if (move_mount(trees[i], "", AT_FDCWD, kept[i], MOVE_MOUNT_F_EMPTY_PATH) < 0) return -errno;
        close(trees[i]);
        if (!kept_read_only[i]) continue;
        struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
        if (mount_setattr(AT_FDCWD, kept[i], 0, &attributes, sizeof(attributes)) < 0) return -errno;
    }
    if (mount(NULL, directory, NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, "size=64k") < 0) return -errno;
    /* The working directory was looked up before: look again. */
    char current[4096];
    if (getcwd(current, sizeof(current)) && chdir(current) < 0) return -errno;
    return 0;
}

int tp_landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? -errno : (int)version;
}

int tp_landlock(const char *const *allowed, int allowed_count)
{
    int version = tp_landlock_version();
    if (version < 0) return version;
    /* The rights of version 1 are bits 0 to 12; 2 added REFER, 3 TRUNCATE, 5 IOCTL_DEV. */
    uint64_t rights = (1u << 13) - 1;
    if (version >= 2) rights |= 1u << 13;
    if (version >= 3) rights |= 1u << 14;
    struct landlock_ruleset_attr attributes = { .handled_access_fs = rights };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes.handled_access_fs), 0);
    if (rules < 0) return -errno;
    int result = 0;
    for (int i = 0; result == 0 && i < allowed_count; i++) {
        struct landlock_path_beneath_attr rule = { .allowed_access = rights };
        rule.parent_fd = open(allowed[i], O_PATH | O_CLOEXEC);
        if (rule.parent_fd < 0) continue;
        struct stat facts;
        /* Files know no rights of directories: execute, write, read, truncate. */
        if (fstat(rule.parent_fd, &facts) == 0 && !S_ISDIR(facts.st_mode)) rule.allowed_access &= 0x4007;
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0) result = -errno;
        close(rule.parent_fd);
    }
    if (result == 0 && syscall(SYS_landlock_restrict_self, rules, 0) < 0) result = -errno;
    close(rules);
    return result;
}

#if defined(__x86_64__)
#define TP_AUDIT_ARCH 0xC000003Eu
#elif defined(__aarch64__)
#define TP_AUDIT_ARCH 0xC00000B7u
#endif

int tp_seccomp(void)
{
#ifdef TP_AUDIT_ARCH
    static const uint32_t refused[] = {
        SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_mount, SYS_umount2, SYS_pivot_root,
        SYS_move_mount, SYS_open_tree, SYS_mount_setattr, SYS_fsopen, SYS_fsmount, SYS_setns, SYS_init_module,
        SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_bpf,
        SYS_perf_event_open, SYS_userfaultfd, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_pidfd_getfd, SYS_acct,
        SYS_settimeofday, SYS_clock_settime, SYS_sethostname, SYS_quotactl, SYS_setsid, SYS_setpgid
    };
    enum { count = sizeof(refused) / sizeof(refused[0]) };
    struct sock_filter program[count + 7];
    int at = 0;
    program[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TP_AUDIT_ARCH, 1, 0);
    program[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    program[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    /* The same calls have other numbers in the x32 variant: above this bit. */
    program[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, count + 1, 0);
    for (int i = 0; i < count; i++, at++)
        program[at] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i], (uint8_t)(count - i), 0);
    program[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog filter = { .len = (unsigned short)at, .filter = program };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) < 0 ? -errno : 0;
#else
    return -ENOSYS;
#endif
}
