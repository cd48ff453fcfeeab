package doctor

import (
	"context"
	"errors"

	"dalil/store"
)

// leastFree is how much room the data folder should have left, in bytes.
const leastFree = 1 << 30

// disk looks how much room is left where the store writes.
func disk(_ context.Context, x *examination) {
	const check = "disk"
	user, able := x.Driver.(store.DiskUser)
	if !able {
		return
	}
	free, _, err := user.Disk()
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		x.ok(check, "this system does not report it")
	case err != nil:
		x.fail(check, "see that the folder named by data, or the one above it, can be read", err)
	case free < leastFree:
		x.warn(check, "free some space; writes fail when the disk is full, and nothing is lost", "%d MB are free at %s", free>>20, user.Folder())
	default:
		x.ok(check, "%d MB are free at %s", free>>20, user.Folder())
	}
}
