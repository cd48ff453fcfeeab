package task

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/lexical"
)

// Evidence measures the evidence of the configured pipeline on the sets in dirs:
// half of the documents of each are indexed, then the other half. Hard questions
// have their article in the index and their answer not. Far questions are those of
// the other sets that have no document in common with the set, in its language, and
// those of a file off-topic.jsonl in its folder. all has the hard questions of all sets together.
func Evidence(ctx context.Context, c config.Config, log *slog.Logger, dirs []string) (reports []evaluation.EvidenceReport, err error) {
	sets := make([]loaded, len(dirs))
	for i, dir := range dirs {
		if sets[i], err = loadForEvidence(ctx, dir); err != nil {
			return nil, err
		}
	}
	var together, togetherFar []evaluation.Graded
	for i := range sets {
		far := sets[i].off
		for k := range sets {
			if k != i && !sets[i].shares(sets[k]) {
				far = append(slices.Clip(far), sets[i].inItsScript(sets[k].set.Queries)...)
			}
		}
		var hard, distant []evaluation.Graded
		for half, set := range evaluation.Halves(sets[i].set) {
			graded, others, err := gradeHalf(ctx, c, log, set, every(sets[i].raws, half), far)
			if err != nil {
				return nil, err
			}
			hard = append(hard, graded...)
			distant = append(distant, others...)
		}
		name := sets[i].set.Name
		reports = append(reports, evaluation.MeasureEvidence(name, "hard", hard))
		together = append(together, hard...)
		if len(far) > 0 {
			distant = append(distant, answerable(hard)...)
			reports = append(reports, evaluation.MeasureEvidence(name, "far", distant))
			togetherFar = append(togetherFar, distant...)
		}
	}
	if len(sets) > 1 {
		reports = append(reports, evaluation.MeasureEvidence("all", "hard", together))
		if len(togetherFar) > 0 {
			reports = append(reports, evaluation.MeasureEvidence("all", "far", togetherFar))
		}
	}
	return reports, nil
}

// loaded is a judged set with what was read for it.
type loaded struct {
	set  evaluation.Set
	raws []corpus.Raw
	off  []evaluation.Judged // questions about something else
}

func loadForEvidence(ctx context.Context, dir string) (l loaded, err error) {
	if l.set, l.raws, err = loadSet(ctx, dir); err != nil {
		return l, err
	}
	l.off, err = evaluation.LoadQueries(filepath.Join(dir, "off-topic.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return l, err
}

// shares reports whether two sets have a document in common.
func (l loaded) shares(other loaded) bool {
	held := map[string]bool{}
	for _, d := range l.set.Documents {
		held[d.ID] = true
	}
	return slices.ContainsFunc(other.set.Documents, func(d corpus.Document) bool { return held[d.ID] })
}

// inItsScript returns the questions that are written like one of the set's own.
func (l loaded) inItsScript(questions []evaluation.Judged) []evaluation.Judged {
	own := map[lexical.Script]bool{}
	for _, q := range l.set.Queries {
		own[lexical.ScriptOf(q.Text)] = true
	}
	return slices.DeleteFunc(slices.Clone(questions), func(q evaluation.Judged) bool { return !own[lexical.ScriptOf(q.Text)] })
}

// every returns every second raw.
func every(raws []corpus.Raw, half int) []corpus.Raw {
	var kept []corpus.Raw
	for i, raw := range raws {
		if i%2 == half {
			kept = append(kept, raw)
		}
	}
	return kept
}

func answerable(graded []evaluation.Graded) []evaluation.Graded {
	return slices.DeleteFunc(slices.Clone(graded), func(g evaluation.Graded) bool { return !g.Answerable })
}

// gradeHalf indexes half of a set and asks its questions and the far ones.
func gradeHalf(ctx context.Context, c config.Config, log *slog.Logger, set evaluation.Set, raws []corpus.Raw, far []evaluation.Judged) (graded, distant []evaluation.Graded, err error) {
	a, remove, err := app.OpenScratch(ctx, c, log)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if err := a.IndexAll(ctx, raws); err != nil {
		return nil, nil, fmt.Errorf("index %s: %w", set.Name, err)
	}
	if graded, err = grade(ctx, a, set.Queries); err != nil {
		return nil, nil, err
	}
	other := make([]evaluation.Judged, len(far))
	for i, q := range far {
		other[i] = evaluation.Judged{ID: q.ID, Text: q.Text}
	}
	distant, err = grade(ctx, a, other)
	return graded, distant, err
}

// grade asks the questions and keeps what the answers say of themselves.
func grade(ctx context.Context, a *app.App, questions []evaluation.Judged) ([]evaluation.Graded, error) {
	graded := make([]evaluation.Graded, len(questions))
	for i, q := range questions {
		answer, err := a.Search(ctx, corpus.Query{Text: q.Text})
		if err != nil {
			return nil, fmt.Errorf("query %s: %w", q.ID, err)
		}
		graded[i] = evaluation.Grade(answer, q.Relevant)
	}
	return graded, nil
}
