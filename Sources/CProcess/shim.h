// The one file that is for one kernel only: what Linux can do for a process that holds secrets and
// Swift cannot call, because prctl takes a variable number of arguments.

#ifdef __linux__
#include <sys/prctl.h>

// No core dump of this process, whatever /proc/sys/kernel/core_pattern says, and no other process of
// the same user may attach to it or read its memory and environment. A program that is started from
// it is an ordinary one again. 0, or -1 with errno.
static inline int meshctl_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); }
#else
static inline int meshctl_forbid_dumps(void) { return 0; }
#endif
