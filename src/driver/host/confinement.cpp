#include "driver/host/confinement.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <vector>

#include "base/error.hpp"

namespace aa::host {
namespace {

constexpr rlim_t kFilesOpen = 256;
constexpr int kNice = 5;  // the server's own work comes first

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

// None of these has a part in running a model.
constexpr std::array kForbidden = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kill,
    SYS_mount,
    SYS_umount2,
    SYS_unshare,
    SYS_setns,
    SYS_bpf,
    SYS_keyctl,
    SYS_add_key,
    SYS_userfaultfd,
    SYS_perf_event_open,
    SYS_pidfd_open,
    SYS_io_uring_setup,
    SYS_init_module,
    SYS_finit_module,
};

void require(int result, const char* what) {
  if (result == 0) return;
  throw Error(ErrorCode::internal, "confinement",
              "A child process could not be confined; see the log.")
      .with_cause(std::string(what) + ": errno " + std::to_string(errno));
}

void limit(__rlimit_resource_t resource, rlim_t value) {
  const rlimit both{value, value};
  require(setrlimit(resource, &both), "setrlimit");
}

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

void filter_system_calls() {
  if (kArchitecture == 0) return;
  constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;
  constexpr std::uint32_t kOtherAbi = 0x40000000;  // x32 numbers would pass by the list
  std::vector<sock_filter> program = {
      load(offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      load(offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kOtherAbi, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, kRefuse),
  };
  for (const auto number : kForbidden) {
    program.push_back(
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, kRefuse));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), "seccomp");
}

}  // namespace

void confine_this_process(const Confinement& limits) {
  require(prctl(PR_SET_PDEATHSIG, SIGKILL), "pdeathsig");
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
  setpriority(PRIO_PROCESS, 0, kNice);
  limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they map terabytes
  limit(RLIMIT_AS, limits.address_space_bytes);
#endif
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu_time.count()));
  limit(RLIMIT_FSIZE, limits.file_bytes);
  limit(RLIMIT_NOFILE, kFilesOpen);
  filter_system_calls();
}

}  // namespace aa::host
