// Package training builds the default models from parallel text: the lexicon
// (IBM Model 1) and the static vectors (contrastive, towards a teacher). It is
// offline and not needed to run. Start with [ReadPairs], then [TrainLexicon] or
// [TrainStatic].
package training

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Pair is one text in two languages: English and Arabic in the default models,
// whatever the user has otherwise.
type Pair struct {
	Source, Target string
	Term           bool   // a row of a dictionary, not a sentence
	Origin         string // the name of its file without folder and ending
}

// ReadPairs reads every .tsv and .tsv.gz file below the folders, in the order
// of their names: source, tab, target, one pair a line. A line of another shape
// is an error that names it.
func ReadPairs(folders []string, term bool) ([]Pair, error) {
	var files []string
	for _, folder := range folders {
		for _, glob := range []string{"*.tsv", "*.tsv.gz"} {
			found, err := filepath.Glob(filepath.Join(folder, glob))
			if err != nil {
				return nil, err
			}
			files = append(files, found...)
		}
	}
	if len(folders) > 0 && len(files) == 0 {
		return nil, fmt.Errorf("%s: holds no .tsv or .tsv.gz file", strings.Join(folders, ", "))
	}
	// By base name, so that the result does not depend on where the data lies.
	slices.SortFunc(files, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	var pairs []Pair
	for _, file := range files {
		var err error
		if pairs, err = readFile(pairs, file, term); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

func readFile(pairs []Pair, path string, term bool) ([]Pair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		defer z.Close()
		r = z
	}
	origin := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".tsv")
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), 1<<20)
	for n := 1; lines.Scan(); n++ {
		source, target, ok := strings.Cut(lines.Text(), "\t")
		if !ok || strings.Contains(target, "\t") || !utf8.ValidString(source) || !utf8.ValidString(target) {
			return nil, fmt.Errorf("%s:%d: is not two texts with a tab between", path, n)
		}
		if strings.TrimSpace(source) == "" || strings.TrimSpace(target) == "" {
			continue
		}
		pairs = append(pairs, Pair{source, target, term, origin})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return pairs, nil
}
