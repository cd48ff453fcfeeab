package qdrant

import (
	"math/rand/v2"
	"sync"
	"time"
)

// clock makes sequence numbers: microseconds since 1970, with the writer's number
// in the lowest eight bits. They always increase within a process, and order the
// writes of one document. The server compares them as float64; 53 bits are enough
// until the year 2255. A write that follows another one takes a greater sequence
// number (see after), even if the clocks of the two machines differ.
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

// after returns the next sequence, or the smallest one of this writer above floor
// if that is greater.
func (c *clock) after(floor int64) int64 {
	if next := c.next(); next > floor {
		return next
	}
	return (floor/writers+1)*writers + c.writer
}

// when returns the time of a sequence, accurate to a quarter of a millisecond.
func when(sequence int64) time.Time { return time.UnixMicro(sequence / writers * writers).UTC() }

// sequenceOf returns the smallest sequence of a time; when is its inverse.
func sequenceOf(t time.Time) int64 { return t.UnixMicro() / writers * writers }

// tombstoneAge is longer than any Put takes.
const tombstoneAge = time.Hour
