package evaluation_test

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/evaluation"
)

func TestBootstrapSeparatesAGainFromNoise(t *testing.T) {
	before, better, shaken := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for i := range 200 {
		id := fmt.Sprint("q", i)
		before[id] = .5
		better[id] = .5 + .05*float64(i%3) // always as good or better
		shaken[id] = .5 + .3*float64(1-2*(i%2))
	}
	shaken["only here"] = 1
	gain := evaluation.Bootstrap(before, better)
	if gain.Noise() || math.Abs(gain.Mean-.05) > .001 || gain.Low > gain.Mean || gain.High < gain.Mean || gain.Questions != 200 {
		t.Errorf("a gain on two questions of three: %+v", gain)
	}
	if d := evaluation.Bootstrap(before, shaken); !d.Noise() || d.Questions != 200 {
		t.Errorf("as many questions gain as lose: %+v", d)
	}
	if d := evaluation.Bootstrap(better, before); d.Noise() || d.Mean >= 0 {
		t.Errorf("the runs the other way round: %+v", d)
	}
	if d := evaluation.Bootstrap(before, nil); d.Questions != 0 || !d.Noise() {
		t.Errorf("nothing in common: %+v", d)
	}
}

func TestARunIsReadAsItWasSaved(t *testing.T) {
	run := evaluation.Run{"set": {"a": .12345, "b": 1}}
	file := filepath.Join(t.TempDir(), "run.json")
	if err := run.Save(file); err != nil {
		t.Fatal(err)
	}
	again, err := evaluation.LoadRun(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(evaluation.Run{"set": {"a": .1235, "b": 1}}, again); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

func TestOwnLanguageFirst(t *testing.T) {
	set := evaluation.Set{
		Documents: []corpus.Document{{ID: "e", Text: "floods"}, {ID: "a", Text: "فيضانات"}, {ID: "a2", Text: "أنهار"}},
		Queries: []evaluation.Judged{
			{Text: "floods", Relevant: map[string]int{"e": 1, "a": 1}, Tags: []string{"en"}},
			{Text: "flood", Relevant: map[string]int{"e": 1, "a": 1}, Tags: []string{"en"}},
			{Text: "rivers", Relevant: map[string]int{"a2": 1}, Tags: []string{"en"}}, // has none in its language
			{Text: "فيضان", Relevant: map[string]int{"e": 1, "a": 1}, Tags: []string{"ar"}},
		},
	}
	own := evaluation.MeasureOwn(set, [][]string{{"e", "a"}, {"a", "e"}, {"a2"}, {"a2", "a"}})
	if own.Questions != 3 || math.Abs(own.Share-1./3) > 1e-9 || own.Tags["en"].Share != .5 || own.Tags["ar"].Share != 0 {
		t.Errorf("own language first: %+v, en %+v, ar %+v", own, own.Tags["en"], own.Tags["ar"])
	}
	set.Documents = set.Documents[:1]
	if own := evaluation.MeasureOwn(set, make([][]string, 4)); own != nil {
		t.Errorf("documents in one language: %+v", own)
	}
}
