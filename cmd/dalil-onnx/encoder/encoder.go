// Package encoder makes vectors of texts with a transformer that the caller
// runs: it counts tokens, builds padded batches, pools and makes unit length.
// Start at [New].
package encoder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dalil/cmd/dalil-onnx/ort"
	"dalil/embedder/tokenizer"
)

// ErrModel is matched by errors about a model that is not a text encoder.
var ErrModel = errors.New("the model can't be used")

// Runner runs the model; *ort.Session is one.
type Runner interface {
	Inputs() []ort.Port
	Outputs() []ort.Port
	Run(ctx context.Context, inputs []ort.Tensor, output string) (data []float32, shape []int64, err error)
}

// Options say how the model is used; all come from [Read] and the user.
type Options struct {
	Pooling   Pooling
	MaxTokens int // of one text, special tokens included
	// BatchTokens bounds a run: texts × tokens of the longest. A longer text
	// runs alone.
	BatchTokens int
	// Alone runs every text by itself. Models that choose their int8 scales
	// while they run need it: a text's vector would depend on its neighbours.
	Alone bool
}

// Encoder is a model ready for use, safe for concurrent use.
type Encoder struct {
	runner  Runner
	words   *tokenizer.Tokenizer
	options Options
	output  string
	pooled  bool // the model pools by itself
	pad     int64
	inputs  []string
	width   int
}

// New checks that the model is a text encoder and runs it once.
func New(ctx context.Context, runner Runner, words *tokenizer.Tokenizer, options Options) (*Encoder, error) {
	if options.MaxTokens < 1 || options.BatchTokens < 1 {
		return nil, fmt.Errorf("%w: max tokens %d and batch tokens %d must be 1 or more", ErrModel, options.MaxTokens, options.BatchTokens)
	}
	e := &Encoder{runner: runner, words: words, options: options}
	for _, port := range runner.Inputs() {
		if !slices.Contains([]string{inputIDs, inputMask, inputTypes, inputPositions}, port.Name) || !port.Integers() {
			return nil, fmt.Errorf("%w: it wants an input %q of type %d; a text encoder wants input_ids, attention_mask, token_type_ids and position_ids of int64",
				ErrModel, port.Name, port.Type)
		}
		e.inputs = append(e.inputs, port.Name)
	}
	if !slices.Contains(e.inputs, inputIDs) {
		return nil, fmt.Errorf("%w: it has no input input_ids", ErrModel)
	}
	if err := e.chooseOutput(); err != nil {
		return nil, err
	}
	for _, piece := range []string{"[PAD]", "<pad>"} {
		if id, ok := words.ID(piece); ok {
			e.pad = int64(id)
			break
		}
	}
	probe := e.words.AppendIDsSpecial(nil, "a")
	if len(probe) == 0 {
		return nil, fmt.Errorf("%w: its tokenizer gives the letter a no token", ErrModel)
	}
	vectors, err := e.run(ctx, [][]int32{probe})
	if err != nil {
		return nil, err
	}
	e.width = len(vectors[0])
	return e, nil
}

// chooseOutput takes an output of whole-text vectors where pooling is left to
// the model, else one of token vectors.
func (e *Encoder) chooseOutput() error {
	var names []string
	best := 0
	for _, port := range e.runner.Outputs() {
		names = append(names, port.Name)
		rank := len(port.Shape)
		if !port.Floats() || rank != 2 && rank != 3 || rank == 2 && e.options.Pooling != Auto {
			continue
		}
		score := 1
		switch {
		case rank == 2 && port.Name == "sentence_embedding":
			score = 4
		case rank == 3 && (port.Name == "last_hidden_state" || port.Name == "token_embeddings"):
			score = 3
		case rank == 3:
			score = 2
		}
		if score > best {
			best, e.output, e.pooled = score, port.Name, rank == 2
		}
	}
	if best == 0 {
		return fmt.Errorf("%w: none of its outputs (%s) holds float32 vectors of tokens", ErrModel, strings.Join(names, ", "))
	}
	if e.options.Pooling == Auto {
		e.options.Pooling = Mean
	}
	return nil
}

// Width is the number of dimensions.
func (e *Encoder) Width() int { return e.width }

// MaxTokens is the longest text that Embed takes, special tokens included.
func (e *Encoder) MaxTokens() int { return e.options.MaxTokens }

// How describes in words what is done with the model's output.
func (e *Encoder) How() string {
	if e.pooled {
		return "output " + e.output + ", pooled by the model"
	}
	return fmt.Sprintf("output %s, %v pooling", e.output, e.options.Pooling)
}

// TooLongError names the texts that the model can't read whole.
type TooLongError struct {
	Limit   int
	Indexes []int
	Tokens  []int
}

func (t *TooLongError) Error() string {
	const named = 10
	var parts []string
	for i := range min(len(t.Indexes), named) {
		parts = append(parts, fmt.Sprintf("text %d has %d", t.Indexes[i], t.Tokens[i]))
	}
	if more := len(t.Indexes) - named; more > 0 {
		parts = append(parts, fmt.Sprintf("%d others are too long", more))
	}
	return fmt.Sprintf("the model takes %d tokens a text: %s; nothing is ever cut off, so split them", t.Limit, strings.Join(parts, ", "))
}

// ErrNoTokens is a text that the tokenizer gives no token at all.
var ErrNoTokens = errors.New("has no tokens")

// Embed gives one unit vector a text, in their order, and the number of tokens
// read. A text over the limit fails the call with a *TooLongError.
func (e *Encoder) Embed(ctx context.Context, texts []string) (vectors [][]float32, tokens int, err error) {
	ids := make([][]int32, len(texts))
	long := &TooLongError{Limit: e.options.MaxTokens}
	for i, text := range texts {
		ids[i] = e.words.AppendIDsSpecial(nil, text)
		switch n := len(ids[i]); {
		case n == 0:
			return nil, 0, fmt.Errorf("text %d %w", i, ErrNoTokens)
		case n > e.options.MaxTokens:
			long.Indexes, long.Tokens = append(long.Indexes, i), append(long.Tokens, n)
		}
		tokens += len(ids[i])
	}
	if len(long.Indexes) > 0 {
		return nil, 0, long
	}
	// Texts of similar length are in one run, so that little is padded.
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(ids[a]), len(ids[b])) })
	vectors = make([][]float32, len(texts))
	for len(order) > 0 {
		n := e.batch(ids, order)
		group := make([][]int32, n)
		for i, at := range order[:n] {
			group[i] = ids[at]
		}
		part, err := e.run(ctx, group)
		if err != nil {
			return nil, 0, err
		}
		for i, at := range order[:n] {
			vectors[at] = part[i]
		}
		order = order[n:]
	}
	return vectors, tokens, nil
}

// batch is how many of the texts run next; they are in order of rising length.
func (e *Encoder) batch(ids [][]int32, order []int) int {
	if e.options.Alone {
		return 1
	}
	n := 1
	for n < len(order) && (n+1)*len(ids[order[n]]) <= e.options.BatchTokens {
		n++
	}
	return n
}
