// Package files reads a file again when it changes, and replaces a file in one step.
// Start with [Watch] and [Update].
package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
)

// Options of [Watch]. The zero value works.
type Options struct {
	Every    time.Duration // how often the file is looked at; 0: a second
	MaxBytes int64         // the largest file; 0: 16 MiB
	// Changed is called after each change: with nil if the new content is used, else
	// with the reason why the earlier content stays. Calls do not overlap.
	Changed func(err error)
}

// State is what is known about a watched file.
type State struct {
	Path   string
	Loaded time.Time // when the content in use was read
	Err    error     // why a later content is not used; nil: the content in use is that of the file
}

// Watched is a file that is read again when it changes. It may be changed in place,
// replaced by a rename, or be below a symbolic link that is moved, as in a volume of
// Kubernetes.
type Watched struct {
	path  string
	load  func([]byte) error
	o     Options
	stop  context.CancelFunc
	group errgroup.Group

	mu    sync.Mutex
	state State

	// For the goroutine that looks at the file.
	seen fs.FileInfo
	sum  [sha256.Size]byte
	read time.Time
}

// Watch reads a file and calls load with its content, now and after each change. If
// the first content cannot be read, or load returns an error for it, Watch fails.
// Afterwards the earlier content stays in use. load must not keep its argument.
func Watch(path string, load func([]byte) error, o Options) (*Watched, error) {
	if o.Every <= 0 {
		o.Every = time.Second
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 16 << 20
	}
	w := &Watched{path: path, load: load, o: o, state: State{Path: path}}
	if _, err := w.look(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	w.group.Go(func() error {
		ticks := time.NewTicker(o.Every)
		defer ticks.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-ticks.C:
				w.again()
			}
		}
	})
	return w, nil
}

// Close ends the reading and waits for it.
func (w *Watched) Close() {
	w.stop()
	_ = w.group.Wait() // it returns nil
}

// State returns what is known about the file.
func (w *Watched) State() State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// again looks at the file and reports a change.
func (w *Watched) again() {
	changed, err := w.look()
	w.mu.Lock()
	if err != nil && w.state.Err != nil && err.Error() == w.state.Err.Error() {
		changed = false // reported before
	}
	if changed || err != nil {
		w.state.Err = err
	}
	w.mu.Unlock()
	if changed && w.o.Changed != nil {
		w.o.Changed(err)
	}
}

// look reads the file if it may have changed, and loads it if it has. changed reports
// whether there is something to report.
func (w *Watched) look() (changed bool, err error) {
	info, err := os.Stat(w.path)
	if err != nil {
		w.seen = nil
		return true, Wrong("read", w.path, err)
	}
	// Two writes in one tick of the file system's clock have the same time, so a young
	// file is always read.
	same := w.seen != nil && os.SameFile(w.seen, info) && w.seen.Size() == info.Size() && w.seen.ModTime().Equal(info.ModTime())
	if same && w.read.Sub(info.ModTime()) > 2*time.Second {
		return false, nil
	}
	first := w.seen == nil
	raw, err := Read(w.path, w.o.MaxBytes)
	if err != nil {
		w.seen = nil
		return true, err
	}
	sum := sha256.Sum256(raw)
	unchanged := !first && sum == w.sum
	w.seen, w.sum, w.read = info, sum, time.Now()
	if unchanged {
		return false, nil
	}
	if err := w.load(raw); err != nil {
		return true, err
	}
	w.mu.Lock()
	w.state.Loaded = w.read
	w.mu.Unlock()
	return true, nil
}

// Read reads a whole file of at most max bytes.
func Read(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, Wrong("read", path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &corpus.Error{Kind: corpus.ErrInvalid, Op: "read", Thing: path, Cause: errors.New("is a folder, not a file")}
	}
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, Wrong("read", path, err)
	case n > most:
		return nil, &corpus.Error{Kind: corpus.ErrInvalid, Op: "read", Thing: path, Cause: fmt.Errorf("has more than %d bytes", most)}
	}
	return b.Bytes(), nil
}

// Wrong returns the error of an operation of the system on a file, without the path
// that the system's error repeats.
func Wrong(op, path string, err error) error {
	kind := corpus.ErrDenied
	if errors.Is(err, fs.ErrNotExist) {
		kind = corpus.ErrInvalid
	}
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err
	}
	return &corpus.Error{Kind: kind, Op: op, Thing: path, Cause: corpus.Foreign(err)}
}
