package fair_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dalil/fair"
)

// begin begins a turn that must not wait.
func begin(t *testing.T, turns *fair.Turns, caller string) *fair.Turn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	turn, err := turns.Begin(ctx, caller)
	if err != nil {
		t.Fatalf("%s has no turn: %v", caller, err)
	}
	return turn
}

// waits reports whether a turn would have to be waited for.
func waits(t *testing.T, turns *fair.Turns) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	turn, err := turns.Begin(ctx, "another")
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	turn.End()
	return err != nil
}

func TestTurnsLimitWorkWhileQuestionsAreAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fair.NewTurns(1)
		begin(t, turns, "a").End()
		unlimited := begin(t, turns, "a")
		if waits(t, turns) {
			t.Error("work waits, although nobody has asked a question")
		}
		unlimited.End()
		turns.Ask()
		turn := begin(t, turns, "a")
		if !waits(t, turns) {
			t.Error("two have the only turn")
		}
		turn.End()
		if waits(t, turns) {
			t.Error("a turn that has ended is held")
		}
		turn.End()
		kept := begin(t, turns, "a")
		if !waits(t, turns) {
			t.Error("a turn that ended twice gave two places")
		}
		time.Sleep(time.Second)
		if waits(t, turns) {
			t.Error("work waits a second after the last question")
		}
		kept.End()
	})
}

// Work that began before the first question takes turns from its next rest on, and others
// get the place while it rests.
func TestLongWorkRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fair.NewTurns(1)
		var sharing sync.Mutex // of what follows
		inside, most := 0, 0
		var before []string
		work := func(caller string) {
			turn, err := turns.Begin(t.Context(), caller)
			if err != nil {
				t.Error(err)
			}
			defer turn.End()
			for range 5 {
				sharing.Lock()
				inside++
				most = max(most, inside)
				before = append(before, caller)
				sharing.Unlock()
				time.Sleep(time.Millisecond)
				sharing.Lock()
				inside--
				sharing.Unlock()
				turn.Rest()
			}
		}
		go work("a")
		go work("b")
		synctest.Wait()
		sharing.Lock()
		if most != 2 {
			t.Errorf("%d worked at the same time before a question, want 2", most)
		}
		sharing.Unlock()
		turns.Ask()
		time.Sleep(time.Millisecond + time.Microsecond)
		synctest.Wait()
		sharing.Lock()
		most = 0
		sharing.Unlock()
		time.Sleep(20 * time.Millisecond)
		sharing.Lock()
		defer sharing.Unlock()
		if most != 1 || len(before) != 10 {
			t.Errorf("%d worked at the same time after a question, want 1; %d of 10 pieces were done", most, len(before))
		}
		for i := 3; i < 9; i++ { // until one has nothing left
			if before[i] == before[i+1] {
				t.Errorf("%s worked twice in succession: %q", before[i], before)
				break
			}
		}
	})
}

func TestShortWorkDoesNotRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fair.NewTurns(1)
		turns.Ask()
		turn := begin(t, turns, "a")
		waiting := make(chan struct{})
		go func() {
			defer close(waiting)
			other, err := turns.Begin(t.Context(), "b")
			if err != nil {
				t.Error(err)
			}
			other.End()
		}()
		synctest.Wait()
		for range 1000 {
			turn.Rest()
		}
		synctest.Wait()
		if turns.Waiting() != 1 {
			t.Error("a turn rested at once")
		}
		turn.End()
		<-waiting
	})
}

func TestBeginEndsWithItsContext(t *testing.T) {
	turns := fair.NewTurns(0) // one, at least
	turns.Ask()
	turn := begin(t, turns, "a")
	defer turn.End()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := turns.Begin(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNilTurnsLimitNothing(t *testing.T) {
	var turns *fair.Turns
	turns.Ask()
	for range 3 {
		begin(t, turns, "a").Rest()
	}
	begin(t, turns, "a").End()
	if n := turns.Waiting(); n != 0 {
		t.Errorf("%d wait", n)
	}
}
