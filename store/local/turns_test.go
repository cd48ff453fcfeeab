package local_test

import (
	"fmt"
	"runtime"
	"testing"

	"dalil/fair"
	"dalil/store"
)

// held waits until work waits for the turn that the test holds. It fails if the work ends.
func held(t *testing.T, turns *fair.Turns, ended <-chan error) {
	t.Helper()
	for turns.Waiting() == 0 {
		turns.Ask() // however slow the machine is
		select {
		case err := <-ended:
			t.Fatalf("a write took no turn: %v", err)
		default:
			runtime.Gosched()
		}
	}
}

func TestWritesTakeTurns(t *testing.T) {
	s := openSmall(t, t.TempDir())
	create(t, s)
	turns := fair.NewTurns(1)
	s.TakeTurns(turns)
	for _, write := range []struct {
		name string
		do   func() error
	}{
		{"put", func() error { return s.Put(t.Context(), []store.Entry{smallEntry("a", "1", 1)}) }},
		{"delete", func() error { return s.Delete(t.Context(), []string{"a"}) }},
	} {
		turns.Ask()
		turn, err := turns.Begin(t.Context(), "a test")
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- write.do() }()
		held(t, turns, ended)
		turn.End()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", write.name, err)
		}
	}
}

// Merges and commits that take turns give the same answers as those that take none.
func TestTurnsChangeNoAnswer(t *testing.T) {
	turns := fair.NewTurns(1)
	var answers [2]string
	for i := range answers {
		s := openSmall(t, t.TempDir())
		create(t, s)
		if i == 1 {
			s.TakeTurns(turns)
		}
		for n := range 40 { // more than are merged at a time
			turns.Ask()
			var some []store.Entry
			for j := range 20 {
				some = append(some, smallEntry(fmt.Sprint(n, "-", j), "1", 8))
			}
			put(t, s, some...)
		}
		q := smallEntry("q", "1", 1).Points[0]
		hits, err := s.Search(t.Context(), []store.ArmQuery{{Dense: q.Dense, Limit: 50}, {Sparse: q.Sparse, Limit: 50}})
		if err != nil {
			t.Fatal(err)
		}
		answers[i] = fmt.Sprint(hits)
	}
	if answers[0] != answers[1] {
		t.Error("a store that takes turns answers differently")
	}
	if n := turns.Waiting(); n != 0 {
		t.Errorf("%d still wait", n)
	}
}
