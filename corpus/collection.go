package corpus

import (
	"fmt"
	"time"
)

// Collection describes one of the collections of an alias: the active one, those
// that were built to replace it, and those that were active before.
type Collection struct {
	Name        string
	Pipeline    Pipeline
	Active      bool
	Documents   int
	Passages    int
	CreatedAt   time.Time
	ActivatedAt time.Time // zero: it was never active
	UpdatedAt   time.Time // time of the newest write; zero: never, or unknown
}

// Lag is how far one collection is behind another one, in documents.
type Lag struct{ Missing, Older, Extra int }

// Any reports whether there is a difference.
func (l Lag) Any() bool { return l.Missing+l.Older+l.Extra > 0 }

func (l Lag) String() string {
	return fmt.Sprintf("%d documents missing, %d older, %d deleted elsewhere", l.Missing, l.Older, l.Extra)
}

// Activation describes the documents that are missing in a collection after it was
// activated.
type Activation struct {
	Before  string // the collection that was active before; "": none
	Late    Lag    // written to it while servers switched
	Left    Lag    // documents that only it has, because the activation was forced
	Unknown bool   // Left is unknown
}

// Comparison describes how the answers of two collections, or two rankings, to the
// same questions differ.
type Comparison struct {
	Before    string
	After     string
	Questions int
	Overlap   float64     // mean share of the first ten documents that both answers have
	Moved     float64     // mean distance, in ranks, of the documents that both answers have
	SameFirst float64     // share of the questions whose first document is the same
	NDCG10    *[2]float64 // before, after; nil: the questions are not judged
	Most      []Change    // the questions whose answers changed most
}

// Change describes how the answers to one question differ.
type Change struct {
	Question string
	Overlap  float64
	Moved    float64
	First    bool // whether the first document is the same
}

// Progress is the progress of a long task.
type Progress struct {
	Step        string // name of the step for people: "carry over"
	Done, Total int    // numbers of documents or questions; Total 0: unknown
}

// Rebuilt describes a collection that was built beside the active one.
type Rebuilt struct {
	Collection                          string
	Indexed, Unchanged, Failed, Deleted int
	Activated                           bool
	Late                                Lag // written to the previous collection meanwhile, and not carried over
}
