package trees

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"dalil/corpus"
)

// file is the format of a model. It is JSON, so that changes are readable.
type file struct {
	Format   string     `json:"format"`
	Features []string   `json:"features"`
	Trees    []treeFile `json:"trees"`
}

type treeFile struct {
	Features   []int     `json:"f"`
	Thresholds []float32 `json:"t"`
	Leaves     []float32 `json:"v"`
}

// format identifies the layout. If its meaning changes, the number changes.
const format = "dalil ranker 1"

// maxTrees limits the time for a candidate to about 400 ns.
const maxTrees = 200

// Encode returns the model with one tree per line.
func (m *Model) Encode() []byte {
	names, err := json.Marshal(m.features)
	if err != nil {
		panic(err) // strings always encode
	}
	out := fmt.Appendf(nil, "{\"format\":%q,\n\"features\":%s,\n\"trees\":[\n", format, names)
	for i, t := range m.trees {
		line, err := json.Marshal(treeFile{t.Features[:], t.Thresholds[:], t.Leaves[:]})
		if err != nil {
			panic(err) // Load and the trainer only make finite numbers
		}
		out = append(out, line...)
		if i+1 < len(m.trees) {
			out = append(out, ',')
		}
		out = append(out, '\n')
	}
	return append(out, "]}\n"...)
}

// Load reads a model. Its features must be those that the program computes. Errors
// are corpus.ErrCorrupt and say what is wrong.
func Load(data []byte, features []string) (*Model, error) {
	corrupt := func(format string, args ...any) error {
		return fmt.Errorf("%w: ranker: %s", corpus.ErrCorrupt, fmt.Sprintf(format, args...))
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, corrupt("%v", err)
	}
	if f.Format != format {
		return nil, corrupt("its format is %q, not %q", f.Format, format)
	}
	if !slices.Equal(f.Features, features) {
		return nil, corrupt("it was trained on other features than this program computes; train it again")
	}
	if len(f.Trees) > maxTrees {
		return nil, corrupt("%d trees, the limit is %d", len(f.Trees), maxTrees)
	}
	m := &Model{features: f.Features}
	for i, t := range f.Trees {
		if len(t.Features) != Depth || len(t.Thresholds) != Depth || len(t.Leaves) != leaves {
			return nil, corrupt("tree %d has %d features, %d thresholds and %d leaves, must have %d, %d and %d",
				i, len(t.Features), len(t.Thresholds), len(t.Leaves), Depth, Depth, leaves)
		}
		for _, n := range t.Features {
			if n < 0 || n >= len(features) {
				return nil, corrupt("tree %d uses feature %d of %d", i, n, len(features))
			}
		}
		for _, x := range slices.Concat(t.Thresholds, t.Leaves) {
			if math.Abs(float64(x)) > 1e6 {
				return nil, corrupt("tree %d contains %g, which is not finite", i, x)
			}
		}
		m.add(Tree{[Depth]int(t.Features), [Depth]float32(t.Thresholds), [leaves]float32(t.Leaves)})
	}
	return m, nil
}

//go:embed default.json
var builtIn []byte

// Default returns the built-in model.
func Default(features []string) (*Model, error) { return Load(builtIn, features) }
