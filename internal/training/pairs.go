// Package training builds the default models from parallel text: the lexicon
// (IBM Model 1) and the static vectors (contrastive, towards a teacher). It is
// offline and not needed to run. Start with [ReadPairs], then [TrainLexicon] or
// [TrainStatic].
package training

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Pair is one text in two languages: English and Arabic in the default models,
// whatever the user has otherwise.
type Pair struct {
	Source, Target string
	Term           bool   // a row of a dictionary, not a sentence
	Origin         string // the name of its file without folder and ending
}

// ReadPairs reads every .tsv and .tsv.gz file in the folders, in the order of
// their names: source, tab, target, one pair a line, in UTF-8. Each folder must
// hold one such file. A line of another shape is an error that names it and says
// what it is.
func ReadPairs(folders []string, term bool) ([]Pair, error) {
	var files []string
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return nil, err
		}
		found := 0
		for _, e := range entries {
			if name := e.Name(); !e.IsDir() && (strings.HasSuffix(name, ".tsv") || strings.HasSuffix(name, ".tsv.gz")) {
				files, found = append(files, filepath.Join(folder, name)), found+1
			}
		}
		if found == 0 {
			return nil, fmt.Errorf("%s: contains no .tsv or .tsv.gz file", folder)
		}
	}
	// By base name, so that the result does not depend on the folder of the data.
	slices.SortStableFunc(files, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	var pairs []Pair
	for _, file := range files {
		var err error
		if pairs, err = readFile(pairs, file, term); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

// longestLine is how many bytes a line may have.
const longestLine = 1 << 20

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
			return nil, fmt.Errorf("%s: is not a gzip file: %w", path, err)
		}
		defer z.Close()
		r = z
	}
	origin := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".tsv")
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	n := 0
	for lines.Scan() {
		n++
		line := strings.TrimSuffix(lines.Text(), "\r")
		if n == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		source, target, ok := strings.Cut(line, "\t")
		if why := oddLine(line); why != "" {
			return nil, fmt.Errorf("%s:%d: %s", path, n, why)
		}
		if !ok || strings.TrimSpace(source) == "" || strings.TrimSpace(target) == "" {
			continue
		}
		pairs = append(pairs, Pair{source, target, term, origin})
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: the line has more than %d bytes", path, n+1, longestLine)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%s:%d: the gzip data ends here before its end: the file was cut off", path, n+1)
	case err != nil:
		return nil, fmt.Errorf("%s:%d: %w", path, n+1, err)
	}
	return pairs, nil
}

// ReadFile reads one file of sentence pairs, in its order.
func ReadFile(path string) ([]Pair, error) { return readFile(nil, path, false) }
