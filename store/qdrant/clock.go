package qdrant

import (
	"math/rand/v2"
	"sync"
	"time"
)

// clock gives sequences: microseconds since 1970 with the lowest eight bits
// replaced by the writer's own number, always rising within a process. They
// order the writes of one document; 53 bits hold them until the year 2255, as
// the server compares them as float64. A write that follows another one takes a
// greater sequence than that (see after), whatever the clocks of the two
// machines say.
type clock struct {
	now    func() time.Time
	writer int64

	mu   sync.Mutex
	last int64
}

const writers = 256

func newWriter() int64 { return rand.Int64N(writers) }

func (c *clock) next() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now().UnixMicro()/writers*writers + c.writer
	c.last = max(now, c.last+writers)
	return c.last
}

// after is the next sequence, or the least one of this writer above floor where
// that is greater.
func (c *clock) after(floor int64) int64 {
	if next := c.next(); next > floor {
		return next
	}
	return (floor/writers+1)*writers + c.writer
}

// when is the time of a sequence, to a quarter of a millisecond.
func when(sequence int64) time.Time { return time.UnixMicro(sequence / writers * writers).UTC() }

// sequenceOf is the least sequence of a time; when gives the time back.
func sequenceOf(t time.Time) int64 { return t.UnixMicro() / writers * writers }

// tombstoneAge is longer than any Put lasts.
const tombstoneAge = time.Hour
