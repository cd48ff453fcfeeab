package evaluation

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"dalil/corpus"
)

// ClaimChecker is what is judged.
type ClaimChecker interface {
	CheckClaims(ctx context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error)
}

// GroundingReport has measures of how well the support of claims distinguishes
// supported claims from unsupported ones. Shares are 0 to 1.
type GroundingReport struct {
	Set    string `json:"set"`
	Claims int    `json:"claims"`
	// AUC is the share of pairs of a claim whose translation is among the sources and
	// one whose is not that are in the right order; the sources are the translation's
	// neighbours.
	AUC     float64 `json:"auc"`
	Changed int     `json:"changed"` // claims of which one number or name could be changed
	// Detected is the share of the changed claims that have less support than the true claim.
	Detected        float64 `json:"detected"`
	Numbers         int     `json:"numbers"` // of Changed
	DetectedNumbers float64 `json:"detected_numbers"`
	DetectedNames   float64 `json:"detected_names"`
	FalseAlarms     float64 `json:"false_alarms"` // share of true claims with a mismatch
}

// aroundTwin is how many neighbours on each side distract.
const aroundTwin = 3

// MeasureGrounding checks each sentence of a set of parallel sentences as a claim:
// with its translation and the neighbours of the translation as sources, with the
// neighbours alone, and with one number or name changed. At most most claims are
// checked, spread over the set.
func MeasureGrounding(ctx context.Context, c ClaimChecker, set Set, most int) (GroundingReport, error) {
	r := GroundingReport{Set: set.Name}
	place := map[string]int{}
	for i, d := range set.Documents {
		place[d.ID] = i
	}
	var graded []Graded
	support := func(claim string, places []int) (float64, bool, error) {
		sources := make([]corpus.Source, len(places))
		for i, at := range places {
			sources[i].Text = set.Documents[at].Text
		}
		g, err := c.CheckClaims(ctx, claim, sources)
		if err != nil || g.Support == nil {
			return -1, false, err
		}
		mismatched := false
		for _, claim := range g.Claims {
			mismatched = mismatched || len(claim.Mismatches) > 0
		}
		return float64(*g.Support), mismatched, nil
	}
	step := max(1, len(set.Queries)/max(most, 1))
	var detected, detectedNumbers, detectedNames, alarms, names float64
	for at := 0; at < len(set.Queries); at += step {
		q := set.Queries[at]
		twin := -1
		for id := range q.Relevant {
			twin = max(twin, place[id])
		}
		if twin < 0 {
			continue
		}
		var others []int
		for i := max(0, twin-aroundTwin); i <= min(len(set.Documents)-1, twin+aroundTwin); i++ {
			if i != twin {
				others = append(others, i)
			}
		}
		with, alarm, err := support(q.Text, append([]int{twin}, others...))
		if err != nil {
			return r, fmt.Errorf("claim %s: %w", q.ID, err)
		}
		if with < 0 {
			continue // a question or a hedge claims nothing
		}
		without, _, err := support(q.Text, others)
		if err != nil {
			return r, fmt.Errorf("claim %s: %w", q.ID, err)
		}
		graded = append(graded, Graded{Answerable: true, Best: with}, Graded{Best: without})
		r.Claims++
		if alarm {
			alarms++
		}
		changed, number := falsify(q.Text, set.Queries[(at+len(set.Queries)/2)%len(set.Queries)].Text)
		if changed == "" {
			continue
		}
		wrong, _, err := support(changed, append([]int{twin}, others...))
		if err != nil {
			return r, fmt.Errorf("claim %s: %w", q.ID, err)
		}
		r.Changed++
		right := 0.
		if wrong < with {
			right = 1
		}
		detected += right
		if number {
			r.Numbers++
			detectedNumbers += right
		} else {
			names++
			detectedNames += right
		}
	}
	r.AUC = areaUnderCurve(graded)
	r.FalseAlarms = alarms / float64(max(r.Claims, 1))
	r.Detected, r.DetectedNumbers, r.DetectedNames = detected/float64(max(r.Changed, 1)), detectedNumbers/float64(max(r.Numbers, 1)), detectedNames/max(names, 1)
	return r, nil
}

var (
	anyNumber = regexp.MustCompile(`\p{Nd}+`)
	anyName   = regexp.MustCompile(`\p{Lu}\p{Ll}{3,}`)
)

// falsify returns the claim with one number made another, or else one name, not the
// first word, taken from other; "": it has neither.
func falsify(claim, other string) (changed string, number bool) {
	if at := anyNumber.FindStringIndex(claim); at != nil {
		digits := []rune(claim[at[0]:at[1]])
		last := &digits[len(digits)-1]
		switch { // 3 and 8 of any script differ from each digit by less than 10
		case unicode.Is(unicode.Nd, *last+3) && *last%16%10 < 6:
			*last += 3
		default:
			*last -= 3
		}
		return claim[:at[0]] + string(digits) + claim[at[1]:], true
	}
	names := anyName.FindAllStringIndex(claim, -1)
	for _, at := range names {
		if at[0] == 0 || strings.HasSuffix(strings.TrimRight(claim[:at[0]], " \"“"), ".") {
			continue
		}
		for _, to := range anyName.FindAllStringIndex(other, -1) {
			if name := other[to[0]:to[1]]; to[0] > 0 && !strings.Contains(claim, name) {
				return claim[:at[0]] + name + claim[at[1]:], false
			}
		}
	}
	return "", false
}
