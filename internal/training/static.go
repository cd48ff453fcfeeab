package training

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/embedder/tokenizer"
	"dalil/vector"
)

// StaticOptions tune TrainStatic; zero fields take the measured defaults.
type StaticOptions struct {
	Dimensions int     // 0: 256
	Vocabulary int     // pieces; 0: 32,000
	Epochs     int     // 0: 12
	Batch      int     // pairs in one step, each contrasted with the others; 0: 2,048
	Rate       float64 // of Adagrad; 0: 0.05
	Scale      float64 // of the similarities; 0: 10
	Teaching   float64 // weight of the teacher's losses; 0: 1, below 0: none
	Passages   float64 // share of the pairs that are sentences joined to a passage; 0: 0.25, below 0: none
	ByFile     bool    // a step has pairs of one file, not of all files
	Seed       uint64
	HeldOut    int // pairs kept back to measure recall; 0: 1,000
	Log        *slog.Logger
	// Checkpoint is called after every epoch with all that a resumed run needs;
	// nil: never.
	Checkpoint func(*State) error
	// Resume is a state to go on from; nil: a new run.
	Resume *State
}

// State is a run between two epochs.
type State struct {
	Epoch   int
	Vectors []float32 // pieces × dimensions
	Squares []float32 // Adagrad's sums of squared gradients
}

func (o *StaticOptions) defaults() {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&o.Dimensions, 256)
	set(&o.Vocabulary, 32_000)
	set(&o.Epochs, 12)
	set(&o.Batch, 2048)
	set(&o.HeldOut, 1000)
	for _, f := range []struct {
		field *float64
		value float64
	}{{&o.Rate, 0.05}, {&o.Scale, 10}, {&o.Teaching, 1}, {&o.Passages, 0.25}} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	o.Teaching, o.Passages = max(o.Teaching, 0), max(o.Passages, 0)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Static is a trained model: a vector for each piece.
type Static struct {
	Pieces  []tokenizer.Piece
	Vectors []float32 // pieces × Dimensions
	Width   int
}

// TrainStatic learns token vectors whose mean is near for texts that mean the
// same: contrastive losses in the batch (InfoNCE, van den Oord et al., 2018)
// between the two sides of each pair, and of each side against the teacher's
// vector of the source side (distillation over languages, Reimers and
// Gurevych, EMNLP 2020). Equal input gives equal bits on one architecture,
// whatever the number of cores.
func TrainStatic(ctx context.Context, pairs []Pair, teacher Teacher, o StaticOptions) (*Static, error) {
	o.defaults()
	var texts []string
	for _, p := range pairs {
		texts = append(texts, p.Source, p.Target)
	}
	o.Log.Info("learning the vocabulary", "texts", len(texts))
	pieces, err := LearnVocabulary(texts, o.Vocabulary)
	if err != nil {
		return nil, err
	}
	o.Log.Info("learned the vocabulary", "pieces", len(pieces))
	examples, err := prepareExamples(ctx, pairs, pieces, teacher, o)
	if err != nil {
		return nil, err
	}
	t := newTrainer(len(pieces), o)
	if o.Resume != nil {
		if len(o.Resume.Vectors) != len(t.vectors) || len(o.Resume.Squares) != len(t.squares) {
			return nil, fmt.Errorf("the checkpoint is of another model: %d numbers, not %d", len(o.Resume.Vectors), len(t.vectors))
		}
		t.epoch, t.vectors, t.squares = o.Resume.Epoch, slices.Clone(o.Resume.Vectors), slices.Clone(o.Resume.Squares)
	}
	if err := t.run(ctx, examples); err != nil {
		return nil, err
	}
	return &Static{Pieces: pieces, Vectors: t.vectors, Width: o.Dimensions}, nil
}

// example is a pair as the numbers of its pieces.
type example struct {
	source, target []int32
	taught         corpus.Vector // the teacher's vector of the source; nil: none
	term           bool
	origin         string // the pair's file
}

