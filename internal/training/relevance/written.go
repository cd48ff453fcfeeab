// Package relevance fits the table that turns the signs of a passage into the
// probability that it answers. Half of the passages that questions were written
// about are indexed. Start with [Written] and [Fit].
package relevance

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/training"
)

// written are questions that a person wrote about passages of the training text,
// one a line: the file, the first row of the passage, the question in English and
// in Arabic.
//
//go:embed questions.tsv
var written string

// more are further ones, which only the table of relevance is fitted to: the gate of follow-up questions is
// worse with them.
//
//go:embed more.tsv
var more string

// rows is how many sentence pairs make one passage.
const rows = 5

// languages are those of the two sides of a pair.
var languages = [...]string{"en", "ar"}

// around is how many passages on each side of those that are asked about are
// indexed too.
const around = 2

// elsewhere names the file of questions about other things. howMany of them are asked of each set of
// [Written], and howManyMore of each set of [AllWritten].
const (
	elsewhere   = "mintaka-dev"
	howMany     = 50
	howManyMore = 100
)

// asked is one written question.
type asked struct {
	file string
	row  int
	text [2]string
}

// Written makes four judged sets of the written questions: every second passage
// of all files is indexed, in one language, and all questions are asked in both. A
// question about a passage that was left out has no relevant document, although
// the passages before and behind it are there. If the file mintaka-dev is given, its
// questions are asked too; they are about other things. files has the pairs by the
// name of their file.
func Written(files map[string][]training.Pair) ([]evaluation.Set, error) {
	return setsOf(written, howMany, files)
}

// Twins returns each of the written questions in the other language.
func Twins() map[string]string {
	twins := map[string]string{}
	for line := range strings.Lines(written) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 4 {
			twins[fields[2]], twins[fields[3]] = fields[3], fields[2]
		}
	}
	return twins
}

// AllWritten makes the sets that the table of relevance is fitted to: those of [Written], with more questions.
func AllWritten(files map[string][]training.Pair) ([]evaluation.Set, error) {
	return setsOf(written+more, howManyMore, files)
}

// setsOf makes the sets of these questions and so many about other things.
func setsOf(written string, howMany int, files map[string][]training.Pair) ([]evaluation.Set, error) {
	var questions []asked
	rowsOf := map[string]map[int]bool{}
	for n, line := range strings.Split(strings.TrimSpace(written), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("questions.tsv:%d: has %d fields, wants file, row, English and Arabic", n+1, len(fields))
		}
		pairs, held := files[fields[0]]
		if !held {
			return nil, fmt.Errorf("questions.tsv:%d: asks about %s, which was not given", n+1, fields[0])
		}
		row, err := strconv.Atoi(fields[1])
		if err != nil || row < 0 || row%rows != 0 || row+rows > len(pairs) {
			return nil, fmt.Errorf("questions.tsv:%d: %q is not the first row of a passage of %s", n+1, fields[1], fields[0])
		}
		questions = append(questions, asked{fields[0], row, [2]string{fields[2], fields[3]}})
		if rowsOf[fields[0]] == nil {
			rowsOf[fields[0]] = map[int]bool{}
		}
		for i := -around; i <= around; i++ {
			if at := row + i*rows; at >= 0 && at+rows <= len(pairs) {
				rowsOf[fields[0]][at] = true
			}
		}
	}
	id := func(file string, row int) string { return fmt.Sprintf("%s:%d", file, row) }
	var sets []evaluation.Set
	for passages, language := range languages {
		for half := range 2 {
			set := evaluation.Set{Name: fmt.Sprintf("written-%s-%d", language, half)}
			for _, file := range slices.Sorted(maps.Keys(rowsOf)) {
				for _, row := range slices.Sorted(maps.Keys(rowsOf[file])) {
					if row/rows%2 == half {
						text := Passage(files[file], row, passages)
						set.Documents = append(set.Documents, corpus.Document{ID: id(file, row), Text: text})
					}
				}
			}
			for n, q := range questions {
				for l, text := range q.text {
					judged := evaluation.Judged{ID: fmt.Sprintf("%d-%s", n, languages[l]), Text: text, Tags: []string{languages[l]}, Relevant: map[string]int{}}
					if q.row/rows%2 == half {
						judged.Relevant[id(q.file, q.row)] = 1
					}
					set.Queries = append(set.Queries, judged)
				}
			}
			other := files[elsewhere]
			for n := range min(howMany, len(other)) {
				p := other[n*len(other)/min(howMany, len(other))]
				for l, text := range [2]string{p.Source, p.Target} {
					set.Queries = append(set.Queries, evaluation.Judged{ID: fmt.Sprintf("other-%d-%s", n, languages[l]), Text: text, Tags: []string{languages[l]}})
				}
			}
			sets = append(sets, set)
		}
	}
	return sets, nil
}

// Passage joins one side of the pairs of the passage that begins at a row: 0 for English, 1 for Arabic.
func Passage(pairs []training.Pair, row, language int) string {
	sentences := make([]string, rows)
	for i, p := range pairs[row : row+rows] {
		sentences[i] = []string{p.Source, p.Target}[language]
	}
	return strings.Join(sentences, " ")
}
