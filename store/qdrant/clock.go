package qdrant

import (
	"math/rand/v2"
	"sync"
	"time"
)

// clock gives sequences: microseconds since 1970 with the lowest eight bits
// replaced by the writer's own number, always rising within a process. They
// order the writes of one document; 53 bits hold them until the year 2255, as
// the server compares them as float64. Writers' machines must agree on the time
// to within what passes between two edits of one document.
type clock struct {
	mu     sync.Mutex
	last   int64
	writer int64
}

const writers = 256

func newWriter() int64 { return rand.Int64N(writers) }

func (c *clock) next() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now().UnixMicro()/writers*writers + c.writer
	c.last = max(now, c.last+writers)
	return c.last
}

// when is the time of a sequence, to a quarter of a millisecond.
func when(sequence int64) time.Time { return time.UnixMicro(sequence / writers * writers).UTC() }

// tombstoneAge is longer than any Put lasts.
const tombstoneAge = time.Hour
