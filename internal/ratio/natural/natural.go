// Package natural makes passages and questions of real sentences, for benchmarks of
// servers. Start at [Read].
package natural

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences are aligned sentences in two languages.
type Sentences struct{ English, Arabic []string }

// Read reads the pairs of sentences in the files *.tsv.gz of a folder: English, a tab,
// Arabic. Short pairs and text that was decoded wrongly are left out. A folder that has
// no such file gives no sentences; see [Zipf].
func Read(dir string) (Sentences, error) {
	var all Sentences
	files, err := filepath.Glob(filepath.Join(dir, "*.tsv.gz"))
	if err != nil {
		return all, err
	}
	for _, name := range files {
		if err := all.add(name); err != nil {
			return Sentences{}, fmt.Errorf("read the sentences of %s: %w", name, err)
		}
	}
	return all, nil
}

func (s *Sentences) add(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		english, arabic, two := strings.Cut(lines.Text(), "\t")
		if two && len(english) > 20 && len(arabic) > 20 && !strings.ContainsFunc(lines.Text(), broken) {
			s.English, s.Arabic = append(s.English, english), append(s.Arabic, arabic)
		}
	}
	return lines.Err()
}

// Zipf makes n sentences in each language, of words whose frequencies fall with their
// rank, for machines without real sentences.
func Zipf(n int) (all Sentences) {
	random := rand.New(rand.NewPCG(23, 3))
	zipf := rand.NewZipf(random, 1.1, 2.7, 60_000)
	word := func(letters []rune, rank uint64) string {
		var w []rune
		for rank += uint64(len(letters)); rank > 0; rank /= uint64(len(letters)) {
			w = append(w, letters[rank%uint64(len(letters))])
		}
		return string(w)
	}
	sentence := func(letters string) string {
		words := make([]string, 8+random.IntN(18))
		for i := range words {
			words[i] = word([]rune(letters), zipf.Uint64())
		}
		return strings.Join(words, " ") + "."
	}
	for range n {
		all.English = append(all.English, sentence("etaoinshrdlcumwfgypbvk"))
		all.Arabic = append(all.Arabic, sentence("اليمنرتبودعسفهكقحجشط"))
	}
	return all
}

// broken reports a character of text that was decoded wrongly.
func broken(r rune) bool { return r != '\t' && unicode.IsControl(r) || r == utf8.RuneError }

// of returns the sentences of a language: 60 % of all are Arabic.
func (s *Sentences) of(random *rand.Rand) []string {
	if random.IntN(10) < 6 {
		return s.Arabic
	}
	return s.English
}

// letters is the length of a passage.
const letters = 600

// Write writes n documents of one passage each to a file of JSON Lines: neighbouring
// sentences in their order, about 600 letters, with their first words as title. A passage
// that begins as an earlier one skips sentences, so that its text is another one. The same
// sentences give the same documents. The file appears when it is whole.
func (s *Sentences) Write(path string, n int) error {
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails when it was renamed
	defer f.Close()
	out := bufio.NewWriter(f)
	encoder := json.NewEncoder(out)
	random := rand.New(rand.NewPCG(23, 1))
	begun := map[*string]int{} // how many passages begin with a sentence
	for i := range n {
		from := s.of(random)
		at := random.IntN(len(from))
		words := strings.Fields(from[at])
		begun[&from[at]]++
		step := begun[&from[at]]
		var text strings.Builder
		for runes := 0; runes < letters; at += step {
			sentence := from[at%len(from)]
			if sentence[len(sentence)-1] != '.' {
				sentence += "."
			}
			text.WriteString(sentence + " ")
			runes += utf8.RuneCountInString(sentence)
		}
		document := map[string]string{
			"id": fmt.Sprintf("n%06d", i), "title": strings.Join(words[:min(len(words), 6)], " "), "text": text.String(),
		}
		if err := encoder.Encode(document); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Questions draws n questions of 2 to 12 neighbouring words; a tenth are names where the
// language has capitals. The same sentences give the same questions.
func (s *Sentences) Questions(n int) []string {
	random := rand.New(rand.NewPCG(23, 2))
	all := make([]string, 0, n)
	for len(all) < n {
		from := s.of(random)
		words := strings.Fields(from[random.IntN(len(from))])
		length := 2 + random.IntN(11)
		if len(words) < length {
			continue
		}
		at := random.IntN(len(words) - length + 1)
		question := strings.Join(words[at:at+length], " ")
		if strings.ContainsAny(question, `"“”«»`) || strings.Contains(question, " -") {
			continue // these signs are instructions to the search
		}
		if len(all)%10 == 0 && &from[0] == &s.English[0] && strings.ToLower(question[:1]) == question[:1] {
			continue
		}
		all = append(all, question)
	}
	return all
}
