//go:build !race

// The race detector makes these much slower, and they start no goroutine.

package lexical

import (
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"dalil/corpus"
)

// everywhere is an index that holds every dimension.
type everywhere struct{}

func (everywhere) Frequency(uint32) int { return 3 }
func (everywhere) Passages() int        { return 1000 }

// placesByReading is what Match must find, read from the text for one question.
func placesByReading(q *Question, a *Analyzer, title, text string) []Place {
	titled, words := a.Terms(title), a.Terms(text)
	capitals := hasCapitals(titled) || hasCapitals(words)
	best := map[[2]int]float32{}
	read := func(terms []Term, first int) {
		for i := range terms {
			var dimensions []uint32
			for _, d := range a.appendDimensions(nil, &terms[i]) {
				dimensions = append(dimensions, uint32(d>>32))
			}
			for _, key := range indexedSkeletons(nil, &terms[i], capitals) {
				dimensions = append(dimensions, SoundHash(terms[i].Script, key))
			}
			for word := range q.Groups {
				for form, d := range q.Groups[word].Dimensions {
					if slices.Contains(dimensions, d) {
						at := [2]int{first + i, word}
						best[at] = max(best[at], float32(q.Groups[word].share(form)))
					}
				}
			}
		}
	}
	read(titled, -len(titled)-titleGap)
	read(words, 0)
	var all []Place
	for at, share := range best {
		all = append(all, Place{at[0], at[1], share})
	}
	slices.SortFunc(all, func(a, b Place) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Word, b.Word)) })
	return all
}

// indexedSkeletons appends the skeletons that the index holds of a term. Where
// the text has capitals, a Latin word without one is no name, and its plainest
// reading is enough.
func indexedSkeletons(to []string, t *Term, capitals bool) []string {
	if capitals && t.Script == Latin && !t.Upper {
		return latinSkeletons(to, t.Word, 1)
	}
	return skeletons(to, t.Word, t.Script)
}

// hasCapitals reports whether a Latin word of the terms has a capital.
func hasCapitals(terms []Term) bool {
	return slices.ContainsFunc(terms, func(t Term) bool { return t.Upper })
}

func TestMatchFindsWhatReadingFinds(t *testing.T) {
	files, err := filepath.Glob("../seeds/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d seeds, %v", len(files), err)
	}
	texts := []string{"", " ", "AT&T and the WHO, ٱلْعَـٰلَمِينَ 😀 البطريق", strings.Repeat("water ", 200), strings.Repeat("ماء wine ", 40_000)}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	random := rand.New(rand.NewPCG(4, 4))
	a := NewAnalyzer()
	lexicon, err := DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	x := NewExpander(a, lexicon, ExpandOptions{})
	encoder := NewEncoder(a, DefaultAverageLength)
	found := 0
	for i, text := range texts {
		title := strings.Join(strings.Fields(text)[:min(4, len(strings.Fields(text)))], " ")
		sparse := encoder.Passage("Something else", text)
		profile := a.Profile(title, text, sparse)
		if got, want := profile.Terms(), len(a.Terms(title))+len(a.Terms(text)); got != want {
			t.Errorf("text %d has %d terms, want %d", i, got, want)
		}
		if got, want := profile.Script(), ScriptOf(text); got != want {
			t.Errorf("text %d has the script %v, want %v", i, got, want)
		}
		var m Match
		questions := 40
		if len(text) > 100_000 {
			questions = 2
		}
		for n := range questions {
			words := strings.Fields(texts[5+random.IntN(len(texts)-5)])
			at := random.IntN(len(words) - 8)
			question := strings.Join(words[at:at+1+random.IntN(7)], " ")
			if n == 0 {
				question = "water ماء of the"
			}
			q := x.Question(question, everywhere{}, false)
			q.Match(profile, &m)
			want := placesByReading(&q, a, title, text)
			if diff := gocmp.Diff(want, slices.Clone(m.Places)); diff != "" && len(want)+len(m.Places) > 0 {
				t.Fatalf("text %d, question %q: places (-want +got):\n%s", i, question, diff)
			}
			if diff := gocmp.Diff(q.Held(sparse), m.Held); diff != "" {
				t.Fatalf("text %d, question %q: held (-want +got):\n%s", i, question, diff)
			}
			found += len(want)
			for _, h := range profile.Highlights(text, m.Places) {
				if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
					t.Fatalf("text %d, question %q: highlight %+v", i, question, h)
				}
			}
		}
	}
	if found < 10_000 {
		t.Errorf("only %d places were compared", found)
	}
}

// Eight dimensions have up to 1,016 positions together, more than a byte can hold.
func TestMatchPassesManyPositions(t *testing.T) {
	words := strings.Fields("water bridge garden doctor winter yellow number silver market planet kitchen forest music paper river castle engine pocket button ماء")
	text := strings.Repeat(strings.Join(words, " ")+" ", 100)
	a := NewAnalyzer()
	x := NewExpander(a, nil, ExpandOptions{})
	profile := a.Profile("", text, NewEncoder(a, DefaultAverageLength).Passage("", text))
	if profile[1] != 1 {
		t.Fatalf("counts have %d bytes, want 1", profile[1])
	}
	var m Match
	for _, word := range words {
		q := x.Question(word, everywhere{}, false)
		q.Match(profile, &m)
		if len(m.Places) < 100 {
			t.Errorf("%s: %d places, want at least 100", word, len(m.Places))
		}
		if diff := gocmp.Diff(placesByReading(&q, a, "", text), m.Places); diff != "" {
			t.Errorf("%s: places (-want +got):\n%s", word, diff)
		}
	}
}

// The highlights of a profile are the words of the text, however they are written.
func TestHighlightsAreWords(t *testing.T) {
	a := NewAnalyzer()
	text := "كَتَبَ الطالبُ 😀 The U.S.A. wrote ﷺ to N.A.T.O., e-mail وسورةُ ٱلْعَـٰلَمِينَ"
	profile := a.Profile("", text, corpus.Sparse{})
	var all []Place
	for i, term := range a.Terms(text) {
		all = append(all, Place{At: i})
		marks := profile.Highlights(text, []Place{{At: i}})
		if len(marks) != 1 || marks[0].Start != term.Span.Start || marks[0].End != term.Span.End {
			t.Errorf("word %d is marked at %+v, want %+v", i, marks, term.Span)
		}
	}
	if marks := profile.Highlights(text, all); len(marks) < 6 {
		t.Errorf("%d words are marked", len(marks))
	}
}

// Bytes that are no profile match nothing.
func FuzzMatch(f *testing.F) {
	a := NewAnalyzer()
	x := NewExpander(a, nil, ExpandOptions{})
	sound := a.Profile("On water", "Water and wine. الماء", NewEncoder(a, 50).Passage("", "Water and wine"))
	f.Add([]byte(sound), "Water and wine. الماء")
	f.Add([]byte{}, "")
	f.Add([]byte(sound[:len(sound)/2]), "water")
	f.Fuzz(func(t *testing.T, profile []byte, text string) {
		q := x.Question("water wine الماء", everywhere{}, false)
		var m Match
		q.Match(profile, &m)
		Profile(profile).Highlights(text, m.Places)
		if Profile(profile).Terms() < 0 || len(m.Held) != len(q.Groups) {
			t.Errorf("%d terms, %d words", Profile(profile).Terms(), len(m.Held))
		}
	})
}
