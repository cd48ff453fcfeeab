package training

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"dalil/embedder/safetensors"
	"dalil/lexical"
)

func TestTrainLexicon(t *testing.T) {
	nouns := [][2]string{{"water", "ماء"}, {"house", "بيت"}, {"book", "كتاب"}, {"door", "باب"}, {"river", "نهر"}, {"teacher", "معلم"}}
	verbs := [][2]string{{"big", "كبير"}, {"new", "جديد"}, {"old", "قديم"}, {"green", "اخضر"}}
	var pairs []Pair
	for _, a := range nouns {
		for _, b := range nouns {
			for _, v := range verbs {
				pairs = append(pairs, Pair{Source: v[0] + " " + a[0] + " " + b[0], Target: a[1] + " " + v[1] + " " + b[1]})
			}
		}
	}
	file, err := TrainLexicon(pairs, LexiconOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := lexical.LoadLexicon(file)
	if err != nil {
		t.Fatal(err)
	}
	a := lexical.NewAnalyzer()
	best := func(word string) (target string) {
		most := 0.0
		lexicon.Translations(a.Stem(word), func(t string, w float64) bool {
			if w > most {
				target, most = t, w
			}
			return true
		})
		return target
	}
	for _, p := range slices.Concat(nouns, verbs) {
		for _, way := range [][2]string{p, {p[1], p[0]}} {
			if got, want := best(way[0]), a.Stem(way[1]); got != want {
				t.Errorf("%s: got %q, want %q", way[0], got, want)
			}
		}
	}
	if again, err := TrainLexicon(pairs, LexiconOptions{}); err != nil || !bytes.Equal(file, again) {
		t.Errorf("the second run gives other bytes (%v)", err)
	}
	if _, err := TrainLexicon([]Pair{{Source: "…", Target: "ماء"}}, LexiconOptions{}); err == nil {
		t.Error("no words: got no error")
	}
}

// translations of a word in its exact form, or else of its stem, the best first.
func asked(t *testing.T, pairs []Pair, o LexiconOptions, word string) (all []string) {
	t.Helper()
	file, err := TrainLexicon(pairs, o)
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := lexical.LoadLexicon(file)
	if err != nil {
		t.Fatal(err)
	}
	stem := lexical.NewAnalyzer().Stem(word)
	if exact := lexical.ExactKey(word); lexicon.Contains(exact) {
		stem = exact
	}
	lexicon.Translations(stem, func(target string, _ float64) bool {
		all = append(all, target)
		return true
	})
	return all
}

func TestAnUntrustedFileAloneDoesNotAddASense(t *testing.T) {
	pairs := []Pair{
		{"press", "صحافة", false, "news"},
		{"the press wrote", "كتبت صحافة", false, "news"},
		{"press", "صحافة", true, "terms"},
		{"press", "اضغط", true, "ui"},
		{"press", "اضغط", true, "ui"},
		{"press", "اضغط", true, "ui"},
	}
	with := func(o LexiconOptions) []string { return asked(t, pairs, o, "press") }
	a := lexical.NewAnalyzer()
	if got := with(LexiconOptions{}); !slices.Contains(got, a.Stem("اضغط")) {
		t.Errorf("every file trusted: got %v", got)
	}
	if got := with(LexiconOptions{Trust: map[string]float64{"ui": 0.3}}); slices.Contains(got, a.Stem("اضغط")) || !slices.Contains(got, a.Stem("صحافة")) {
		t.Errorf("ui not trusted: got %v", got)
	}
}

func TestAFormHasTranslationsOfItsOwn(t *testing.T) {
	var pairs []Pair
	for range 8 {
		pairs = append(pairs, Pair{"cooperation", "تعاون", true, "a"}, Pair{"Cooper", "كوبر", true, "b"})
	}
	a := lexical.NewAnalyzer()
	if got := asked(t, pairs, LexiconOptions{}, "cooperation"); len(got) == 0 || got[0] != a.Stem("تعاون") {
		t.Errorf("cooperation: got %v", got)
	}
	if got := asked(t, pairs, LexiconOptions{}, "cooper"); len(got) == 0 || got[0] != a.Stem("كوبر") {
		t.Errorf("cooper: got %v", got)
	}
}

func TestNumbersAndWordsOfTheSameScriptHaveNoTranslations(t *testing.T) {
	var pairs []Pair
	for range 4 {
		pairs = append(pairs, Pair{"Covid 19 Windows", "كوفيد 19 Windows", false, "a"}, Pair{"climate 125", "مناخ 125", false, "a"})
	}
	for range 30 {
		pairs = append(pairs, Pair{"house", "بيت", true, "b"})
	}
	for word, never := range map[string]string{"19": "كوفيد", "125": "مناخ", "climate": "125", "windows": "covid", "covid": "windows"} {
		if got := asked(t, pairs, LexiconOptions{}, word); slices.Contains(got, lexical.NewAnalyzer().Stem(never)) {
			t.Errorf("%s → %v", word, got)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadPairs(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b.tsv"), []byte("one\tواحد\n\t \ntwo\tاثنان\n"))
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte("zero\tصفر\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a.tsv.gz"), b.Bytes())
	got, err := ReadPairs([]string{dir}, true)
	want := []Pair{{"zero", "صفر", true, "a"}, {"one", "واحد", true, "b"}, {"two", "اثنان", true, "b"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for name, text := range map[string]string{"no tab": "a\tb\nc\n", "two tabs": "a\tb\nc\td\te\n", "not UTF-8": "a\tb\nc\t\xff\n"} {
		bad := t.TempDir()
		write(t, filepath.Join(bad, "bad.tsv"), []byte(text))
		if _, err := ReadPairs([]string{bad}, false); err == nil || !strings.Contains(err.Error(), "bad.tsv:2:") {
			t.Errorf("%s: got %v, want an error at bad.tsv:2", name, err)
		}
	}
	write(t, filepath.Join(dir, "a.tsv.gz"), b.Bytes()[:b.Len()/2])
	if _, err := ReadPairs([]string{dir}, false); err == nil || !strings.Contains(err.Error(), "a.tsv.gz") {
		t.Errorf("half a gzip file: got %v", err)
	}
	if _, err := ReadPairs([]string{t.TempDir()}, false); err == nil {
		t.Error("an empty folder: got no error")
	}
}

// What is not a pair is called what it is, with file and line.
func TestReadPairsSaysWhatAFileIs(t *testing.T) {
	encoded := func(e encoding.Encoding, text string) string {
		raw, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	for i := range 5000 {
		fmt.Fprintf(z, "source %d\ttarget %d\n", i*i, i*i*i)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ file, text, says string }{
		"windows-1256": {"p.tsv", "a\tb\n" + encoded(charmap.Windows1256, "the river\tالنهر الكبير\n"), "p.tsv:2: is not UTF-8 but looks like windows-1256"},
		"latin-1":      {"p.tsv", "caf\xe9\tx\n", "p.tsv:1: is not UTF-8"},
		"UTF-16":       {"p.tsv", encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "a\tb\n"), "p.tsv:1: is UTF-16"},
		"UTF-16, bare": {"p.tsv", encoded(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "a\tb\n"), "p.tsv:1: is UTF-16"},
		"cut":          {"p.tsv.gz", zipped.String()[:zipped.Len()/2], "the file was cut off"},
		"no gzip":      {"p.tsv.gz", "a\tb\n", "p.tsv.gz: is not a gzip file"},
		"gzip":         {"p.tsv", zipped.String(), "p.tsv:1: is"},
		"a long line":  {"p.tsv", "a\tb\na\t" + strings.Repeat("b", 1<<20) + "\n", "p.tsv:2: the line has more than"},
		"no tab":       {"p.tsv", "a\tb\n\na b\n", "p.tsv:3: has no tab"},
		"two tabs":     {"p.tsv", "a\tb\tc\n", "p.tsv:1: has 2 tabs"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, test.file), []byte(test.text))
		if _, err := ReadPairs([]string{dir}, false); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v, want %q", name, err, test.says)
		}
	}
	good, odd := t.TempDir(), filepath.Join(t.TempDir(), "a[b")
	if err := os.Mkdir(odd, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(good, "p.tsv"), []byte("\ufeffa\tb\r\n"))
	write(t, filepath.Join(odd, "q.tsv"), []byte("c\td\n"))
	if got, err := ReadPairs([]string{good, odd}, false); err != nil || !slices.Equal(got, []Pair{{"a", "b", false, "p"}, {"c", "d", false, "q"}}) {
		t.Errorf("a byte-order mark, CR LF and an odd folder: %v, %v", got, err)
	}
	missing := filepath.Join(t.TempDir(), "missing")
	if _, err := ReadPairs([]string{good, missing}, false); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("one of two folders is missing: %v", err)
	}
	empty := t.TempDir()
	if _, err := ReadPairs([]string{good, empty}, false); err == nil || !strings.Contains(err.Error(), empty) {
		t.Errorf("one of two folders is empty: %v", err)
	}
}

func TestOpenTeacher(t *testing.T) {
	key := func(text string) []byte { sum := sha256.Sum256([]byte(text)); return sum[:8] }
	texts := []string{"one", "two"}
	slices.SortFunc(texts, func(a, b string) int {
		if binary.LittleEndian.Uint64(key(a)) < binary.LittleEndian.Uint64(key(b)) {
			return -1
		}
		return 1
	})
	table := func() map[string]safetensors.Tensor {
		return map[string]safetensors.Tensor{
			"key":    {DType: "U64", Shape: []int{2}, Data: append(key(texts[0]), key(texts[1])...)},
			"vector": safetensors.FromInt8([]int8{3, 4, 9, 0, -5, 9}, 2, 3), "scale": safetensors.FromFloat32([]float32{0.5, 2}, 2),
		}
	}
	open := func(tensors map[string]safetensors.Tensor) (*FileTeacher, error) {
		var b bytes.Buffer
		if err := safetensors.Encode(&b, &safetensors.File{Tensors: tensors}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "teacher")
		write(t, path, b.Bytes())
		return OpenTeacher(path)
	}
	teacher, err := open(table())
	if err != nil {
		t.Fatal(err)
	}
	got, err := teacher.Vectors(t.Context(), []string{texts[1], "unheard of", texts[0]}, 2)
	if err != nil || !slices.Equal(got[0], []float32{0, -1}) || got[1] != nil || max(got[2][0]-0.6, got[2][1]-0.8, 0.6-got[2][0]) > 1e-6 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := teacher.Vectors(t.Context(), texts, 4); err == nil {
		t.Error("more dimensions than the teacher has: got no error")
	}
	for name, spoil := range map[string]func(map[string]safetensors.Tensor){
		"no key":       func(m map[string]safetensors.Tensor) { delete(m, "key") },
		"no vector":    func(m map[string]safetensors.Tensor) { delete(m, "vector") },
		"no scale":     func(m map[string]safetensors.Tensor) { delete(m, "scale") },
		"fewer scales": func(m map[string]safetensors.Tensor) { m["scale"] = safetensors.FromFloat32([]float32{1}, 1) },
		"more vectors": func(m map[string]safetensors.Tensor) { m["vector"] = safetensors.FromInt8(make([]int8, 9), 3, 3) },
		"flat vectors": func(m map[string]safetensors.Tensor) { m["vector"] = safetensors.FromInt8(make([]int8, 6), 6) },
		"falling keys": func(m map[string]safetensors.Tensor) {
			m["key"] = safetensors.Tensor{DType: "U64", Shape: []int{2}, Data: append(key(texts[1]), key(texts[0])...)}
		},
	} {
		tensors := table()
		spoil(tensors)
		if _, err := open(tensors); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestAPhraseHasTranslationsOfItsOwn(t *testing.T) {
	var pairs []Pair
	for range 12 {
		pairs = append(pairs, Pair{"league", "رابطة", true, "a"}, Pair{"champion", "بطل", true, "a"}, Pair{"a champion won", "فاز بطل", false, "a"})
	}
	for range 4 {
		pairs = append(pairs, Pair{"Champions League", "دوري الأبطال", true, "a"})
	}
	file, err := TrainLexicon(pairs, LexiconOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := lexical.LoadLexicon(file)
	if err != nil {
		t.Fatal(err)
	}
	a := lexical.NewAnalyzer()
	var got []string
	lexicon.Translations(lexical.PhraseKey(a.Stem("champions"), a.Stem("league")), func(target string, _ float64) bool {
		got = append(got, target)
		return true
	})
	if !slices.Contains(got, a.Stem("دوري")) {
		t.Errorf("Champions League: got %v", got)
	}
	got = nil
	lexicon.Translations(lexical.PhraseKey(a.Stem("champion"), a.Stem("won")), func(target string, _ float64) bool {
		got = append(got, target)
		return true
	})
	if len(got) > 0 {
		t.Errorf("“a champion won” is not a phrase: got %v", got)
	}
}
