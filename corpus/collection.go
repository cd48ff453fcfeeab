package corpus

import (
	"fmt"
	"time"
)

// Collection is one of the collections behind a name: the active one answers,
// the others were built to replace it, or were active before.
type Collection struct {
	Name        string
	Pipeline    Pipeline
	Active      bool
	Documents   int
	Passages    int
	CreatedAt   time.Time
	ActivatedAt time.Time // zero: it never was
	UpdatedAt   time.Time // of the newest write; zero: never
}

// Lag is how far one collection is behind another, in documents.
type Lag struct{ Missing, Older, Extra int }

// Any reports whether there is a difference.
func (l Lag) Any() bool { return l.Missing+l.Older+l.Extra > 0 }

func (l Lag) String() string {
	return fmt.Sprintf("%d documents missing, %d older, %d deleted elsewhere", l.Missing, l.Older, l.Extra)
}

// Activation is what an activation did not bring into the collection that is
// active now.
type Activation struct {
	Before  string // the collection that was active; "": none
	Late    Lag    // written there while servers went over
	Left    Lag    // what an activation by force left there
	Unknown bool   // what was left is not known
}

// Comparison is what two collections, or two rankings, make of the same
// questions.
type Comparison struct {
	Before    string
	After     string
	Questions int
	Overlap   float64     // mean share of the first ten documents that both have
	Moved     float64     // mean distance, in ranks, of the documents that both have
	SameFirst float64     // share of the questions whose first document is the same
	NDCG10    *[2]float64 // before, after; nil: the questions are not judged
	Most      []Change    // that changed most
}

// Change is what one question's answers became.
type Change struct {
	Question string
	Overlap  float64
	Moved    float64
	First    bool // whether the first document is the same
}

// Progress is how far work that takes long is.
type Progress struct {
	Step        string // for people: "carry over"
	Done, Total int    // of documents or questions; Total 0: it is not known
}

// Rebuilt is what became of a collection that was built beside the active one.
type Rebuilt struct {
	Collection                          string
	Indexed, Unchanged, Failed, Deleted int
	Activated                           bool
	Late                                Lag // written to the one left meanwhile, and not carried over
}
