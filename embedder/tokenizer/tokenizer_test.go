package tokenizer_test

import (
	"bytes"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dalil/embedder/tokenizer"
)

// texts draws strings of letters that normalizers treat in many ways, spaces
// and borders among them.
func texts() *rapid.Generator[string] {
	letters := []rune("aAbé\u0301ﬁ①اأإىةكـَُّ\u0654٣،؟ .,'▁\t\n\u00a0\u200b\u3000ﷺ😀<>[]中\u00ad\u1100\u1161")
	odd := rapid.SampledFrom([]string{"[MASK]", "newword", "<mask>", "\xff", "\xd8", " the ", "<unk>", "İ", "ΐ"})
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "parts") {
			if rapid.IntRange(0, 5).Draw(t, "odd") == 0 {
				b.WriteString(odd.Draw(t, "part"))
			} else {
				b.WriteString(rapid.StringOfN(rapid.SampledFrom(letters), 0, 8, -1).Draw(t, "part"))
			}
		}
		return b.String()
	})
}

func TestMemoryOfWordsChangesNothing(t *testing.T) {
	remembering := 0
	for _, path := range goldenFiles(t) {
		tok, err := tokenizer.Load(readGolden(t, path).Tokenizer)
		if err != nil {
			t.Fatal(err)
		}
		plain, has := tok.WithoutMemo()
		if !has {
			continue
		}
		remembering++
		t.Run(filepath.Base(path), rapid.MakeCheck(func(t *rapid.T) {
			text := texts().Draw(t, "text")
			want := plain.AppendIDs(nil, text)
			for range 3 {
				if diff := cmp.Diff(want, tok.AppendIDs(nil, text)); diff != "" {
					t.Fatalf("%+q (-plain +remembered):\n%s", text, diff)
				}
			}
		}))
	}
	if remembering < 4 {
		t.Errorf("%d tokenizers remember words, want 4 at least", remembering)
	}
}

