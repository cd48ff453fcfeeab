package searcher

import (
	"time"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// run is the state of one query.
type run struct {
	*Searcher
	query          corpus.Query
	depth          int // number of candidates of each arm
	rerankDepth    int // number of best candidates to rerank
	past           conversation.Past
	citedVectors   []corpus.Vector // of the passages that the conversation cites
	citedDocuments []string        // of the same passages
	alone          [][]store.Hit   // what was found for the question without its conversation, as long as that is what is searched for
	followsUp      bool
	doubt          float64           // how much the cited documents gain, 0 to 1
	demands        demands           // of the question's quotation marks and minus signs
	time           *corpus.Published // that the question names; nil: none
	asked          string            // the question; if it follows up, with the words of the conversation that join it
	compared       string            // what the Reranker compares passages with
	vector         corpus.Vector     // nil: the dense arm is not used
	question       lexical.Question
	vocabulary     store.Vocabulary
	lexical        bool
	script         lexical.Script // of the question
	degraded       []corpus.Arm
	// degradedStages are the stages that failed.
	degradedStages []corpus.Stage
	topDense       *float32
	denseTrust     float64 // additional weight of the dense arm
	candidates     []candidate
	points         map[corpus.ChunkID]store.Point // read for the ranking and used again for the page
	kept           *store.Profiles                // those of the store, read for this run; nil: none were
	room           *memory                        // see [run.memory]; nil: not used yet
	meaning        []float32                      // how much each word of the question means; nil: unknown
	surprisal      []float32                      // of each word of the question; nil: unknown
	weighing       *weighing                      // compares the words of the question with the best candidates; nil: not yet
	numbers        askedNumbers                   // that the question has in digits
	names          askedNames                     // that the question has
	vanished       bool                           // a passage that was found was gone when it was read
	whole          bool                           // the candidates are all that the arms found
	found          int                            // number of candidates before they were arranged
	verdict        corpus.Evidence                // of the candidates as they were ranked
	facets         []corpus.Facet
	duplicates     map[corpus.ChunkID][]corpus.ChunkID // of a passage, those that were left out because of it
	trace          *trace                              // nil: nothing is explained
	clock          clock
}

// newRun returns the state of a query with its defaults, or why it is invalid.
func (s *Searcher) newRun(q corpus.Query) (*run, error) {
	q, err := checked(q)
	if err != nil {
		return nil, err
	}
	r := &run{Searcher: s, query: q, depth: s.options.Depth, rerankDepth: s.options.RerankDepth}
	r.clock.last = time.Now()
	if err := r.readSigns(); err != nil {
		return r, err
	}
	if !r.demands.any() {
		r.query.Text = s.conversation.Request(r.query.Text)
	}
	return r, nil
}

// clock measures how long each stage took.
type clock struct {
	last time.Time
	laps []corpus.Timing
}

// lap adds the time since the last lap to a stage.
func (c *clock) lap(stage corpus.Stage) {
	now := time.Now()
	spent := now.Sub(c.last)
	c.last = now
	for i := range c.laps {
		if c.laps[i].Stage == stage {
			c.laps[i].Duration += spent
			return
		}
	}
	c.laps = append(c.laps, corpus.Timing{Stage: stage, Duration: spent})
}
