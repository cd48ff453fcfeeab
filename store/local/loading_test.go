package local_test

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dalil/store"
)

// While documents are loaded and nobody searches, no segment is merged into a large one
// before it is full. The segments are merged when someone searches, when no more documents
// come, and at the end. Answers stay the same.
func TestLoadingLeavesSegmentsUntilTheyAreSearched(t *testing.T) {
	for _, c := range []struct {
		name  string
		then  func(load func(from, to int), ask func())
		large int64 // merges
	}{
		{"a search", func(load func(from, to int), ask func()) {
			ask()
			load(7000, 7001)
		}, 1},
		{"a pause", func(func(from, to int), func()) { time.Sleep(2 * time.Second) }, 1},
		{"the end", func(func(from, to int), func()) {}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			var before any
			synctest.Test(t, func(t *testing.T) {
				s := openSmall(t, dir)
				create(t, s)
				var large atomic.Int64
				s.ReportSteps(func(step store.Step, _ time.Duration, err error) {
					if step == store.StepMergeLarge && err == nil {
						large.Add(1)
					}
				})
				load := func(from, to int) {
					var batch []store.Entry
					for n := from; n < to; n++ {
						batch = append(batch, smallEntry(fmt.Sprint("d", n), "1", 2))
					}
					put(t, s, batch...)
				}
				for n := range 60 { // 12,000 passages
					load(100*n, 100*(n+1))
				}
				synctest.Wait()
				if n := large.Load(); n > 0 {
					t.Errorf("%d large merges while documents were loaded, want 0", n)
				}
				c.then(load, func() { answers(t, s) })
				synctest.Wait()
				if n := large.Load(); n < c.large {
					t.Errorf("%d large merges after %s, want %d", n, c.name, c.large)
				}
				before = answers(t, s)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			})
			if files := segmentFiles(t, dir); len(files) == 0 || len(files) > 2 {
				t.Errorf("%d segment files, want 1 or 2", len(files))
			}
			if after := answers(t, openSmall(t, dir)); !reflect.DeepEqual(after, before) {
				t.Errorf("merging changed the answers")
			}
		})
	}
}