func TestWordsSeparateIDs(t *testing.T) {
	tok, err := tokenizer.Load(readGolden(t, "testdata/unigram-builtin.json").Tokenizer)
	if err != nil {
		t.Fatal(err)
	}
	text := "التعاون، في ٢٠٢٣: trade-off \u200b…"
	for range 3 {
		ids, ends := tok.AppendWordIDs([]int32{9}, nil, text)
		var got, want [][]int32
		start := int32(1)
		for _, end := range ends {
			got = append(got, ids[start:end])
			start = end
		}
		for _, word := range []string{"التعاون", "في", "2023", "trade", "off"} {
			want = append(want, tok.AppendIDs(nil, word))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("words (-want +got):\n%s", diff)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		text := texts().Draw(r, "text")
		ids, ends := tok.AppendWordIDs(nil, nil, text)
		if want := tok.AppendIDs(nil, text); !slices.Equal(ids, want) {
			r.Errorf("%+q: ids %v, want %v", text, ids, want)
		}
		if len(ids) > 0 && (len(ends) == 0 || int(ends[len(ends)-1]) != len(ids)) || !slices.IsSorted(ends) {
			r.Errorf("%+q: ends %v of %d ids", text, ends, len(ids))
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	g := readGolden(t, "testdata/unigram-builtin.json")
	tok, err := tokenizer.Load(g.Tokenizer)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				for _, c := range g.Cases {
					if got := tok.AppendIDs(nil, c.Text); !slices.Equal(got, c.IDs) {
						t.Errorf("%+q: %v, want %v", c.Text, got, c.IDs)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestNoGarbage(t *testing.T) {
	text := strings.Repeat("التَّعاون بين الشعوب، and trade in 2023! ", 20) + strings.Repeat("نادر", 30)
	for _, path := range goldenFiles(t) {
		tok, err := tokenizer.Load(readGolden(t, path).Tokenizer)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		var ids []int32
		n := testing.AllocsPerRun(20, func() { ids = tok.AppendIDs(ids[:0], text) })
		if name == "bpe-bytes-split.json" || name == "splits.json" {
			continue // regular expressions of the standard library allocate
		}
		// The pools lose a little to the collector; text itself costs nothing.
		if n > float64(len(ids))/10 {
			t.Errorf("%s: %v allocations for %d ids", name, n, len(ids))
		}
	}
}

// TestUnigramIsTheBestCut compares with all cuts of short words.
func TestUnigramIsTheBestCut(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		letters := rapid.StringOfN(rapid.SampledFrom([]rune("abج")), 1, 3, -1)
		texts := append([]string{"<unk>"}, rapid.SliceOfNDistinct(letters, 1, 8, rapid.ID).Draw(r, "pieces")...)
		pieces := make([]tokenizer.Piece, len(texts))
		for i, text := range texts {
			pieces[i] = tokenizer.Piece{Text: text, Score: -float64(rapid.IntRange(1, 40).Draw(r, "cost")) / 4}
		}
		tok, err := tokenizer.NewUnigram(pieces, tokenizer.UnigramOptions{})
		if err != nil {
			r.Fatal(err)
		}
		word := rapid.StringOfN(rapid.SampledFrom([]rune("abجx")), 1, 8, -1).Draw(r, "word")
		lowest := 0.0
		for _, p := range pieces {
			lowest = min(lowest, p.Score)
		}
		// best[i] is the best score of word[:i].
		best := make([]float64, len(word)+1)
		for end := 1; end <= len(word); end++ {
			best[end] = math.Inf(-1)
			if r, n := utf8.DecodeLastRuneInString(word[:end]); r != utf8.RuneError {
				best[end] = best[end-n] + lowest - 10
			}
			for _, p := range pieces {
				if strings.HasSuffix(word[:end], p.Text) {
					best[end] = max(best[end], best[end-len(p.Text)]+p.Score)
				}
			}
		}
		var got float64
		rest := word
		for _, id := range tok.AppendIDs(nil, word) {
			if id != 0 {
				for !strings.HasPrefix(rest, pieces[id].Text) { // an unknown run came before
					_, n := utf8.DecodeRuneInString(rest)
					rest, got = rest[n:], got+lowest-10
				}
				rest, got = rest[len(pieces[id].Text):], got+pieces[id].Score
			}
		}
		got += float64(utf8.RuneCountInString(rest)) * (lowest - 10)
		if math.Abs(got-best[len(word)]) > 1e-9 {
			r.Errorf("%q by %v scores %v, want %v", word, pieces, got, best[len(word)])
		}
	})
}

func TestUnigramIsWrittenAndRead(t *testing.T) {
	pieces := []tokenizer.Piece{{Text: "<unk>"}, {Text: "▁", Score: -2.25}, {Text: "▁<a>&\"\\", Score: -1e-7}, {Text: "تعاون", Score: -3.123456789012345}}
	for _, r := range "اتعونabc12" {
		pieces = append(pieces, tokenizer.Piece{Text: string(r), Score: -7.5})
	}
	tok, err := tokenizer.NewUnigram(pieces, tokenizer.UnigramOptions{Normalizer: tokenizer.ArabicNormalizer(), PreTokenizer: tokenizer.WordPieces()})
	if err != nil {
		t.Fatal(err)
	}
	written, err := tok.JSON()
	if err != nil {
		t.Fatal(err)
	}
	read, err := tokenizer.Load(written)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := read.JSON(); err != nil || !bytes.Equal(written, again) {
		t.Errorf("written again: %v\n%s\nwant\n%s", err, again, written)
	}
	for _, text := range []string{"", "التَّعَاوُن abc", "ﺗﻌﺎون ١٢", "zzz", "تعاون"} {
		want, got := tok.AppendIDs(nil, text), read.AppendIDs(nil, text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-made +read):\n%s", text, diff)
		}
	}
	if id, ok := read.ID("تعاون"); id != 3 || !ok {
		t.Errorf("ID = %d, %v, want 3", id, ok)
	}
	if unk, ok := read.Unknown(); unk != 0 || !ok || read.Size() != len(pieces) {
		t.Errorf("Unknown %d, %v, Size %d; want 0 and %d", unk, ok, read.Size(), len(pieces))
	}
}

func TestArabicNormalizer(t *testing.T) {
	front, err := tokenizer.NewSplitter(tokenizer.ArabicNormalizer(), tokenizer.WordPieces())
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                   "",
		"إِنَّ التَّعَاوُنَ": "▁ان|▁التعاون",
		"مستشفى مستشفي":      "▁مستشفي|▁مستشفي",
		"المتّحدة، المتحده":  "▁المتحده|▁المتحده",
		"مؤتمر شيئًا آفاق ٱلحق":          "▁موتمر|▁شييا|▁افاق|▁الحق",
		"کتاب یک ۲۰۲۲ ٢٠٢٢ ③ ²":          "▁كتاب|▁يك|▁2022|▁2022|▁3|▁2",
		"كـــتـاب ﻻ ﺗﻌﺎون":               "▁كتاب|▁لا|▁تعاون",
		"«نعم»؟ (3.5٪) a/b don't":        "▁نعم|▁3|▁5|▁a|▁b|▁don|▁t",
		"Temüjin CAFÉ e\u0301 İstanbul":  "▁temujin|▁cafe|▁e|▁istanbul",
		"a\u200bb \u202bج\u202c x\ufe0f": "▁ab|▁ج|▁x",
		"😀 -- … \x00\x01":                "▁\x00",
		"bad\xff\xfeutf8":                "▁bad|▁utf8",
	} {
		var words []string
		for w := range front.Words(text) {
			words = append(words, string(w))
		}
		if got := strings.Join(words, "|"); got != want {
			t.Errorf("words of %+q: %+q, want %+q", text, got, want)
		}
	}
}

// TestFusedLettersAreTheSteps compares the compiled table with the steps one
// by one.
func TestFusedLettersAreTheSteps(t *testing.T) {
	fused, err := tokenizer.NewSplitter(tokenizer.ArabicNormalizer(), nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := tokenizer.ArabicSteps(t)
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(texts(), rapid.String()).Draw(r, "text")
		var want, got []string
		form := strings.ToValidUTF8(text, "\ufffd")
		if len(form) != len(text) {
			r.Skip()
		}
		for _, step := range steps {
			next := ""
			for w := range step.Words(form) {
				next = string(w)
			}
			form = next
		}
		if form != "" {
			want = append(want, form)
		}
		for w := range fused.Words(text) {
			got = append(got, string(w))
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			r.Errorf("%+q (-steps +fused):\n%s", text, diff)
		}
	})
}

func TestErrorsMatchTheSentinel(t *testing.T) {
	_, err := tokenizer.NewUnigram(nil, tokenizer.UnigramOptions{})
	if !errors.Is(err, tokenizer.ErrFormat) {
		t.Errorf("no pieces: %v, want %v", err, tokenizer.ErrFormat)
	}
	_, err = tokenizer.NewSplitter([]byte(`{"type":"Unheard"}`), nil)
	if !errors.Is(err, tokenizer.ErrFormat) {
		t.Errorf("an unknown normalizer: %v, want %v", err, tokenizer.ErrFormat)
	}
}

func TestLogProbability(t *testing.T) {
	unigram, err := tokenizer.NewUnigram([]tokenizer.Piece{{Text: "?"}, {Text: "ri", Score: -2}, {Text: "ver", Score: -3.5}, {Text: "river", Score: -7}}, tokenizer.UnigramOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]float64{"river": -5.5, "ver": -3.5, "": 0, "verx": -3.5 - 17} {
		if got, ok := unigram.LogProbability(unigram.AppendIDs(nil, text)); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: %g, %v; want %g", text, got, ok, want)
		}
	}
	words, err := tokenizer.Load([]byte(`{"model":{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"a":1}},"pre_tokenizer":{"type":"Whitespace"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := words.LogProbability([]int32{1}); ok || got != 0 {
		t.Errorf("a vocabulary without probabilities: %g, %v", got, ok)
	}
}
