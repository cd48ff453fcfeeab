// Package fair shares places, such as processors, between callers, so that one who asks
// for many cannot keep the others waiting. Start with [New].
package fair

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// recent is how long a caller counts as active after it asked for a place.
const recent = time.Second

// Queue gives a number of places to callers. Whoever has to wait stands in a line of
// its own caller. A place that becomes free goes to the lines in turn (round robin, as
// in Nagle, RFC 970), however long each is. A nil Queue has a place for everyone.
type Queue struct {
	mu     sync.Mutex
	free   int
	each   int
	shared int // places of one caller while another is active
	inside map[string]int
	lines  map[string]*list.Element // of *line
	turn   *list.List               // the lines with waiters; the one whose turn it is first
	last   [2]arrival               // of the two callers that asked last
}

// arrival is when a caller asked for a place.
type arrival struct {
	caller string
	at     time.Time
}

// line has the waiters of one caller, in the order of their arrival.
type line struct {
	caller  string
	waiting *list.List // of *waiter
}

type waiter struct{ entered chan struct{} }

// New returns a Queue with a number of places, at least one. One caller gets at most
// each of them at the same time, and half of each while another caller asks within a
// second; each < 1: all.
func New(places, each int) *Queue {
	places = max(places, 1)
	shared := max(each/2, 1)
	if each < 1 {
		each, shared = places, places
	}
	return &Queue{free: places, each: each, shared: shared, inside: map[string]int{}, lines: map[string]*list.Element{}, turn: list.New()}
}

// Enter waits for a place. The caller must call leave when it no longer needs it. The
// error is that of ctx.
func (q *Queue) Enter(ctx context.Context, caller string) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if q == nil {
		return func() {}, nil
	}
	q.mu.Lock()
	q.arrives(caller)
	if q.free > 0 && q.inside[caller] < q.most(caller) && q.lines[caller] == nil {
		q.take(caller)
		q.mu.Unlock()
		return func() { q.leave(caller) }, nil
	}
	w := &waiter{make(chan struct{})}
	if q.lines[caller] == nil {
		q.lines[caller] = q.turn.PushBack(&line{caller, list.New()})
	}
	place := q.lines[caller].Value.(*line).waiting.PushBack(w)
	q.mu.Unlock()
	select {
	case <-w.entered:
		return func() { q.leave(caller) }, nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-w.entered: // at the same time
		q.put(caller)
	default:
		q.lines[caller].Value.(*line).waiting.Remove(place)
		q.drop(caller)
	}
	return nil, ctx.Err()
}

// arrives records that a caller asks for a place.
func (q *Queue) arrives(caller string) {
	if q.last[0].caller != caller {
		q.last[1] = q.last[0]
	}
	q.last[0] = arrival{caller, time.Now()}
}

// most returns how many places a caller may have now.
func (q *Queue) most(caller string) int {
	for _, one := range q.last {
		if one.caller != caller && !one.at.IsZero() && time.Since(one.at) < recent {
			return q.shared
		}
	}
	return q.each
}

func (q *Queue) leave(caller string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.put(caller)
}

func (q *Queue) take(caller string) {
	q.free--
	q.inside[caller]++
}

// put frees a place of a caller, and gives free places to those who wait.
func (q *Queue) put(caller string) {
	q.free++
	if q.inside[caller]--; q.inside[caller] == 0 {
		delete(q.inside, caller)
	}
	for e := q.turn.Front(); e != nil && q.free > 0; {
		l := e.Value.(*line)
		next := e.Next()
		if q.inside[l.caller] < q.most(l.caller) {
			q.take(l.caller)
			close(l.waiting.Remove(l.waiting.Front()).(*waiter).entered)
			q.turn.MoveToBack(e)
			q.drop(l.caller)
			if next == nil {
				next = q.turn.Front() // it may have others that wait
			}
		}
		e = next
	}
}

// drop removes the line of a caller if nobody waits in it.
func (q *Queue) drop(caller string) {
	if e := q.lines[caller]; e != nil && e.Value.(*line).waiting.Len() == 0 {
		q.turn.Remove(e)
		delete(q.lines, caller)
	}
}

// Waiting returns how many wait.
func (q *Queue) Waiting() int {
	if q == nil {
		return 0
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for e := q.turn.Front(); e != nil; e = e.Next() {
		n += e.Value.(*line).waiting.Len()
	}
	return n
}
