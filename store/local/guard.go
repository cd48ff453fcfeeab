package local

import (
	"errors"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"dalil/corpus"
)

// errUnreadable is a mapped file that became shorter, or that the disk cannot read.
var errUnreadable = corpus.Errorf(corpus.ErrCorrupt, "a segment file became shorter or cannot be read any more; restart the server, which builds it again from the database")

// guard runs do, which may read mapped rows and postings. If their file cannot be read any more, it
// returns an error instead of ending the process.
func guard(do func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, isFault := r.(fault); !isFault {
				panic(r)
			}
			err = errUnreadable
		}
	}()
	do()
	return nil
}

// estimate runs do, whose result may be wrong if a mapped file was changed or became
// shorter; false: it was. The search that follows returns the error.
func estimate(do func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, wrongRow := r.(runtime.Error); !wrongRow {
				panic(r)
			}
			ok = false
		}
	}()
	return guard(do) == nil
}

// counting returns a count that may read mapped postings. If their file cannot be read any
// more, it returns most.
func counting(most int, count func() int) (n int) {
	if !estimate(func() { n = count() }) {
		return most
	}
	return n
}

// blame is deferred by what reads mapped files. It makes an error that names the file of
// what a changed or shorter file caused: a fault, or a row that does not exist. Another
// panic goes on.
func (s *Store) blame(state *snapshot, err *error) {
	value := recover()
	_, wrongRow := value.(runtime.Error)
	switch {
	case value != nil && !wrongRow:
		panic(value)
	case value == nil && !errors.Is(*err, errUnreadable):
		return
	}
	for i := range state.views {
		if damaged := state.views[i].damaged(s.folder); damaged != nil {
			*err = damaged
			return
		}
	}
	if value != nil {
		panic(value) // no file is the cause
	}
}

// damaged returns an error that names the segment's file, if the file was changed or
// cannot be read any more.
func (s *segment) damaged(dir string) error {
	intact := true
	if guard(func() { intact = s.unchanged() }) == nil && intact {
		return nil
	}
	return &corpus.Error{
		Kind: corpus.ErrCorrupt, Op: "read segment file", Thing: filepath.Join(dir, s.file.name),
		Cause: errors.New("the file was changed, became shorter or cannot be read any more; restart the server, which builds it again from the database"),
	}
}
