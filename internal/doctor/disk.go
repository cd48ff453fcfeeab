package doctor

import (
	"context"
	"errors"

	"dalil/store"
)

// leastFree is how much space the disk of the data folder should have left, in bytes.
const leastFree = 1 << 30

// disk checks how much space is left on the disk that the store writes to.
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
		x.fail(check, "check that the folder in data, or its parent folder, can be read", err)
	case free < leastFree:
		x.warn(check, "free some space; writes fail when the disk is full, and nothing is lost", "%d MB are free at %s", free>>20, user.Folder())
	default:
		x.ok(check, "%d MB are free at %s", free>>20, user.Folder())
	}
}
