package lexical

import (
	"embed"
	"strings"
)

//go:embed words/*.txt
var wordFiles embed.FS

// tables are the word lists of the folder words, normalised as texts are. They
// are built once and only read.
type tables struct {
	arabicStop       map[string]bool
	arabicTwins      map[string]bool     // look like و or ف before a stop word
	ownEndings       map[string]bool     // whole words that keep what looks like an ending
	ownWaw           map[string]bool     // by their length without endings: stems whose و, ...
	ownAl            map[string]bool     // ... ال or ...
	ownParticle      map[string]bool     // ... ب ك ل is their own
	arabicPlurals    map[string]string   // stem of a broken plural → stem of its singular
	arabicFamilies   map[string][]string // stem of a singular → the forms of words/ar-plurals.txt
	englishStop      map[string]bool
	englishIrregular map[string]string // form → base
	patterns         [maxPattern + 1][]way
}

func newTables(f *folds) *tables {
	t := &tables{
		arabicStop: f.set("ar-stop.txt"), arabicTwins: f.set("ar-stop-twins.txt"), englishStop: f.set("en-stop.txt"),
		ownEndings: f.set("ar-own-endings.txt"),
		ownWaw:     map[string]bool{}, ownAl: map[string]bool{}, ownParticle: map[string]bool{},
		arabicPlurals: map[string]string{}, arabicFamilies: map[string][]string{}, englishIrregular: map[string]string{},
		patterns: waysOf(pluralPatterns),
	}
	for _, line := range f.lines("ar-own-letters.txt") {
		for _, w := range line {
			t.own(w)
		}
	}
	plurals := f.lines("ar-plurals.txt")
	for _, line := range plurals {
		for _, w := range line {
			t.own(w)
		}
	}
	for _, line := range plurals {
		singular := t.arabicPiece(line[0])
		t.arabicFamilies[singular] = append(t.arabicFamilies[singular], line...)
		for _, w := range line[1:] {
			if plural := t.arabicPiece(w); plural != singular {
				t.arabicPlurals[plural] = singular
			}
		}
	}
	for _, line := range f.lines("en-irregular.txt") {
		for _, w := range line[1:] {
			t.englishIrregular[w] = line[0]
		}
	}
	return t
}

// own notes that the first letters of a normalised Arabic word are its own.
func (t *tables) own(word string) {
	stem := word[:t.arabicSuffix([]byte(word))]
	switch {
	case strings.HasPrefix(word, "ال"):
		t.ownAl[stem] = true
	case strings.HasPrefix(word, "و"):
		t.ownWaw[stem] = true
	default: // the other letters are never taken off
		t.ownParticle[stem] = true
	}
}

func (t *tables) arabicPiece(word string) string {
	lo, hi := t.stemArabic([]byte(word))
	return word[lo:hi]
}

// lines reads a word list: the normalised words of each line. Lines that begin
// with # are comments.
func (f *folds) lines(name string) [][]string {
	data, err := wordFiles.ReadFile("words/" + name)
	if err != nil { // it is embedded
		panic(err)
	}
	var lines [][]string
	for line := range strings.Lines(string(data)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		for i, w := range words {
			words[i] = f.word(w)
		}
		lines = append(lines, words)
	}
	return lines
}

func (f *folds) set(name string) map[string]bool {
	set := map[string]bool{}
	for _, line := range f.lines(name) {
		for _, w := range line {
			set[w] = true
		}
	}
	return set
}

// word folds one word of a list, which is in NFKC.
func (f *folds) word(w string) string {
	var b strings.Builder
	for _, r := range w {
		if r = f.fold(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}
