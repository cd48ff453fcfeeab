package corpus

// Evidence says whether an answer's passages answer the question, as a value that
// programs can use. Later values are stronger, except for EvidenceUnknown.
type Evidence uint8

// The grades of evidence.
const (
	// EvidenceUnknown: no relevance was computed, because the model has no table
	// or an arm was left out.
	EvidenceUnknown    Evidence = iota
	EvidenceNone                // no passage answers
	EvidenceWeak                // a passage may answer
	EvidenceSufficient          // a passage answers, as far as its scores show
)

// Evidences returns every grade, in the order of their values.
func Evidences() []Evidence {
	return []Evidence{EvidenceUnknown, EvidenceNone, EvidenceWeak, EvidenceSufficient}
}

func (e Evidence) String() string {
	switch e {
	case EvidenceNone:
		return "none"
	case EvidenceWeak:
		return "weak"
	case EvidenceSufficient:
		return "sufficient"
	}
	return "unknown"
}
