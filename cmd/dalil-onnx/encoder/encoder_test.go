package encoder_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dalil/cmd/dalil-onnx/encoder"
	"dalil/cmd/dalil-onnx/ort"
	"dalil/embedder/tokenizer"
)

const tiny = "../testdata/tiny"

// fake runs a model that writes each token's number, its type and its place:
// what is read under the mask shows in the pooled vector.
type fake struct {
	inputs  []string
	outputs []ort.Port
	runs    []int // rows of each
	most    int   // rows × columns of the largest
	answer  func(rows, columns int) ([]float32, []int64)
}

func (f *fake) Inputs() (ports []ort.Port) {
	for _, name := range f.inputs {
		ports = append(ports, ort.Port{Name: name, Type: 7, Shape: []int64{-1, -1}})
	}
	return ports
}

func (f *fake) Outputs() []ort.Port { return f.outputs }

func (f *fake) Run(_ context.Context, inputs []ort.Tensor, _ string) ([]float32, []int64, error) {
	rows, columns := inputs[0].Rows, inputs[0].Columns
	f.runs, f.most = append(f.runs, rows), max(f.most, rows*columns)
	if f.answer != nil {
		data, shape := f.answer(rows, columns)
		return data, shape, nil
	}
	byName := map[string][]int64{}
	for _, in := range inputs {
		byName[in.Name] = in.Data
	}
	var data []float32
	for i, id := range byName["input_ids"] {
		kind, mask := int64(0), byName["attention_mask"][i]
		if types := byName["token_type_ids"]; types != nil {
			kind = types[i]
		}
		if mask == 0 && id != 0 {
			return nil, nil, fmt.Errorf("padding has the number %d", id)
		}
		data = append(data, float32(id), float32(kind)*1000, 1+float32(id*id)/8)
	}
	return data, []int64{int64(rows), int64(columns), 3}, nil
}

func tokens(name string) ort.Port { return ort.Port{Name: name, Type: 1, Shape: []int64{-1, -1, 3}} }

func newFake() *fake {
	return &fake{inputs: []string{"input_ids", "attention_mask", "token_type_ids"}, outputs: []ort.Port{tokens("last_hidden_state")}}
}

func words(t testing.TB) *tokenizer.Tokenizer {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(tiny, "tokenizer.json"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := tokenizer.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The vector of a text does not depend on the other texts of a run; no run is
// larger than allowed.
func TestNeighboursDoNotMatter(t *testing.T) {
	w := words(t)
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.Custom(func(r *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"river", "stones", "سلام", "unknown", "rivers"}), 0, 7).Draw(r, "words"), " ")
		})
		texts := rapid.SliceOfN(text, 0, 20).Draw(r, "texts")
		f := newFake()
		o := encoder.Options{
			Pooling: rapid.SampledFrom([]encoder.Pooling{encoder.Auto, encoder.Mean, encoder.CLS}).Draw(r, "pooling"), MaxTokens: 40,
			BatchTokens: rapid.IntRange(1, 60).Draw(r, "batch"), Alone: rapid.Bool().Draw(r, "alone"),
		}
		e, err := encoder.New(t.Context(), f, w, o)
		if err != nil {
			r.Fatal(err)
		}
		f.runs, f.most = nil, 0
		got, n, err := e.Embed(t.Context(), texts)
		if err != nil || len(got) != len(texts) {
			r.Fatalf("%d vectors for %d texts, error %v", len(got), len(texts), err)
		}
		longest, sum := 0, 0
		for i, text := range texts {
			one, m, err := e.Embed(t.Context(), []string{text})
			if err != nil || !slices.Equal(one[0], got[i]) {
				r.Fatalf("%q: %v alone, %v among others (error %v)", text, one, got[i], err)
			}
			longest, sum = max(longest, m), sum+m
		}
		if n != sum {
			r.Errorf("%d tokens, want %d", n, sum)
		}
		if f.most > max(o.BatchTokens, longest) {
			r.Errorf("a run of %d tokens, more than %d", f.most, o.BatchTokens)
		}
		if o.Alone && slices.ContainsFunc(f.runs, func(rows int) bool { return rows > 1 }) {
			r.Errorf("runs of %v texts, want each alone", f.runs)
		}
	})
}

func TestLongTextsAreNamed(t *testing.T) {
	e, err := encoder.New(t.Context(), newFake(), words(t), encoder.Options{MaxTokens: 4, BatchTokens: 100})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = e.Embed(t.Context(), []string{"river", "river river", "river river river", "a b c d"})
	var long *encoder.TooLongError
	if !errors.As(err, &long) || !slices.Equal(long.Indexes, []int{2, 3}) || !slices.Equal(long.Tokens, []int{5, 6}) || long.Limit != 4 {
		t.Errorf("got %v, want texts 2 and 3 with 5 and 6 tokens of 4", err)
	}
}