func prepareExamples(ctx context.Context, pairs []Pair, pieces []tokenizer.Piece, teacher Teacher, o StaticOptions) ([]example, error) {
	words, err := NewTokenizer(pieces)
	if err != nil {
		return nil, err
	}
	taught := make([]corpus.Vector, len(pairs))
	if teacher != nil {
		sources := make([]string, len(pairs))
		for i, p := range pairs {
			sources[i] = p.Source
		}
		if taught, err = teacher.Vectors(ctx, sources, o.Dimensions); err != nil {
			return nil, fmt.Errorf("ask the teacher: %w", err)
		}
	}
	var examples []example
	known := 0
	ids := func(text string) []int32 {
		return slices.DeleteFunc(words.AppendIDs(nil, text), func(id int32) bool { return id == 0 })
	}
	for i, p := range pairs {
		e := example{source: ids(p.Source), target: ids(p.Target), taught: taught[i], term: p.Term, origin: p.Origin}
		if len(e.source) == 0 || len(e.target) == 0 {
			continue
		}
		if e.taught != nil {
			known++
		}
		examples = append(examples, e)
	}
	if teacher != nil && known == 0 && len(examples) > 0 {
		return nil, fmt.Errorf("the teacher has vectors of none of the %d source texts; was it made from other data?", len(examples))
	}
	if teacher != nil && known < len(examples)/2 {
		o.Log.Warn("the teacher has vectors of less than half of the source texts", "texts", len(examples), "known", known)
	}
	o.Log.Info("prepared", "pairs", len(examples), "taught", known)
	if len(examples) < 4 {
		return nil, fmt.Errorf("%d pairs are too few to train on", len(examples))
	}
	return examples, nil
}

// trainer is a run under way.
type trainer struct {
	o       StaticOptions
	width   int
	epoch   int
	vectors []float32
	squares []float32
	grads   []float32 // as vectors; zero but for the pieces of the batch
	touched []int32
	marked  []bool
	g       *vector.Multiplier
	sides   [3]side // source, target, teacher
	logits  []float32
}

// side is one side of a batch: unit vectors of its texts, and the gradient on
// them.
type side struct {
	texts   [][]int32
	unit    []float32
	lengths []float32 // of the means, before they were made unit
	grad    []float32
	part    []float32
}

func newTrainer(pieces int, o StaticOptions) *trainer {
	t := &trainer{
		o: o, width: o.Dimensions, vectors: make([]float32, pieces*o.Dimensions), squares: make([]float32, pieces*o.Dimensions),
		grads: make([]float32, pieces*o.Dimensions), marked: make([]bool, pieces), g: vector.NewMultiplier(runtime.GOMAXPROCS(0)),
	}
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	for i := range t.vectors {
		t.vectors[i] = float32(rng.NormFloat64()) * 0.1
	}
	return t
}

func (t *trainer) run(ctx context.Context, examples []example) error {
	split := rand.New(rand.NewPCG(t.o.Seed, 2))
	split.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
	held := min(t.o.HeldOut, len(examples)/4)
	kept, examples := examples[:held], examples[held:]
	start := time.Now()
	for ; t.epoch < t.o.Epochs; t.epoch++ {
		rng := rand.New(rand.NewPCG(t.o.Seed, uint64(100+t.epoch)))
		batches := t.batches(rng, examples)
		var loss float64
		for i, batch := range batches {
			if err := ctx.Err(); err != nil {
				return err
			}
			progress := (float64(t.epoch) + float64(i)/float64(len(batches))) / float64(t.o.Epochs)
			loss += t.step(batch, t.o.Rate*(1-0.9*progress))
		}
		recall := t.recall(kept)
		t.o.Log.Info("trained", "epoch", t.epoch+1, "of", t.o.Epochs, "loss", round(loss/float64(len(batches))),
			"held_out_recall@1", round(recall), "seconds", math.Round(time.Since(start).Seconds()))
		if t.o.Checkpoint != nil {
			if err := t.o.Checkpoint(&State{Epoch: t.epoch + 1, Vectors: t.vectors, Squares: t.squares}); err != nil {
				return fmt.Errorf("write the checkpoint: %w", err)
			}
		}
	}
	return nil
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// batches shuffles the examples and joins some sentences to passages, each
// facing one of its own sentences: questions are short and passages long, and
// training on sentences alone never shows the model that.
func (t *trainer) batches(rng *rand.Rand, examples []example) [][]example {
	order := slices.Clone(examples)
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	const most = 6 // sentences in a passage
	last := make([]int, 0, most)
	for i := range order {
		if order[i].term {
			continue
		}
		if rng.Float64() < t.o.Passages && len(last) >= 2 {
			n := 1 + rng.IntN(len(last))
			target := slices.Clone(order[i].target)
			source := slices.Clone(order[i].source)
			for _, j := range last[len(last)-n:] {
				target = append(target, examples[j].target...)
				source = append(source, examples[j].source...)
			}
			if rng.IntN(2) == 0 {
				order[i].target = target // a question against a passage
			} else {
				order[i].source = source
				order[i].taught = nil // the teacher has read the sentence alone
			}
		}
		if len(last) == most {
			copy(last, last[1:])
			last = last[:most-1]
		}
		last = append(last, rng.IntN(len(examples)))
	}
	if t.o.ByFile {
		return byFile(rng, order, t.o.Batch)
	}
	return cut(nil, order, t.o.Batch)
}
