package local_test

import (
	"sync"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// Each write reports its steps, in their order; eight small commits are merged by the writer,
// and a merge that fails is reported with its error.
func TestStepsOfWritesAreReported(t *testing.T) {
	s, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: benchPipeline()})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	counts := map[store.Step]int{}
	var steps []store.Step
	store.StepReporterOf(s).ReportSteps(func(step store.Step, took time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		steps = append(steps, step)
		if counts[step]++; took < 0 || err != nil {
			t.Errorf("%s took %v: %v", step, took, err)
		}
	})
	if _, err := s.Create(t.Context(), store.Settings{Pipeline: benchPipeline(), AverageLength: 70}); err != nil {
		t.Fatal(err)
	}
	g := newGenerator(3)
	for n := range 8 {
		if err := s.Put(t.Context(), []store.Entry{g.entry(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := map[store.Step]int{store.StepWait: 9, store.StepInsert: 9, store.StepFlush: 9, store.StepPublish: 9, store.StepMerge: 1}
	for step, n := range want {
		if counts[step] != n {
			t.Errorf("%s was reported %d times, want %d; all: %v", step, counts[step], n, steps)
		}
	}
	for i, step := range []store.Step{store.StepWait, store.StepInsert, store.StepFlush, store.StepPublish} {
		if steps[i] != step {
			t.Errorf("step %d is %s, want %s", i, steps[i], step)
		}
	}
}

// A failed merge in the background is a step with an error.
func TestAFailedMergeIsAStepWithAnError(t *testing.T) {
	s, files := openedMapped(t, local.Options{Dir: t.TempDir(), Pipeline: benchPipeline()})
	failed := make(chan error, 10)
	s.ReportSteps(func(step store.Step, _ time.Duration, err error) {
		if step == store.StepMergeLarge {
			failed <- err
		}
	})
	overwriteRows(t, files[0], 0)
	var ids []string
	for n := range 300 {
		ids = append(ids, benchID(n))
	}
	if err := s.Delete(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; corpus.KindOf(err) != corpus.ErrCorrupt {
		t.Errorf("got %v, want the damage", err)
	}
}