func TestModelsThatAreNoEncoders(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*fake)
		says   string
	}{
		"an image":      {func(f *fake) { f.inputs = []string{"pixel_values"} }, "pixel_values"},
		"no ids":        {func(f *fake) { f.inputs = []string{"attention_mask"} }, "input_ids"},
		"no vectors":    {func(f *fake) { f.outputs = []ort.Port{{Name: "logits", Type: 7, Shape: []int64{-1, 2}}} }, "logits"},
		"a zero vector": {func(f *fake) { f.answer = constant(0) }, "zero"},
		"not a number":  {func(f *fake) { f.answer = constant(float32(math.NaN())) }, "finite"},
		"an odd shape": {func(f *fake) {
			f.answer = func(int, int) ([]float32, []int64) { return make([]float32, 7), []int64{7} }
		}, "shape"},
		"no numbers": {func(f *fake) { f.answer = func(int, int) ([]float32, []int64) { return nil, []int64{1, 3, 0} } }, "shape"},
		"fewer tokens": {func(f *fake) {
			f.answer = func(int, int) ([]float32, []int64) { return make([]float32, 6), []int64{1, 2, 3} }
		}, "shape"},
		"another length": {func(f *fake) {
			f.answer = func(int, int) ([]float32, []int64) { return make([]float32, 6), []int64{2, 3, 1} }
		}, "shape"},
	} {
		f := newFake()
		test.change(f)
		if _, err := encoder.New(t.Context(), f, words(t), encoder.Options{MaxTokens: 8, BatchTokens: 8}); !errors.Is(err, encoder.ErrModel) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, want one that names %q", name, err, test.says)
		}
	}
}

func constant(x float32) func(rows, columns int) ([]float32, []int64) {
	return func(rows, columns int) ([]float32, []int64) {
		return slices.Repeat([]float32{x}, rows*columns*3), []int64{int64(rows), int64(columns), 3}
	}
}

// A model that pools by itself is taken at its word, unless another pooling is
// asked for.
func TestOutputs(t *testing.T) {
	pooled := ort.Port{Name: "sentence_embedding", Type: 1, Shape: []int64{-1, 3}}
	for _, test := range []struct {
		outputs []ort.Port
		pooling encoder.Pooling
		how     string
	}{
		{[]ort.Port{tokens("last_hidden_state")}, encoder.Auto, "output last_hidden_state, mean pooling"},
		{[]ort.Port{tokens("hidden"), tokens("token_embeddings")}, encoder.CLS, "output token_embeddings, cls pooling"},
		{[]ort.Port{tokens("token_embeddings"), pooled}, encoder.Auto, "output sentence_embedding, pooled by the model"},
		{[]ort.Port{tokens("token_embeddings"), pooled}, encoder.Mean, "output token_embeddings, mean pooling"},
	} {
		f := newFake()
		f.outputs = test.outputs
		if strings.Contains(test.how, "by the model") {
			f.answer = func(rows, _ int) ([]float32, []int64) {
				return slices.Repeat([]float32{1, 2, 2}, rows), []int64{int64(rows), 3}
			}
		}
		e, err := encoder.New(t.Context(), f, words(t), encoder.Options{Pooling: test.pooling, MaxTokens: 8, BatchTokens: 8})
		if err != nil || e.How() != test.how {
			t.Errorf("got %v (error %v), want %s", e, err, test.how)
		}
	}
}

func TestRead(t *testing.T) {
	f, err := encoder.Read(tiny, "")
	if err != nil || f.MaxTokens != 6 || f.Pooling != encoder.Mean || f.Dynamic {
		t.Errorf("got %+v, error %v", f, err)
	}
	for name, test := range map[string]struct {
		files map[string]string
		says  string
		check func(encoder.Folder) bool
	}{
		"empty":             {nil, "model.onnx", nil},
		"no tokenizer":      {map[string]string{"model.onnx": "x"}, "tokenizer.json", nil},
		"a bad tokenizer":   {map[string]string{"model.onnx": "x", "tokenizer.json": "{}"}, "tokenizer.json", nil},
		"a bad setting":     {map[string]string{"model.onnx": "x", "tokenizer.json": "", "config.json": "["}, "config.json", nil},
		"another pooling":   {map[string]string{"model.onnx": "x", "tokenizer.json": "", "1_Pooling/config.json": `{"pooling_mode_max_tokens":true}`}, "1_Pooling", nil},
		"below onnx":        {map[string]string{"onnx/model.onnx": "x", "tokenizer.json": ""}, "", func(f encoder.Folder) bool { return f.MaxTokens == 0 }},
		"positions of bert": {map[string]string{"model.onnx": "x", "tokenizer.json": "", "config.json": `{"max_position_embeddings":512}`}, "", func(f encoder.Folder) bool { return f.MaxTokens == 512 }},
		"positions of XLM-R": {
			map[string]string{"model.onnx": "x", "tokenizer.json": "", "config.json": `{"max_position_embeddings":514,"pad_token_id":1,"model_type":"xlm-roberta"}`},
			"",
			func(f encoder.Folder) bool { return f.MaxTokens == 512 },
		},
		"dynamic int8": {map[string]string{"model.onnx": strings.Repeat("x", 1<<20-5) + "DynamicQuantizeLinear", "tokenizer.json": ""}, "", func(f encoder.Folder) bool { return f.Dynamic }},
	} {
		dir := t.TempDir()
		for file, text := range test.files {
			if file == "tokenizer.json" && text == "" {
				data, err := os.ReadFile(filepath.Join(tiny, file))
				if err != nil {
					t.Fatal(err)
				}
				text = string(data)
			}
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		f, err := encoder.Read(dir, "")
		switch {
		case test.check != nil && (err != nil || !test.check(f)):
			t.Errorf("%s: got %+v, error %v", name, f, err)
		case test.check == nil && (!errors.Is(err, encoder.ErrModel) || !strings.Contains(err.Error(), test.says)):
			t.Errorf("%s: error %v, want one that names %q", name, err, test.says)
		}
	}
}
