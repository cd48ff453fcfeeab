//go:build !race

package lexical

import (
	"os"
	"strings"
	"testing"
)

// seedPassages are pieces of about 600 letters of the seeds.
func seedPassages(b *testing.B) (passages []string) {
	b.Helper()
	entries, err := os.ReadDir("../seeds")
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		data, err := os.ReadFile("../seeds/" + e.Name())
		if err != nil {
			b.Fatal(err)
		}
		words := strings.Fields(string(data))
		for len(words) >= 95 {
			passages = append(passages, strings.Join(words[:95], " "))
			words = words[95:]
		}
	}
	return passages
}

// BenchmarkProfile makes the profile of one passage, beside its sparse vector.
func BenchmarkProfile(b *testing.B) {
	passages := seedPassages(b)
	a := NewAnalyzer()
	encoder := NewEncoder(a, DefaultAverageLength)
	b.Run("sparse vector", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			encoder.Passage("A title of some words", passages[i%len(passages)])
		}
	})
	sparse := encoder.Passage("A title of some words", passages[0])
	b.Run("profile", func(b *testing.B) {
		b.ReportAllocs()
		bytes := 0
		for i := 0; b.Loop(); i++ {
			bytes += len(a.Profile("A title of some words", passages[i%len(passages)], sparse))
		}
		b.ReportMetric(float64(bytes)/float64(b.N), "bytes")
	})
}

// BenchmarkMatch compares one passage with a question.
func BenchmarkMatch(b *testing.B) {
	passages := seedPassages(b)
	a := NewAnalyzer()
	lexicon, err := DefaultLexicon()
	if err != nil {
		b.Fatal(err)
	}
	encoder := NewEncoder(a, DefaultAverageLength)
	var profiles []Profile
	for _, text := range passages {
		profiles = append(profiles, a.Profile("A title of some words", text, encoder.Passage("A title of some words", text)))
	}
	q := NewExpander(a, lexicon, ExpandOptions{}).Question("the cooperation of ministers on poverty reduction التعاون", everywhere{}, false)
	var m Match
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q.Match(profiles[i%len(profiles)], &m)
	}
}
