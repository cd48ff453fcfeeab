package lexical

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"strings"
	"testing"
)

// The stems of some 20,000 words and odd strings are those of the reference
// implementation (testdata/README.md). There is one deliberate difference: an
// apostrophe that is not a possessive is removed, so that O'Neill is oneill.
func TestPorter2AgreesWithTheReference(t *testing.T) {
	f, err := os.Open("testdata/porter2.tsv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	pairs := csv.NewReader(z)
	pairs.Comma, pairs.FieldsPerRecord = '\t', 2
	n := 0
	for ; ; n++ {
		pair, err := pairs.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(stemEnglish(nil, []byte(pair[0]))), strings.ReplaceAll(pair[1], "'", ""); got != want {
			t.Errorf("stem of %q: %q, want %q", pair[0], got, want)
		}
	}
	if n < 20_000 {
		t.Errorf("%d pairs were compared, want 20,000 at least", n)
	}
}

// Pairs of the algorithm's published sample vocabulary.
func TestPorter2(t *testing.T) {
	for word, want := range map[string]string{
		"consign": "consign", "consigned": "consign", "consigning": "consign", "consignment": "consign", "consist": "consist",
		"consisted": "consist", "consistency": "consist", "consistent": "consist", "consistently": "consist", "consolation": "consol",
		"console": "consol", "consolidate": "consolid", "consolidating": "consolid", "consoling": "consol", "consonant": "conson",
		"consort": "consort", "conspicuous": "conspicu", "conspicuously": "conspicu", "conspiracy": "conspiraci", "conspirator": "conspir",
		"constable": "constabl", "constance": "constanc", "constancy": "constanc", "knack": "knack", "knaves": "knave", "knavish": "knavish",
		"kneaded": "knead", "kneel": "kneel", "knees": "knee", "knell": "knell", "knelt": "knelt", "knew": "knew", "knick": "knick",
		"knif": "knif", "knife": "knife", "knight": "knight", "knightly": "knight", "knights": "knight", "knit": "knit", "knits": "knit",
		"knitted": "knit", "knitting": "knit", "knives": "knive", "knob": "knob", "knocked": "knock", "knotty": "knotti", "know": "know",
		"poverty": "poverti", "cooperation": "cooper", "cooperative": "cooper", "countries": "countri", "country": "countri",
		"generously": "generous", "communities": "communiti", "hopping": "hop", "hoping": "hope", "dying": "die", "china's": "china",
		"news": "news", "happily": "happili", "rational": "ration", "relational": "relat", "agreed": "agre", "feed": "feed", "ties": "tie",
		"cries": "cri", "gas": "gas", "this": "this", "kiwis": "kiwi", "youth": "youth", "boy": "boy", "by": "by", "say": "say", "cry": "cri",
	} {
		if got := string(stemEnglish(nil, []byte(word))); got != want {
			t.Errorf("stem of %s: %s, want %s", word, got, want)
		}
	}
}

func TestEnglishFamilies(t *testing.T) {
	a := NewAnalyzer()
	for _, family := range [][]string{
		{"develop", "develops", "developed", "developing", "development", "Development's"},
		{"vaccine", "vaccines"},
		{"city", "cities"},
		{"reduce", "reduced", "reducing"},
		{"digital", "digitally"},
		{"partner", "partners"},
	} {
		for _, word := range family[1:] {
			if a.Stem(word) != a.Stem(family[0]) {
				t.Errorf("%s (%s) and %s (%s) are two terms", family[0], a.Stem(family[0]), word, a.Stem(word))
			}
		}
	}
	for _, apart := range [][2]string{{"news", "new"}, {"university", "unit"}, {"general", "genetic"}, {"organ", "orange"}, {"policy", "police"}} {
		if a.Stem(apart[0]) == a.Stem(apart[1]) {
			t.Errorf("%s and %s are one term, %s", apart[0], apart[1], a.Stem(apart[0]))
		}
	}
}
