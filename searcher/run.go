package searcher

import (
	"time"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// run is one query under way.
type run struct {
	*Searcher
	query      corpus.Query
	vector     corpus.Vector // nil: the dense arm is not asked
	question   lexical.Question
	vocabulary store.Vocabulary
	lexical    bool
	degraded   []corpus.Arm
	topDense   *float32
	candidates []candidate
	points     map[corpus.ChunkID]store.Point // read for the ranking, reused for the page
	clock      clock
}

// clock tells how long each stage took.
type clock struct {
	last time.Time
	laps []corpus.Timing
}

func (c *clock) lap(stage corpus.Stage) {
	now := time.Now()
	c.laps = append(c.laps, corpus.Timing{Stage: stage, Duration: now.Sub(c.last)})
	c.last = now
}
