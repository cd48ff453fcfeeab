package relevance_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"dalil/evaluation"
	"dalil/internal/training"
	fit "dalil/internal/training/relevance"
	"dalil/searcher/relevance"
)

// pairs are as many as the files that the questions are about have.
func pairs() map[string][]training.Pair {
	files := map[string][]training.Pair{}
	for _, name := range []string{"tico19", "debian-handbook", "ms-iot", "opensource-guide", "ethereum-org"} {
		for i := range 3000 {
			files[name] = append(files[name], training.Pair{Source: fmt.Sprintf("%s %d", name, i), Target: fmt.Sprintf("نص %s %d", name, i)})
		}
	}
	return files
}

func TestWrittenQuestionsAreAskedWithAndWithoutTheirPassage(t *testing.T) {
	sets, err := fit.AllWritten(pairs())
	if err != nil {
		t.Fatal(err)
	}
	if fewer, err := fit.Written(pairs()); err != nil || len(fewer[0].Queries) >= len(sets[0].Queries) {
		t.Errorf("%v; want fewer questions without the further ones", err)
	}
	if len(sets) != 4 {
		t.Fatalf("%d sets, want one for each language and half", len(sets))
	}
	answered := map[string]int{}
	for _, set := range sets {
		held := map[string]bool{}
		for _, d := range set.Documents {
			held[d.ID] = true
			if arabic := strings.Contains(d.Text, "نص"); arabic != strings.HasPrefix(set.Name, "written-ar") {
				t.Fatalf("%s holds %q", set.Name, d.Text)
			}
		}
		on := 0
		for _, q := range set.Queries {
			for id := range q.Relevant {
				if !held[id] {
					t.Errorf("%s: question %s wants %s, which is not there", set.Name, q.ID, id)
				}
				on++
				answered[set.Name[:len("written-ar")]+q.ID]++
			}
		}
		if on < len(set.Queries)/4 || on > len(set.Queries)*3/4 {
			t.Errorf("%s: %d of %d questions have an answer, want about half", set.Name, on, len(set.Queries))
		}
	}
	for question, n := range answered {
		if n != 1 {
			t.Errorf("%s has an answer in %d of the two halves, want 1", question, n)
		}
	}
	short := pairs()
	short["tico19"] = short["tico19"][:100]
	if _, err := fit.Written(short); err == nil || !strings.Contains(err.Error(), "tico19") {
		t.Errorf("questions about rows that are not there: error %v", err)
	}
	delete(short, "tico19")
	if _, err := fit.Written(short); err == nil || !strings.Contains(err.Error(), "was not given") {
		t.Errorf("questions about a file that is not there: error %v", err)
	}
}

// The table learns which sign says that a passage answers, and its probabilities
// are those of the questions.
func TestFitIsCalibrated(t *testing.T) {
	names := []string{"useful", "noise"}
	var questions []fit.Question
	for i := range 4000 {
		useful := float32(i%10) / 10
		q := fit.Question{Answered: true, Signs: [][]float32{{useful, float32(i*7919%13) / 13}}, Answers: []bool{(i/10)%10 < i%10}}
		questions = append(questions, q)
	}
	table, err := fit.Fit("k", questions, names, []int{1, 0}, fit.Options{Limits: relevance.Limits{Weak: .3, Sufficient: .7}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		useful := float32(i) / 10
		if got := table.Probability([]float32{useful, .5}); got < useful-.08 || got > useful+.08 {
			t.Errorf("%.1f of the passages with this sign answer, the table says %.3f", useful, got)
		}
	}
	if _, err := fit.Fit("k", questions[:1], names, []int{1, 0}, fit.Options{}); err == nil {
		t.Error("questions without an answer gave a table")
	}
}

// What judges does not train: no written question is one of a judged set.
func TestNoJudgedQuestionIsWritten(t *testing.T) {
	judged, err := filepath.Glob("../../../../shared/data/eval/*/queries.jsonl")
	if err != nil || len(judged) == 0 {
		t.Skip("the judged sets are not here")
	}
	sets, err := fit.AllWritten(pairs())
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, q := range sets[0].Queries {
		written[q.Text] = true
	}
	for _, file := range judged {
		queries, err := evaluation.LoadQueries(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range queries {
			if written[q.Text] {
				t.Errorf("%s and the training share %q", file, q.Text)
			}
		}
	}
}

// TestOffTopicQuestionsWeighLessAcrossLanguages has equally many right and wrong
// candidates in both languages.
func TestOffTopicQuestionsWeighLessAcrossLanguages(t *testing.T) {
	names := []string{"useful", "language"}
	var questions []fit.Question
	for i := range 4000 {
		questions = append(questions, fit.Question{
			Answered: i%2 == 0, Signs: [][]float32{{float32(i*7919%13) / 13, float32(i / 2 % 2)}}, Answers: []bool{i%2 == 0},
		})
	}
	table, err := fit.Fit("k", questions, names, []int{1, 0}, fit.Options{OffTopic: 1, OffTopicAcross: 0.25})
	if err != nil {
		t.Fatal(err)
	}
	same, across := table.Probability([]float32{.5, 1}), table.Probability([]float32{.5, 0})
	if same < .4 || same > .6 || across < .7 || across > .9 {
		t.Errorf("in one language %.2f, want about .5; in two %.2f, want about .8", same, across)
	}
}
