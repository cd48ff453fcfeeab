package corpus

import "strconv"

// ExplainCause says why a document is in an answer, or why it is not.
type ExplainCause uint8

// The causes.
const (
	CauseRanked        ExplainCause = 1 + iota // it is in the answer
	CauseNotIndexed                            // there is no such document
	CauseExpired                               // it has expired
	CauseNotVisible                            // it becomes visible later
	CauseNoPassages                            // it has no text
	CauseFilter                                // the filter leaves it out
	CauseThreshold                             // its scores are below a threshold of the query
	CauseDepth                                 // each arm found enough better passages
	CauseNoWords                               // it shares no word with the question, and vectors are not used
	CauseExcluded                              // the question leaves out a word that it has, or asks for a phrase that it lacks
	CauseDuplicate                             // it has nearly the text of a better passage
	CauseDocumentLimit                         // better passages of the same document took its place
	CauseOldRevision                           // it was written while the question was answered
)

// Explained says where a document is in the answer to a question, or at which step it
// was left out, with the numbers that decided.
type Explained struct {
	Cause      ExplainCause
	Rank       int // of its best passage in the whole ranking, or with groups of its group; 0: it is not in the answer
	Candidates int // number of passages that the arms found
	// Passage is its best passage: in the ranking if it was ranked, otherwise by the
	// scores of the arms, otherwise its first; nil: it was left out before the arms searched.
	Passage *Passage
	Arms    []ExplainedArm
	Words   []ExplainedWord
	Lacks   []string // with CauseExcluded, phrases of the question that no passage of the document has
	Has     []string // with CauseExcluded, words that the question excludes and the document has
	Clause  string   // with CauseFilter, the part of the filter that leaves it out ("filter.all.filters[1].in")
	Beaten  *ChunkID // with CauseDuplicate, the passage that has nearly the same text
	Depth   int      // number of passages that each arm returns
	// Passages are the document's passages that the arms found, in the order of their ranks.
	Passages []ExplainedPassage
}

// ExplainedPassage says what became of a passage that the arms found.
type ExplainedPassage struct {
	ID    ChunkID
	Cause ExplainCause
	Rank  int // position in the answer; 0: it is not in it
}

// ArmCause says what an arm did with a document.
type ArmCause uint8

// The causes of arms.
const (
	ArmFound     ArmCause = 1 + iota // one of its passages is among the arm's candidates
	ArmDepth                         // the arm found enough better passages
	ArmThreshold                     // it would be a candidate, but its score is below the threshold
	ArmNoMatch                       // it shares no word with the question
	ArmNotUsed                       // the question does not use the arm
	ArmFailed                        // the arm could not answer
	ArmExcluded                      // it would be a candidate, but the question's signs leave it out
)

// ExplainedArm says what one arm did with a document. Scores are those of the
// passage that the arm likes best.
type ExplainedArm struct {
	Arm       Arm
	Cause     ArmCause
	Score     *float32 // nil: it has none
	Coverage  *float32 // of the lexical arm
	Rank      int      // among all passages that the filter keeps; 0: it has no score, or is beyond Searched
	Searched  int      // how far the arm looked for Rank
	Last      *float32 // the score of the arm's last candidate; nil: the arm found fewer than Depth
	Threshold *float32 // the least score, or coverage, that the query asks for
}

// ExplainedWord says where a word of the question occurs.
type ExplainedWord struct {
	Word       string // as written
	Ignored    bool   // a stop word, which is not searched
	InIndex    bool   // the index has the word, a form or a translation of it
	InDocument bool   // the document's passage has one
}

// Refusing returns the innermost part of the filter that leaves the document out, as a
// path on the wire, or "" if the filter keeps it.
func (f Filter) Refusing(d *Document) string {
	if f.IsZero() || f.Match(d) {
		return ""
	}
	return f.refusing("filter", d)
}

func (f Filter) refusing(path string, d *Document) string {
	switch {
	case f.All != nil:
		for i, c := range f.All {
			if !c.Match(d) {
				return c.refusing(path+".all.filters["+strconv.Itoa(i)+"]", d)
			}
		}
	case f.Any != nil:
		return path + ".any"
	case f.Not != nil:
		return path + ".not"
	case f.In != nil:
		return path + ".in"
	case f.Published != nil:
		return path + ".published"
	case f.Metadata != nil:
		return path + ".metadata"
	}
	return path
}
