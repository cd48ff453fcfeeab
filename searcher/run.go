package searcher

import (
	"time"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// run is one query under way.
type run struct {
	*Searcher
	query      corpus.Query
	past       conversation.Past
	followsUp  bool
	asked      string        // the question with the words of the conversation that join it
	vector     corpus.Vector // nil: the dense arm is not asked
	question   lexical.Question
	vocabulary store.Vocabulary
	lexical    bool
	script     lexical.Script // of the question
	degraded   []corpus.Arm
	// degradedStages could not do their part.
	degradedStages []corpus.Stage
	topDense       *float32
	denseTrust     float64 // weight that the dense arm gets beside its own
	candidates     []candidate
	points         map[corpus.ChunkID]store.Point // read for the ranking, reused for the page
	kept           *store.Profiles                // those of the store, read for this run; nil: none were
	clock          clock
}

// clock measures how long each stage took.
type clock struct {
	last time.Time
	laps []corpus.Timing
}

// again adds to the time of a stage that has ended once.
func (c *clock) again(stage corpus.Stage) {
	c.lap(stage)
	last := len(c.laps) - 1
	for i := range c.laps[:last] {
		if c.laps[i].Stage == stage {
			c.laps[i].Duration += c.laps[last].Duration
			c.laps = c.laps[:last]
			return
		}
	}
}

func (c *clock) lap(stage corpus.Stage) {
	now := time.Now()
	c.laps = append(c.laps, corpus.Timing{Stage: stage, Duration: now.Sub(c.last)})
	c.last = now
}
