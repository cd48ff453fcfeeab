package training

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/static"
)

// toyPairs makes n sentences of an invented language and their translation:
// the same words, spelled otherwise.
func toyPairs(n int) []Pair {
	rng := rand.New(rand.NewPCG(6, 7))
	syllables := []string{"ka", "lo", "mi", "nu", "re", "sa", "ti", "vo"}
	pairs := make([]Pair, n)
	for i := range pairs {
		var source, target []string
		for range 3 + rng.IntN(4) {
			a, b := rng.IntN(8), rng.IntN(8)
			source = append(source, syllables[a]+syllables[b])
			target = append(target, "b"+syllables[b]+syllables[a]+"x")
		}
		pairs[i] = Pair{Source: strings.Join(source, " "), Target: strings.Join(target, " ")}
	}
	return pairs
}

// hashTeacher gives every second text a vector that depends on it alone.
type hashTeacher struct{}

func (hashTeacher) Vectors(_ context.Context, texts []string, width int) ([]corpus.Vector, error) {
	out := make([]corpus.Vector, len(texts))
	for i, text := range texts {
		if i%2 == 0 {
			continue
		}
		rng := rand.New(rand.NewPCG(uint64(len(text)), uint64(text[0])))
		out[i] = make(corpus.Vector, width)
		for j := range out[i] {
			out[i][j] = float32(rng.NormFloat64())
		}
		unit(out[i])
	}
	return out, nil
}

func small() StaticOptions {
	return StaticOptions{Dimensions: 16, Vocabulary: 150, Epochs: 3, Batch: 64, Seed: 9, HeldOut: 30}
}

func train(t *testing.T, o StaticOptions) *Static {
	t.Helper()
	m, err := TrainStatic(t.Context(), toyPairs(300), hashTeacher{}, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Equal input gives equal bits on one core and on two, and when a run goes on
// from its checkpoint.
func TestTrainingIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	path := filepath.Join(t.TempDir(), "state")
	o := small()
	o.Checkpoint = func(s *State) error {
		if s.Epoch > 1 {
			return nil
		}
		return s.Write(path)
	}
	one := train(t, o)
	runtime.GOMAXPROCS(2)
	if two := train(t, small()); !slices.Equal(one.Vectors, two.Vectors) || !slices.Equal(one.Pieces, two.Pieces) {
		t.Error("two cores learn other vectors than one")
	}
	o = small()
	var err error
	if o.Resume, err = ReadState(path); err != nil || o.Resume.Epoch != 1 {
		t.Fatalf("read the checkpoint: %+v, %v", o.Resume, err)
	}
	if resumed := train(t, o); !slices.Equal(one.Vectors, resumed.Vectors) {
		t.Error("the resumed run learns other vectors")
	}
	o = small()
	o.Seed = 10
	if other := train(t, o); slices.Equal(one.Vectors, other.Vectors) {
		t.Error("another seed learns the same vectors: the test tests nothing")
	}
	o.Resume = &State{Epoch: 1, Vectors: make([]float32, 3), Squares: make([]float32, 3)}
	if _, err := TrainStatic(t.Context(), toyPairs(300), nil, o); err == nil || !strings.Contains(err.Error(), "another model") {
		t.Errorf("checkpoint of another model: got %v", err)
	}
}

func TestTrainStaticRefuses(t *testing.T) {
	if _, err := TrainStatic(t.Context(), toyPairs(2), nil, small()); err == nil || !strings.Contains(err.Error(), "too few") {
		t.Errorf("two pairs: got %v", err)
	}
	if _, err := TrainStatic(t.Context(), nil, nil, small()); err == nil {
		t.Error("no pairs: got no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := TrainStatic(ctx, toyPairs(50), nil, small()); err == nil {
		t.Error("cancelled: got no error")
	}
}

// What is written is what the embedder loads: the mean of the vectors, but for
// the rounding to bytes.
// unrelated teaches none of the texts.
type unrelated struct{}

func (unrelated) Vectors(_ context.Context, texts []string, _ int) ([]corpus.Vector, error) {
	return make([]corpus.Vector, len(texts)), nil
}

func TestATeacherOfOtherTextsIsRefused(t *testing.T) {
	if _, err := TrainStatic(t.Context(), toyPairs(100), unrelated{}, small()); err == nil || !strings.Contains(err.Error(), "has vectors of none") {
		t.Errorf("got %v", err)
	}
}

func TestWriteLoads(t *testing.T) {
	m := train(t, small())
	dir := filepath.Join(t.TempDir(), "model")
	if err := m.Write(dir, "toy"); err != nil {
		t.Fatal(err)
	}
	e, err := static.Load(os.DirFS(dir), static.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Model(); got.Name != "toy" || got.Dimensions != m.Width {
		t.Errorf("model: got %+v", got)
	}
	words, err := NewTokenizer(m.Pieces)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, p := range toyPairs(40) {
		texts = append(texts, p.Source, p.Target)
	}
	got, err := e.Embed(t.Context(), embedder.Passage, texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		mean := make(corpus.Vector, m.Width)
		for _, id := range words.AppendIDs(nil, text) {
			if id == 0 {
				continue
			}
			for j := range mean {
				mean[j] += m.Vectors[int(id)*m.Width+j]
			}
		}
		unit(mean)
		var cosine float64
		for j := range mean {
			cosine += float64(mean[j]) * float64(got.Vectors[i][j])
		}
		if cosine < 0.999 || math.IsNaN(cosine) {
			t.Errorf("%q: cosine %.5f", text, cosine)
		}
	}
}

func TestState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	if s, err := ReadState(path); s != nil || err != nil {
		t.Errorf("no file: got %v, %v", s, err)
	}
	want := &State{Epoch: 7, Vectors: []float32{1, -2, 3.5}, Squares: []float32{0, 4, 1e-9}}
	if err := want.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := ReadState(path)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got %v, %v, want %v", got, err, want)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(data) {
		if err := os.WriteFile(path, data[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadState(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Fatalf("first %d of %d bytes: got %v", n, len(data), err)
		}
	}
}
