package config

import (
	"io/fs"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// MemoryLimit returns the bytes of memory that this process may use: GOMEMLIMIT, or
// else the limit of its container, or 0 if neither is set. It also passes nine
// tenths of a container's limit to the garbage collector; the rest is for memory
// that the Go runtime does not count.
func MemoryLimit() int64 {
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		return limit
	}
	limit := containerLimit(os.DirFS("/sys/fs/cgroup")) / 10 * 9
	if limit > 0 {
		debug.SetMemoryLimit(limit)
	}
	return limit
}

// containerLimit reads the memory limit of the control group (version 2 or 1). It
// returns 0 if there is none.
func containerLimit(cgroup fs.FS) int64 {
	for _, name := range []string{"memory.max", "memory/memory.limit_in_bytes"} {
		text, err := fs.ReadFile(cgroup, name)
		if err != nil {
			continue
		}
		limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && limit > 0 && limit < 1<<50 { // in version 1, a huge number means "no limit"
			return limit
		}
	}
	return 0
}
