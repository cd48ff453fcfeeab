package lexical

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"math"
	"slices"
	"testing"

	"dalil/corpus"
)

var entries = []Entry{
	{"poverti", "فقر", .8}, {"poverti", "عوز", .1}, {"فقر", "poverti", .7}, {"cooper", "تعاون", 1}, {"cooper", "تعاوني", .02},
}

func encoded(t testing.TB) []byte {
	t.Helper()
	file, err := EncodeLexicon("ar-en-2", entries)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func listed(l *Lexicon, stem string) (all []Entry) {
	l.Translations(stem, func(target string, weight float64) bool {
		all = append(all, Entry{stem, target, weight})
		return true
	})
	return all
}

func TestLexiconComesBackAsItWasWritten(t *testing.T) {
	l, err := LoadLexicon(encoded(t))
	if err != nil {
		t.Fatal(err)
	}
	if l.Analyzer() != "ar-en-2" || l.Stems() != 6 || !l.Contains("cooper") || l.Contains("عوز") || l.Contains("none") {
		t.Errorf("analyzer %q, %d stems", l.Analyzer(), l.Stems())
	}
	for _, stem := range []string{"poverti", "فقر", "cooper"} {
		got := listed(l, stem)
		var want []Entry
		for _, e := range entries {
			if e.Source == stem {
				want = append(want, e)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %v, want %v", stem, got, want)
		}
		for i := range want {
			if got[i].Target != want[i].Target || math.Abs(got[i].Weight/want[i].Weight-1) > .02 {
				t.Errorf("%s: %v, want %v", stem, got[i], want[i])
			}
		}
	}
	shuffled := slices.Clone(entries)
	slices.Reverse(shuffled)
	if again, err := EncodeLexicon("ar-en-2", shuffled); err != nil || !bytes.Equal(again, encoded(t)) {
		t.Errorf("the order of the entries changes the file (error %v)", err)
	}
}

func TestSpoiltLexiconsAreRefusedWithTheReason(t *testing.T) {
	file := encoded(t)
	for name, bad := range map[string][]byte{
		"empty": nil, "truncated": file[:len(file)-5], "other magic": append([]byte("x"), file[1:]...),
		"one bit": flip(file, len(file)/2), "checksum": flip(file, len(file)-1), "longer": append(slices.Clone(file), 0),
	} {
		if _, err := LoadLexicon(bad); !errors.Is(err, corpus.ErrCorrupt) {
			t.Errorf("%s: error %v, want %v", name, err, corpus.ErrCorrupt)
		}
	}
	for _, e := range []Entry{{"", "x", .5}, {"x", "", .5}, {"x", "y", 0}, {"x", "y", 1.5}, {"x", "y", math.NaN()}} {
		if _, err := EncodeLexicon("a", []Entry{e}); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%+v: error %v, want %v", e, err, corpus.ErrInvalid)
		}
	}
}

func flip(file []byte, at int) []byte {
	bad := slices.Clone(file)
	bad[at] ^= 1
	return bad
}

// FuzzLoadLexicon gives the reader files whose checksum is right.
func FuzzLoadLexicon(f *testing.F) {
	file := encoded(f)
	f.Add(file[len(lexiconMagic) : len(file)-32])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		l, err := LoadLexicon(sealed(append([]byte(lexiconMagic), body...)))
		if err != nil {
			if !errors.Is(err, corpus.ErrCorrupt) {
				t.Fatalf("error %v", err)
			}
			return
		}
		for i := range l.stems.len() {
			listed(l, l.stems.stem(uint32(i)))
		}
	})
}

func TestTheBuiltInLexiconFitsTheAnalyzer(t *testing.T) {
	l, err := DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	a := NewAnalyzer()
	if l.Analyzer() != a.Name() {
		t.Fatalf("holds stems of %q, the analyzer is %q", l.Analyzer(), a.Name())
	}
	for source, want := range map[string]string{"poverty": "الفقر", "cooperation": "التعاون", "الفقر": "poverty", "water": "الماء", "مدرسة": "school"} {
		found := listed(l, a.Stem(source))
		if !slices.ContainsFunc(found, func(e Entry) bool { return e.Target == a.Stem(want) }) {
			t.Errorf("%s is not translated to %s but to %v", source, want, found)
		}
	}
}

// sealed puts the checksum behind a file's body.
func sealed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(body, sum[:]...)
}

func BenchmarkLoadDefaultLexicon(b *testing.B) {
	for b.Loop() {
		if _, err := LoadLexicon(defaultLexicon); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMergedLexiconsLoseNothing(t *testing.T) {
	first, err := LoadLexicon(encoded(t))
	if err != nil {
		t.Fatal(err)
	}
	file, err := EncodeLexicon(first.Analyzer(), []Entry{{"poverti", "فاقة", .9}, {"poverti", "فقر", .1}, {"varroa", "فاروا", .5}})
	if err != nil {
		t.Fatal(err)
	}
	second, err := LoadLexicon(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, all := range map[string][]*Lexicon{"own last": {first, second}, "own first": {second, first}} {
		merged, err := MergeLexicons(all...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range listed(merged, "poverti") {
			got = append(got, e.Target)
		}
		if want := []string{"فاقة", "فقر", "عوز"}; !slices.Equal(got, want) || !merged.Contains("varroa") || !merged.Contains("cooper") {
			t.Errorf("%s: poverti is %v, want %v", name, got, want)
		}
	}
	other, err := EncodeLexicon("other", entries)
	if err != nil {
		t.Fatal(err)
	}
	third, err := LoadLexicon(other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := MergeLexicons(first, third); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("lexicons of two analyzers: error %v", err)
	}
}
