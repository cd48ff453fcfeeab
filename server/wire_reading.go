package server

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/value"
)

// The years of a reference time.
const earliestReference, latestReference = 1500, 9000

// referenceTime returns the moment from which times in the question are counted.
func referenceTime(req *dalilv1.SearchRequest) (time.Time, error) {
	t, err := value.Time("reference_time", req.GetReferenceTime())
	if err != nil {
		return time.Time{}, err
	}
	if y := t.Year(); req.GetReferenceTime() != nil && (y < earliestReference || y > latestReference) {
		limit := fmt.Sprintf("in the years %d to %d", earliestReference, latestReference)
		return time.Time{}, limited("reference_time", fmt.Sprintf("must be %s, is %s", limit, t.Format(time.RFC3339)), limit, t.Format(time.RFC3339))
	}
	return t, nil
}

// interpreted returns the question that was searched, with what its signs and its time
// mean.
func interpreted(a *corpus.Answer) string {
	var parts []string
	for _, p := range a.Phrases {
		parts = append(parts, `"`+p+`"`)
	}
	for _, x := range a.Excluded {
		if strings.ContainsFunc(x, unicode.IsSpace) {
			x = `"` + x + `"`
		}
		parts = append(parts, "-"+x)
	}
	if a.Time != nil {
		parts = append(parts, inWords(a.Time))
	}
	if len(parts) == 0 {
		return a.Interpreted
	}
	return a.Interpreted + " (" + strings.Join(parts, ", ") + ")"
}

// inWords writes a range of time. Its last day is included.
func inWords(p *corpus.Published) string {
	from, until := written(p.From), written(p.Until)
	if whole := p.Until.Truncate(24 * time.Hour); p.Until.Equal(whole) {
		until = written(whole.AddDate(0, 0, -1))
	}
	switch {
	case p.From.IsZero():
		return "until " + until
	case p.Until.IsZero():
		return "from " + from
	case from == until:
		return from
	}
	return from + " to " + until
}

// written is a date, or a time where it is not midnight.
func written(t time.Time) string {
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

func toRange(p *corpus.Published) *dalilv1.TimeRange {
	if p == nil {
		return nil
	}
	return &dalilv1.TimeRange{From: toTime(p.From), Until: toTime(p.Until)}
}
