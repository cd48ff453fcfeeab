package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// callers is how many ask at the same time when answers a second are measured.
const callers = 8

// Systems are asked in turn, in blocks of so many questions: the load of the machine
// then affects all of them, and a block is long enough for the system's clock of
// processor time, which counts hundredths of a second.
const (
	block      = 100
	crowdBlock = 200
)

// cost is what something took.
type cost struct{ wall, cpu time.Duration }

// loaded is a system that has the passages.
type loaded struct {
	name string
	system
	load cost
	ways []*measured
	used usage
	disk int64
}

// measured is one way to ask with its measurements.
type measured struct {
	way
	times     []time.Duration // of each question, one caller
	cpu       time.Duration   // of the server, for all of times
	crowd     time.Duration   // for all questions, with several callers
	found, of int             // nearest passages that were found, of how many
}

// load fills a system and measures what it takes.
func load(ctx context.Context, name string, s system, m *material) (*loaded, error) {
	before := cpuOf(s.Process())
	began := time.Now()
	if err := s.Load(ctx, m); err != nil {
		return nil, errors.Join(fmt.Errorf("load: %w", err), s.Close())
	}
	l := &loaded{name: name, system: s, load: cost{time.Since(began), cpuOf(s.Process()) - before}}
	if p, ok := s.(preloaded); ok {
		l.load = p.Loaded()
	}
	for _, w := range s.Ways() {
		l.ways = append(l.ways, &measured{way: w})
	}
	return l, nil
}

// preloaded is a system whose passages were there before Load. Without it, Load is
// measured.
type preloaded interface{ Loaded() cost }

// turn is one way of one system.
type turn struct {
	*loaded
	*measured
}

func turns(systems []*loaded) (all []turn) {
	for _, s := range systems {
		for _, w := range s.ways {
			all = append(all, turn{s, w})
		}
	}
	return all
}

// measure asks every system every question in every way, in turn.
func measure(ctx context.Context, systems []*loaded, m *material, e *exact) error {
	all := turns(systems)
	for _, t := range all {
		for i := range m.warm {
			if _, err := t.checked(ctx, &m.warm[i], e); err != nil {
				return err
			}
		}
	}
	for from := 0; from < len(m.questions); from += block {
		for i := range all {
			t := all[(i+from/block)%len(all)]
			if err := t.one(ctx, m.questions, from, min(from+block, len(m.questions)), e); err != nil {
				return err
			}
		}
	}
	for _, s := range systems {
		s.used, _ = usageOf(s.Process())
		s.disk = s.Disk(ctx)
	}
	for from := 0; from < len(m.questions); from += crowdBlock {
		for i := range all {
			t := all[(i+from/crowdBlock)%len(all)]
			if err := t.many(ctx, m.questions[from:min(from+crowdBlock, len(m.questions))]); err != nil {
				return err
			}
		}
	}
	return nil
}

// one asks a block of questions, one after another.
func (t turn) one(ctx context.Context, questions []question, from, to int, e *exact) error {
	answers := make([][]hit, 0, to-from)
	before := cpuOf(t.Process())
	for i := from; i < to; i++ {
		began := time.Now()
		answer, err := t.ask(ctx, &questions[i])
		t.times = append(t.times, time.Since(began))
		if err != nil {
			return t.failed(&questions[i], err)
		}
		answers = append(answers, answer)
	}
	t.measured.cpu += cpuOf(t.Process()) - before
	for i, answer := range answers {
		if err := e.check(answer); err != nil {
			return t.failed(&questions[from+i], err)
		}
		if n := from + i; t.dense && n < len(e.tenth) {
			t.found += e.found(n, questions[n].dense, answer)
			t.of += best
		}
	}
	return nil
}

// many asks a block of questions with several callers.
func (t turn) many(ctx context.Context, questions []question) error {
	var next atomic.Int64
	var all sync.WaitGroup
	failures := make([]error, callers)
	began := time.Now()
	for c := range callers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(questions)) && failures[c] == nil; i = next.Add(1) - 1 {
				if _, err := t.ask(ctx, &questions[i]); err != nil {
					failures[c] = t.failed(&questions[i], err)
				}
			}
		})
	}
	all.Wait()
	t.crowd += time.Since(began)
	return errors.Join(failures...)
}

// checked asks one question and checks the answer.
func (t turn) checked(ctx context.Context, q *question, e *exact) ([]hit, error) {
	answer, err := t.ask(ctx, q)
	if err == nil {
		err = e.check(answer)
	}
	if err != nil {
		return nil, t.failed(q, err)
	}
	return answer, nil
}

func (t turn) failed(q *question, err error) error {
	return fmt.Errorf("%s, %s: %q: %w", t.loaded.name, t.measured.name, q.text, err)
}

// check reports an answer that has too many passages, or one without its title and text.
func (e *exact) check(answer []hit) error {
	if len(answer) > best {
		return fmt.Errorf("the answer has %d passages", len(answer))
	}
	for _, h := range answer {
		at, known := e.at[h.id]
		if !known {
			return fmt.Errorf("the passage %v of the answer is not in the index", h.id)
		}
		if p := &e.passages[at]; h.title != p.title || h.text != p.text {
			return fmt.Errorf("the passage %v has another title or text than the one that was written", h.id)
		}
	}
	return nil
}

// percentile is the time that a share of all stays below.
func percentile(times []time.Duration, share float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}
