//go:build !race

// The race detector makes this much slower. TestDeletionsAfterALoadThatFilledTheDisk does the
// same work with it.

package local_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// A deletion needs space in SQLite's log, for which there is a reserve.
func TestDeletionsOnADiskWithoutAFreeBlock(t *testing.T) {
	for _, documents := range []int{300, 2000, 10_000} { // the last one fills the disk
		t.Run(fmt.Sprint(documents), func(t *testing.T) {
			disk := smallDisk(t, 64)
			dir := filepath.Join(disk, "index")
			s := openSmall(t, dir)
			create(t, s)
			held := 0
			for ; held < documents; held++ {
				err := s.Put(t.Context(), []store.Entry{smallEntry(fmt.Sprint("d", held), "1", 10)})
				if errors.Is(err, corpus.ErrExhausted) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			reopen := func() {
				t.Helper()
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				s = openSmall(t, dir)
			}
			refused := func(id string) bool {
				t.Helper()
				err := s.Put(t.Context(), []store.Entry{smallEntry(id, "1", 10)})
				if err != nil && !errors.Is(err, corpus.ErrExhausted) {
					t.Fatal(err)
				}
				return err != nil
			}
			reopen() // takes the reserve
			empty := fill(t, disk)
			written := 0
			for ; !refused(fmt.Sprint("more", written)); written++ {
				if written > 2000 {
					t.Fatal("the disk is not full")
				}
			}
			for i := range held {
				if i == held/3 {
					reopen()
				}
				if err := s.Delete(t.Context(), []string{fmt.Sprint("d", i)}); err != nil {
					t.Fatalf("delete document %d of %d: %v", i, held, err)
				}
			}
			if stats, err := s.Stats(t.Context()); err != nil || stats.Documents != written {
				t.Errorf("%d documents are left, error %v, want %d", stats.Documents, err, written)
			}
			runtime.GC() // unmaps files that were deleted
			again := 0
			for ; again < held && !refused(fmt.Sprint("n", again)); again++ {
			}
			t.Logf("%d of %d again", again, held)
			empty()
			for ; again < held; again++ {
				if refused(fmt.Sprint("n", again)) {
					t.Fatalf("document %d of %d is refused", again, held)
				}
			}
		})
	}
}
