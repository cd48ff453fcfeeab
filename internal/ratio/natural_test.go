package ratio

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// sentences are aligned sentences of the training text, by language.
type sentences struct{ english, arabic []string }

// naturalText reads the sentences, or makes some where there are none.
func naturalText(b *testing.B) sentences {
	b.Helper()
	if dir := trainingText(); len(files(b, dir)) == 0 {
		b.Logf("there are no sentences in %s, so words are drawn by Zipf's law; DALIL_TEST_TRAIN names a folder of *.tsv.gz", dir)
		return zipfSentences(20_000)
	}
	return readSentences(b)
}

// zipfSentences makes sentences of words whose frequencies fall with their rank.
func zipfSentences(n int) (all sentences) {
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
		all.english = append(all.english, sentence("etaoinshrdlcumwfgypbvk"))
		all.arabic = append(all.arabic, sentence("اليمنرتبودعسفهكقحجشط"))
	}
	return all
}

// trainingText is DALIL_TEST_TRAIN, or the folder of data beside the repository.
func trainingText() string {
	return cmp.Or(os.Getenv("DALIL_TEST_TRAIN"), "../../../shared/data/train/parallel")
}

func files(b *testing.B, dir string) []string {
	b.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*.tsv.gz"))
	if err != nil {
		b.Fatal(err)
	}
	return found
}

// readSentences reads every pair of the files of the training text.
func readSentences(b *testing.B) sentences {
	b.Helper()
	var all sentences
	for _, name := range files(b, trainingText()) {
		f, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		unzipped, err := gzip.NewReader(f)
		if err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewScanner(unzipped)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			english, arabic, two := strings.Cut(lines.Text(), "\t")
			if two && len(english) > 20 && len(arabic) > 20 && !strings.ContainsFunc(lines.Text(), broken) {
				all.english, all.arabic = append(all.english, english), append(all.arabic, arabic)
			}
		}
		if err := lines.Err(); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
	return all
}

// broken reports a character of text that was decoded wrongly.
func broken(r rune) bool { return r != '\t' && unicode.IsControl(r) || r == utf8.RuneError }

// of returns the sentences of a language: 60 % of all are Arabic.
func (s *sentences) of(random *rand.Rand) []string {
	if random.IntN(10) < 6 {
		return s.arabic
	}
	return s.english
}

// letters is the length of a passage.
const letters = 600

// write makes n documents of one passage each, of real sentences in their order.
func (s *sentences) write(path string, n int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	encoder := json.NewEncoder(out)
	random := rand.New(rand.NewPCG(23, 1))
	for i := range n {
		from := s.of(random)
		at := random.IntN(len(from))
		words := strings.Fields(from[at])
		var text strings.Builder
		for runes := 0; runes < letters; at++ {
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
	return f.Close()
}

// questions draws n of 2 to 12 neighbouring words; a tenth are names where the
// language has capitals.
func (s *sentences) questions(n int) []string {
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
		if len(all)%10 == 0 && &from[0] == &s.english[0] && strings.ToLower(question[:1]) == question[:1] {
			continue
		}
		all = append(all, question)
	}
	return all
}
