package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"dalil/corpus"
)

// patience is how long an update waits for another one.
const patience = 10 * time.Second

// lock waits until no other update of the file runs. It locks a file of its own beside
// it, which stays: the file itself is replaced, and the folder may be locked for
// another reason. The system releases the lock when the process ends.
func lock(path string) (release func(), err error) {
	beside := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock")
	f, err := os.OpenFile(beside, os.O_CREATE|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &corpus.Error{Kind: corpus.ErrInvalid, Op: "write", Thing: path, Cause: errors.New("its folder does not exist; make the folder first")}
	case err != nil:
		return nil, Wrong("lock", path, err)
	}
	for end := time.Now().Add(patience); ; {
		free, err := tryLock(f)
		switch {
		case err != nil:
			_ = f.Close()
			return nil, Wrong("lock", path, err)
		case free:
			return func() { _ = f.Close() }, nil
		case time.Now().After(end):
			_ = f.Close()
			return nil, &corpus.Error{Kind: corpus.ErrLocked, Op: "lock", Thing: path, Cause: errors.New("another process is changing the file; try again")}
		}
		time.Sleep(20 * time.Millisecond)
	}
}
