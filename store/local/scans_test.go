package local_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// Hits and scores are the same whether the arms are searched side by side or one after
// the other.
func TestSearchSideBySideFindsTheSame(t *testing.T) {
	dir := t.TempDir()
	filledIn(t, dir, 1800).Close() // 9,000 passages in several pieces
	found := make([][][]store.Hit, 2)
	for i, scans := range []int{1, 2} {
		s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: benchPipeline(), Scans: scans, SideBySide: 1})
		if err != nil {
			t.Fatal(err)
		}
		g := newGenerator(5)
		for range 20 {
			for _, filter := range []corpus.Filter{{}, filters()["few"], filters()["most"]} {
				arms := g.question()
				for k := range arms {
					arms[k].Filter = filter
				}
				hits, err := s.Search(t.Context(), arms)
				if err != nil {
					t.Fatal(err)
				}
				found[i] = append(found[i], hits...)
			}
		}
		s.Close()
	}
	if diff := cmp.Diff(found[0], found[1]); diff != "" {
		t.Errorf("one after the other (-), side by side (+):\n%s", diff)
	}
}

func TestSearchTasksRunSideBySideWhileASlotIsFree(t *testing.T) {
	s := local.NewScans(2)
	first, second := make(chan struct{}), make(chan struct{})
	// Each task waits for the other one.
	if err := s.Run(t.Context(), func() { close(first); <-second }, func() { close(second); <-first }); err != nil {
		t.Fatal(err)
	}
	// While another search runs, both tasks are done by one goroutine.
	err := s.Run(t.Context(), func() {
		var order []int // the race detector reports a second goroutine
		err := s.Run(t.Context(), func() { order = append(order, 1) }, func() { order = append(order, 2) })
		if diff := cmp.Diff([]int{1, 2}, order); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	if err != nil || s.Running() != 0 {
		t.Errorf("%v, and %d slots are taken", err, s.Running())
	}
}

// A panic in another goroutine must reach the caller, which contains it, and must not
// end the process.
func TestSearchTaskThatPanics(t *testing.T) {
	s := local.NewScans(2)
	var none []int
	begun := make(chan struct{}, 2)
	both := func() { // returns when both goroutines have a task
		begun <- struct{}{}
		for len(begun) < 2 {
			runtime.Gosched()
		}
	}
	for name, test := range map[string]struct {
		tasks []func()
		want  string
	}{
		"in one task":   {[]func(){both, func() { both(); _ = none[len(none)] }}, "index out of range"},
		"in the other":  {[]func(){func() { both(); _ = none[len(none)] }, both}, "index out of range"},
		"in both tasks": {[]func(){func() { both(); panic("broken") }, func() { both(); panic("broken") }}, "broken"},
	} {
		for range 20 {
			func() {
				defer func() {
					value := recover()
					text, _ := value.(string)
					if err, is := value.(runtime.Error); is {
						text = err.Error()
					}
					if !strings.Contains(text, test.want) {
						t.Fatalf("%s: the caller got the panic %v, want %q", name, value, test.want)
					}
				}()
				_ = s.Run(t.Context(), test.tasks...)
			}()
			if s.Running() != 0 {
				t.Fatalf("%s: %d slots are taken after the panic", name, s.Running())
			}
			for len(begun) > 0 {
				<-begun
			}
		}
	}
}

func TestSearchTasksEndWithTheContext(t *testing.T) {
	s := local.NewScans(1)
	ctx, cancel := context.WithCancel(t.Context())
	begun := 0
	err := s.Run(ctx, func() { cancel(); begun++ }, func() { begun++ })
	if !errors.Is(err, context.Canceled) || begun != 1 || s.Running() != 0 {
		t.Errorf("%v after %d tasks with %d slots taken, want %v after 1 with 0", err, begun, s.Running(), context.Canceled)
	}
}
