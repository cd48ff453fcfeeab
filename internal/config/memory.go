package config

import (
	"io/fs"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// MemoryLimit is what this process may use: GOMEMLIMIT, else the limit of its
// container; 0: neither is set. A container's limit is also given to the garbage
// collector, less a tenth for what the Go runtime does not count.
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

// containerLimit reads the limit of the control group, of version 2 or 1; 0:
// there is none.
func containerLimit(cgroup fs.FS) int64 {
	for _, name := range []string{"memory.max", "memory/memory.limit_in_bytes"} {
		text, err := fs.ReadFile(cgroup, name)
		if err != nil {
			continue
		}
		limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && limit > 0 && limit < 1<<50 { // version 1 says "none" by a huge number
			return limit
		}
	}
	return 0
}
