package evaluation

import "unicode"

// OwnFirst is how often the first passage is relevant and in the question's
// language, among the questions with a relevant passage in their language.
type OwnFirst struct {
	Questions int     `json:"questions"`
	Share     float64 `json:"share"`
	// Tags is the same of the questions that carry each tag.
	Tags map[string]*OwnFirst `json:"tags,omitempty"`
}

// MeasureOwn measures a set whose documents are in several languages. It returns
// nil if they are in one. The script determines the language.
func MeasureOwn(set Set, ranked [][]string) *OwnFirst {
	scripts := map[string]script{}
	kinds := map[script]bool{}
	for _, d := range set.Documents {
		s := scriptOf(d.Text)
		scripts[d.ID] = s
		kinds[s] = true
	}
	delete(kinds, other)
	if len(kinds) < 2 {
		return nil
	}
	own := &OwnFirst{Tags: map[string]*OwnFirst{}}
	for i, q := range set.Queries {
		asked, has := scriptOf(q.Text), false
		for id := range q.Relevant {
			has = has || scripts[id] == asked
		}
		if !has {
			continue
		}
		right := len(ranked[i]) > 0 && q.Relevant[ranked[i][0]] > 0 && scripts[ranked[i][0]] == asked
		own.add(right)
		for _, tag := range q.Tags {
			if own.Tags[tag] == nil {
				own.Tags[tag] = &OwnFirst{}
			}
			own.Tags[tag].add(right)
		}
	}
	return own
}

// add counts one question more.
func (o *OwnFirst) add(right bool) {
	sum := o.Share * float64(o.Questions)
	if right {
		sum++
	}
	o.Questions++
	o.Share = sum / float64(o.Questions)
}

// script is what a text is written in, as far as the judged languages go.
type script uint8

const (
	other script = iota
	arabic
	latin
)

// scriptOf returns the script of most letters.
func scriptOf(text string) script {
	var counts [3]int
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Arabic, r):
			counts[arabic]++
		case unicode.Is(unicode.Latin, r):
			counts[latin]++
		case unicode.IsLetter(r):
			counts[other]++
		}
	}
	switch most := max(counts[other], counts[arabic], counts[latin]); {
	case most == 0 || most == counts[other]:
		return other
	case most == counts[arabic]:
		return arabic
	}
	return latin
}
