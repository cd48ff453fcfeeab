package doctor

import "context"

// leastFiles is how many files and connections a server should be able to open.
const leastFiles = 4096

// limits checks how many files may be open.
func limits(_ context.Context, x *examination) {
	const check = "limits"
	switch files := openFiles(); {
	case files == 0:
		x.ok(check, "this system does not report them")
	case files < leastFiles:
		x.warn(check, "raise the limit: ulimit -n, LimitNOFILE in systemd, ulimits in compose", "only %d files and connections may be open at a time; each client needs one", files)
	default:
		x.ok(check, "%d files and connections may be open at a time", files)
	}
}
