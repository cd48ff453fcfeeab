package fair_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"dalil/fair"
)

func TestPlacesGoToCallersInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := fair.New(1, 0)
		first, err := q.Enter(t.Context(), "holder")
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		var group sync.WaitGroup
		enter := func(caller string) {
			group.Go(func() {
				leave, err := q.Enter(t.Context(), caller)
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, caller)
				leave()
			})
			synctest.Wait()
		}
		for range 5 {
			enter("many")
		}
		enter("one")
		enter("two")
		if n := q.Waiting(); n != 7 {
			t.Errorf("%d wait, want 7", n)
		}
		first()
		group.Wait()
		if got, want := strings.Join(order, " "), "many one two many many many many"; got != want {
			t.Errorf("got the order %q, want %q", got, want)
		}
	})
}

func TestOneCallerGetsItsShareOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := fair.New(4, 2)
		var leave []func()
		for _, caller := range []string{"a", "a", "b"} {
			l, err := q.Enter(t.Context(), caller)
			if err != nil {
				t.Fatal(err)
			}
			leave = append(leave, l)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var third error
		var group sync.WaitGroup
		group.Go(func() { _, third = q.Enter(ctx, "a") })
		synctest.Wait()
		if n := q.Waiting(); n != 1 {
			t.Errorf("%d wait, want 1: the caller has its share, although a place is free", n)
		}
		if l, err := q.Enter(t.Context(), "c"); err != nil {
			t.Error(err)
		} else {
			leave = append(leave, l)
		}
		cancel()
		group.Wait()
		if !errors.Is(third, context.Canceled) || q.Waiting() != 0 {
			t.Errorf("got %v and %d waiting, want that the caller stopped to wait", third, q.Waiting())
		}
		for _, l := range leave {
			l()
		}
	})
}

// While another caller asks, a caller has half of its share, and all of it a second after.
func TestAnActiveCallerHalvesTheShareOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := fair.New(8, 4)
		enters := func(caller string) (leave func(), ok bool) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			leave, err := q.Enter(ctx, caller)
			return leave, err == nil
		}
		held := func(caller string) (n int) {
			for {
				leave, ok := enters(caller)
				if !ok {
					return n
				}
				defer leave()
				n++
			}
		}
		if n := held("many"); n != 4 {
			t.Errorf("a caller alone has %d places, want 4", n)
		}
		if leave, ok := enters("one"); ok {
			leave()
		}
		if n := held("many"); n != 2 {
			t.Errorf("a caller beside another has %d places, want 2", n)
		}
		time.Sleep(time.Second)
		if n := held("many"); n != 4 {
			t.Errorf("a caller alone again has %d places, want 4", n)
		}
	})
}

// In any sequence, no place is lost or given twice, and nobody waits while there is a
// place for its caller.
func TestQueueAgainstItsRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			places, each := rapid.IntRange(1, 4).Draw(rt, "places"), rapid.IntRange(1, 4).Draw(rt, "each")
			q := fair.New(places, each)
			type entry struct {
				caller string
				cancel context.CancelFunc
				leave  func()
				ended  bool
			}
			var all []*entry
			var group sync.WaitGroup
			for range rapid.IntRange(1, 40).Draw(rt, "steps") {
				switch rapid.IntRange(0, 3).Draw(rt, "step") {
				case 0, 1:
					ctx, cancel := context.WithCancel(t.Context())
					e := &entry{caller: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "caller"), cancel: cancel}
					all = append(all, e)
					group.Go(func() {
						leave, err := q.Enter(ctx, e.caller)
						e.leave, e.ended = leave, err != nil
					})
				case 2:
					for _, e := range all {
						if e.leave != nil && !e.ended {
							e.ended = true
							e.leave()
							break
						}
					}
				case 3:
					if len(all) > 0 {
						all[rapid.IntRange(0, len(all)-1).Draw(rt, "which")].cancel()
					}
				}
				synctest.Wait()
				inside := map[string]int{}
				total := 0
				var waiting []string
				for _, e := range all {
					switch {
					case e.ended:
					case e.leave != nil:
						inside[e.caller]++
						total++
					default:
						waiting = append(waiting, e.caller)
					}
				}
				if total > places || q.Waiting() != len(waiting) {
					rt.Fatalf("%d are inside of %d places, %d wait of %d", total, places, q.Waiting(), len(waiting))
				}
				for caller, n := range inside {
					if n > min(each, places) {
						rt.Fatalf("%s has %d places, at most %d are allowed", caller, n, each)
					}
				}
				if total < places && slices.ContainsFunc(waiting, func(caller string) bool { return inside[caller] < max(each/2, 1) }) {
					rt.Fatalf("%v wait, although %d of %d places are free", waiting, places-total, places)
				}
			}
			for _, e := range all {
				e.cancel()
			}
			synctest.Wait()
			for _, e := range all {
				if e.leave != nil && !e.ended {
					e.leave()
				}
			}
			group.Wait()
		})
	})
}
