package evaluation

import (
	"cmp"
	"math"
	"slices"

	"dalil/corpus"
)

// Graded is what an answer said of itself, and what is true.
type Graded struct {
	Answerable bool            // a passage that answers is indexed
	Evidence   corpus.Evidence // of the answer
	Best       float64         // the highest relevance of its passages, 0 to 1
	First      float64         // the relevance of the first passage
	FirstRight bool            // that passage answers
}

// gradedPassages is how many passages of an answer its best relevance is taken from.
const gradedPassages = 10

// Grade compares what an answer says of itself with the documents that are judged relevant.
func Grade(answer corpus.Answer, relevant map[string]int) Graded {
	g := Graded{Answerable: len(relevant) > 0, Evidence: answer.Evidence}
	for n, p := range answer.Passages[:min(gradedPassages, len(answer.Passages))] {
		if p.Relevance == nil {
			continue
		}
		g.Best = max(g.Best, float64(*p.Relevance))
		if n == 0 {
			g.First, g.FirstRight = float64(*p.Relevance), relevant[p.Chunk.DocumentID] > 0
		}
	}
	return g
}

// EvidenceReport says how well evidence distinguishes questions with an answer from
// those without one. Shares are 0 to 1.
type EvidenceReport struct {
	Set      string `json:"set"`
	Case     string `json:"case"`      // hard: the article is indexed, the passage is not; far: another subject
	Answered int    `json:"answered"`  // questions that have an answer
	OffTopic int    `json:"off_topic"` // questions that have none
	// AUC is the share of pairs of an answered and an off-topic question whose best
	// relevances are in the right order; equal ones count half.
	AUC                float64 `json:"auc"`
	AnsweredSufficient float64 `json:"answered_sufficient"` // share of the answered ones with that evidence
	OffTopicSufficient float64 `json:"off_topic_sufficient"`
	AnsweredNone       float64 `json:"answered_none"`
	OffTopicNone       float64 `json:"off_topic_none"`
	// CalibrationError is the mean difference between the relevance of the first
	// passages and the share of them that answer, over ten bins of equal width (Naeini
	// et al., AAAI 2015).
	CalibrationError float64 `json:"calibration_error"`
	Unknown          int     `json:"unknown"` // questions without evidence
}

// MeasureEvidence measures the answers of one set and case.
func MeasureEvidence(set, kind string, graded []Graded) EvidenceReport {
	r := EvidenceReport{Set: set, Case: kind}
	for _, g := range graded {
		sufficient, none, count := &r.OffTopicSufficient, &r.OffTopicNone, &r.OffTopic
		if g.Answerable {
			sufficient, none, count = &r.AnsweredSufficient, &r.AnsweredNone, &r.Answered
		}
		*count++
		switch g.Evidence {
		case corpus.EvidenceSufficient:
			*sufficient++
		case corpus.EvidenceNone:
			*none++
		case corpus.EvidenceUnknown:
			r.Unknown++
		}
	}
	for _, share := range []struct {
		of    *float64
		count int
	}{{&r.AnsweredSufficient, r.Answered}, {&r.AnsweredNone, r.Answered}, {&r.OffTopicSufficient, r.OffTopic}, {&r.OffTopicNone, r.OffTopic}} {
		*share.of /= float64(max(share.count, 1))
	}
	r.AUC = areaUnderCurve(graded)
	r.CalibrationError = calibrationError(graded)
	return r
}

// areaUnderCurve counts by ranks (Mann and Whitney 1947); 0 where one side is
// empty.
func areaUnderCurve(graded []Graded) float64 {
	sorted := slices.Clone(graded)
	slices.SortFunc(sorted, func(a, b Graded) int { return cmp.Compare(a.Best, b.Best) })
	var right, below, answered float64
	for from := 0; from < len(sorted); {
		to, equalOff, equalOn := from, 0., 0.
		for ; to < len(sorted) && sorted[to].Best == sorted[from].Best; to++ {
			if sorted[to].Answerable {
				equalOn++
			} else {
				equalOff++
			}
		}
		right += equalOn * (below + equalOff/2)
		below, answered, from = below+equalOff, answered+equalOn, to
	}
	if below == 0 || answered == 0 {
		return 0
	}
	return right / (below * answered)
}

// calibrationBins is how many bins of equal width the relevance is cut into.
const calibrationBins = 10

func calibrationError(graded []Graded) float64 {
	var said, right, count [calibrationBins]float64
	for _, g := range graded {
		bin := min(int(g.First*calibrationBins), calibrationBins-1)
		said[bin] += g.First
		count[bin]++
		if g.FirstRight {
			right[bin]++
		}
	}
	var sum float64
	for bin := range count {
		sum += math.Abs(said[bin] - right[bin])
	}
	return sum / float64(max(len(graded), 1))
}
