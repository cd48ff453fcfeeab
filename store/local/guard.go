package local

import (
	"runtime/debug"

	"dalil/corpus"
)

// guard runs do, which may read mapped rows and postings. If their file cannot be read any more, it
// returns an error instead of ending the process.
func guard(do func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, isFault := r.(fault); !isFault {
				panic(r)
			}
			err = corpus.Errorf(corpus.ErrCorrupt, "a segment file became shorter or cannot be read any more; restart the server, which builds it again from the database")
		}
	}()
	do()
	return nil
}

// counting returns a count that may read mapped postings. If their file cannot be read any
// more, it returns most, and the search that follows returns the error.
func counting(most int, count func() int) (n int) {
	if guard(func() { n = count() }) != nil {
		return most
	}
	return n
}
