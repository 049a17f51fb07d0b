/**
 * The symbols of the C library that we call, with their C types (a table; see `libc.ts` for how they are bound).
 *
 * `ssize_t` and `int` results are both "i32": every count here stays below 2 GiB, and a 32-bit result needs no BigInt.
 * Variadic functions (open, fcntl, ioctl, prctl, syscall) take their integer arguments like ordinary ones on x86-64 and
 * arm64 Linux. Calls that old C libraries lack go through `syscall` with the number that both architectures share.
 */
export const symbols = {
  /** int *__errno_location(void) */
  __errno_location: { parameters: [], result: "pointer" },

  // --- descriptors
  /** int openat(int dirfd, const char *path, int flags, mode_t mode) */
  openat: { parameters: ["i32", "buffer", "i32", "u32"], result: "i32" },
  /** long syscall(SYS_openat2, int dirfd, const char *path, struct open_how *how, size_t size) */
  openat2: { name: "syscall", parameters: ["i64", "i32", "buffer", "buffer", "usize"], result: "i32" },
  /** int close(int fd) */
  close: { parameters: ["i32"], result: "i32" },
  /** ssize_t read(int fd, void *buf, size_t count) */
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  /** ssize_t write(int fd, const void *buf, size_t count) */
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  /** ssize_t pread64(int fd, void *buf, size_t count, off_t offset) */
  pread64: { parameters: ["i32", "buffer", "usize", "i64"], result: "i32" },
  /** ssize_t pwrite64(int fd, const void *buf, size_t count, off_t offset) */
  pwrite64: { parameters: ["i32", "buffer", "usize", "i64"], result: "i32" },
  /** off_t lseek64(int fd, off_t offset, int whence) */
  lseek64: { parameters: ["i32", "i64", "i32"], result: "i64" },
  /** int ftruncate64(int fd, off_t length) */
  ftruncate64: { parameters: ["i32", "i64"], result: "i32" },
  /** int fsync(int fd) */
  fsync: { parameters: ["i32"], result: "i32" },
  /** int fdatasync(int fd) */
  fdatasync: { parameters: ["i32"], result: "i32" },
  /** int syncfs(int fd) */
  syncfs: { parameters: ["i32"], result: "i32" },
  /** int fallocate64(int fd, int mode, off_t offset, off_t len) */
  fallocate64: { parameters: ["i32", "i32", "i64", "i64"], result: "i32" },
  /** ssize_t copy_file_range(int in, off_t *off_in, int out, off_t *off_out, size_t len, unsigned flags) */
  copy_file_range: { parameters: ["i32", "buffer", "i32", "buffer", "usize", "u32"], result: "i32" },
  /** int dup3(int old, int new, int flags) */
  dup3: { parameters: ["i32", "i32", "i32"], result: "i32" },
  /** int pipe2(int fds[2], int flags) */
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  /** int fcntl(int fd, int command, long argument) */
  fcntl: { parameters: ["i32", "i32", "i64"], result: "i32" },
  /** int memfd_create(const char *name, unsigned flags) */
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
  /** int eventfd(unsigned value, int flags) */
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  /** int flock(int fd, int operation) */
  flock: { parameters: ["i32", "i32"], result: "i32" },
  /** int flock(int fd, int operation), on a pool thread */
  flockAsync: { name: "flock", parameters: ["i32", "i32"], result: "i32", nonblocking: true },

  // --- files
  /** int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *buf) */
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  /** int mkdirat(int dirfd, const char *path, mode_t mode) */
  mkdirat: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  /** int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev) */
  mknodat: { parameters: ["i32", "buffer", "u32", "u64"], result: "i32" },
  /** int symlinkat(const char *target, int dirfd, const char *path) */
  symlinkat: { parameters: ["buffer", "i32", "buffer"], result: "i32" },
  /** int linkat(int olddir, const char *old, int newdir, const char *new, int flags) */
  linkat: { parameters: ["i32", "buffer", "i32", "buffer", "i32"], result: "i32" },
  /** int unlinkat(int dirfd, const char *path, int flags) */
  unlinkat: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  /** int renameat(int olddir, const char *old, int newdir, const char *new) */
  renameat: { parameters: ["i32", "buffer", "i32", "buffer"], result: "i32" },
  /** long syscall(SYS_renameat2, int olddir, const char *old, int newdir, const char *new, unsigned flags) */
  renameat2: { name: "syscall", parameters: ["i64", "i32", "buffer", "i32", "buffer", "u32"], result: "i32" },
  /** ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t size) */
  readlinkat: { parameters: ["i32", "buffer", "buffer", "usize"], result: "i32" },
  /** int faccessat(int dirfd, const char *path, int mode, int flags) */
  faccessat: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  /** int fchown(int fd, uid_t uid, gid_t gid) */
  fchown: { parameters: ["i32", "u32", "u32"], result: "i32" },
  /** int fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags) */
  fchownat: { parameters: ["i32", "buffer", "u32", "u32", "i32"], result: "i32" },
  /** int fchmod(int fd, mode_t mode) */
  fchmod: { parameters: ["i32", "u32"], result: "i32" },
  /** int fchmodat(int dirfd, const char *path, mode_t mode, int flags) */
  fchmodat: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  /** int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags) */
  utimensat: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  /** int futimens(int fd, const struct timespec times[2]) */
  futimens: { parameters: ["i32", "buffer"], result: "i32" },
  /** int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags) */
  fsetxattr: { parameters: ["i32", "buffer", "buffer", "usize", "i32"], result: "i32" },
  /** ssize_t fgetxattr(int fd, const char *name, void *value, size_t size) */
  fgetxattr: { parameters: ["i32", "buffer", "buffer", "usize"], result: "i32" },
  /** ssize_t flistxattr(int fd, char *list, size_t size) */
  flistxattr: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  /** int fremovexattr(int fd, const char *name) */
  fremovexattr: { parameters: ["i32", "buffer"], result: "i32" },
  /** int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags) */
  lsetxattr: { parameters: ["buffer", "buffer", "buffer", "usize", "i32"], result: "i32" },
  /** ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size) */
  lgetxattr: { parameters: ["buffer", "buffer", "buffer", "usize"], result: "i32" },
  /** ssize_t llistxattr(const char *path, char *list, size_t size) */
  llistxattr: { parameters: ["buffer", "buffer", "usize"], result: "i32" },
  /** int lremovexattr(const char *path, const char *name) */
  lremovexattr: { parameters: ["buffer", "buffer"], result: "i32" },
  /** long syscall(SYS_getdents64, int fd, void *buf, size_t size) */
  getdents64: { name: "syscall", parameters: ["i64", "i32", "buffer", "usize"], result: "i32" },
  /** int statfs64(const char *path, struct statfs *buf) */
  statfs64: { parameters: ["buffer", "buffer"], result: "i32" },
  /** int fstatfs64(int fd, struct statfs *buf) */
  fstatfs64: { parameters: ["i32", "buffer"], result: "i32" },

  // --- mounts (the new mount interface has the same system call numbers everywhere)
  /** int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data) */
  mount: { parameters: ["buffer", "buffer", "buffer", "u64", "buffer"], result: "i32" },
  /** int umount2(const char *target, int flags) */
  umount2: { parameters: ["buffer", "i32"], result: "i32" },
  /** long syscall(SYS_fsopen, const char *type, unsigned flags) */
  fsopen: { name: "syscall", parameters: ["i64", "buffer", "u32"], result: "i32" },
  /** long syscall(SYS_fsconfig, int fd, unsigned command, const char *key, const void *value, int aux) */
  fsconfig: { name: "syscall", parameters: ["i64", "i32", "u32", "buffer", "buffer", "i32"], result: "i32" },
  /** long syscall(SYS_fsmount, int fd, unsigned flags, unsigned attributes) */
  fsmount: { name: "syscall", parameters: ["i64", "i32", "u32", "u32"], result: "i32" },
  /** long syscall(SYS_move_mount, int from, const char *from, int to, const char *to, unsigned flags) */
  move_mount: { name: "syscall", parameters: ["i64", "i32", "buffer", "i32", "buffer", "u32"], result: "i32" },
  /** long syscall(SYS_open_tree, int dirfd, const char *path, unsigned flags) */
  open_tree: { name: "syscall", parameters: ["i64", "i32", "buffer", "u32"], result: "i32" },
  /** long syscall(SYS_mount_setattr, int dirfd, const char *path, unsigned flags, struct mount_attr *, size_t size) */
  mount_setattr: { name: "syscall", parameters: ["i64", "i32", "buffer", "u32", "buffer", "usize"], result: "i32" },

  // --- processes and signals
  /** int posix_spawn(pid_t *pid, const char *path, const actions *, const attr *, char *const argv[], char *const envp[]) */
  posix_spawn: { parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"], result: "i32" },
  /** int posix_spawn_file_actions_init(posix_spawn_file_actions_t *) */
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  /** int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *) */
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  /** int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *, int fd, int new) */
  posix_spawn_file_actions_adddup2: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  /** int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *path) */
  posix_spawn_file_actions_addchdir_np: { parameters: ["buffer", "buffer"], result: "i32" },
  /** int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *, int fd) */
  posix_spawn_file_actions_addclose: { parameters: ["buffer", "i32"], result: "i32" },
  /** int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int from), since glibc 2.34 */
  posix_spawn_file_actions_addclosefrom_np: { parameters: ["buffer", "i32"], result: "i32" },
  /** int execve(const char *path, char *const argv[], char *const envp[]) */
  execve: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
  /** pid_t waitpid(pid_t pid, int *status, int options) */
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  /** int kill(pid_t pid, int signal) */
  kill: { parameters: ["i32", "i32"], result: "i32" },
  /** long syscall(SYS_pidfd_open, pid_t pid, unsigned flags) */
  pidfd_open: { name: "syscall", parameters: ["i64", "i32", "u32"], result: "i32" },
  /** long syscall(SYS_pidfd_send_signal, int fd, int signal, siginfo_t *info, unsigned flags) */
  pidfd_send_signal: { name: "syscall", parameters: ["i64", "i32", "i32", "buffer", "u32"], result: "i32" },
  /** int sigaction(int signal, const struct sigaction *new, struct sigaction *old) */
  sigaction: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  /** int prctl(int option, unsigned long, unsigned long, unsigned long, unsigned long) */
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },

  // --- waiting
  /** int poll(struct pollfd *, nfds_t, int timeout) */
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32" },
  /** int epoll_create1(int flags) */
  epoll_create1: { parameters: ["i32"], result: "i32" },
  /** int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *) */
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  /** int epoll_wait(int epoll, struct epoll_event *, int max, int timeout), on a pool thread */
  epollWaitAsync: {
    name: "epoll_wait",
    parameters: ["i32", "buffer", "i32", "i32"],
    result: "i32",
    nonblocking: true,
  },

  /** int inotify_init1(int flags) */
  inotify_init1: { parameters: ["i32"], result: "i32" },
  /** int inotify_add_watch(int fd, const char *path, uint32_t mask) */
  inotify_add_watch: { parameters: ["i32", "buffer", "u32"], result: "i32" },

  // --- sockets
  /** int socket(int domain, int type, int protocol) */
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  /** int socketpair(int domain, int type, int protocol, int fds[2]) */
  socketpair: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  /** int connect(int fd, const struct sockaddr *, socklen_t) */
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  /** int bind(int fd, const struct sockaddr *, socklen_t) */
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  /** int getsockname(int fd, struct sockaddr *, socklen_t *) */
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  /** int listen(int fd, int backlog) */
  listen: { parameters: ["i32", "i32"], result: "i32" },
  /** int accept4(int fd, struct sockaddr *, socklen_t *, int flags) */
  accept4: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  /** int shutdown(int fd, int how) */
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  /** ssize_t send(int fd, const void *, size_t, int flags) */
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  /** ssize_t recv(int fd, void *, size_t, int flags) */
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  /** int setsockopt(int fd, int level, int name, const void *, socklen_t) */
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  /** int getsockopt(int fd, int level, int name, void *, socklen_t *) */
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },

  // --- terminals
  /** int ioctl(int fd, unsigned long request, void *argument) */
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },

  // --- identity and limits
  /** uid_t getuid(void) */
  getuid: { parameters: [], result: "u32" },
  /** uid_t geteuid(void) */
  geteuid: { parameters: [], result: "u32" },
  /** gid_t getgid(void) */
  getgid: { parameters: [], result: "u32" },
  /** gid_t getegid(void) */
  getegid: { parameters: [], result: "u32" },
  /** int getgroups(int size, gid_t list[]) */
  getgroups: { parameters: ["i32", "buffer"], result: "i32" },
  /** mode_t umask(mode_t) */
  umask: { parameters: ["u32"], result: "u32" },
  /** int prlimit64(pid_t pid, int resource, const struct rlimit *new, struct rlimit *old) */
  prlimit64: { parameters: ["i32", "i32", "buffer", "buffer"], result: "i32" },
  /** int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *) */
  sched_getaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  /** int uname(struct utsname *) */
  uname: { parameters: ["buffer"], result: "i32" },
  /** int sysinfo(struct sysinfo *) */
  sysinfo: { parameters: ["buffer"], result: "i32" },
  /** int clock_gettime(clockid_t, struct timespec *) */
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

export type Symbols = typeof symbols;
