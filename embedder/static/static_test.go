package static_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/safetensors"
	"dalil/embedder/static"
)

// model is the small model of testdata.
func model(t testing.TB) *static.Embedder {
	t.Helper()
	e, err := static.Load(os.DirFS("testdata/model"), static.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestLaws(t *testing.T) {
	embedtest.Run(t, func(t *testing.T) embedder.Embedder { return model(t) })
}

// TestVectorsAreModel2Vecs compares with what the Python package made of the
// same folder; scripts/check-model2vec.py writes both.
func TestVectorsAreModel2Vecs(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden []struct {
		Text   string
		Vector []float64
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden) < 12 {
		t.Fatalf("%d golden vectors, want 12 at least", len(golden))
	}
	e := model(t)
	for _, g := range golden {
		if !slices.ContainsFunc(g.Vector, func(x float64) bool { return x != 0 }) {
			g.Vector[0] = 1 // Python gives zeros where this package wants a direction
		}
		if got := cosine(embed(t, e, g.Text), g.Vector); got < 0.99999 {
			t.Errorf("%+q: cosine %.6f with model2vec's vector, want 1", g.Text, got)
		}
	}
}

func embed(t testing.TB, e *static.Embedder, text string) corpus.Vector {
	t.Helper()
	answer, err := e.Embed(t.Context(), embedder.Query, []string{text})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Vectors[0]
}

func cosine[A, B float32 | float64](a []A, b []B) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

// tiny is a model of the words a, b and c with the unknown piece 0.
type tiny struct {
	tensors   map[string]safetensors.Tensor
	config    string
	tokenizer string
}

func newTiny() *tiny {
	return &tiny{
		tensors:   map[string]safetensors.Tensor{"embeddings": safetensors.FromFloat32([]float32{9, 9, 1, 0, 0, 1, 3, 4}, 4, 2)},
		config:    `{"normalize": true}`,
		tokenizer: `{"model":{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"a":1,"b":2,"c":3}},"pre_tokenizer":{"type":"Whitespace"}}`,
	}
}

func (m *tiny) files(t testing.TB) fstest.MapFS {
	t.Helper()
	var b bytes.Buffer
	if err := safetensors.Encode(&b, &safetensors.File{Tensors: m.tensors}); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"config.json":       {Data: []byte(m.config)},
		"tokenizer.json":    {Data: []byte(m.tokenizer)},
		"model.safetensors": {Data: b.Bytes()},
	}
}

func TestTensorsOfEveryKind(t *testing.T) {
	half := func(h ...uint16) (data []byte) {
		for _, x := range h {
			data = append(data, byte(x), byte(x>>8))
		}
		return data
	}
	for _, test := range []struct {
		name   string
		change func(*tiny)
		text   string
		want   []float64 // a direction
		tokens int
	}{
		{"floats", func(*tiny) {}, "a b", []float64{1, 1}, 2},
		{"a token twice counts twice", func(*tiny) {}, "a a b", []float64{2, 1}, 3},
		{"the unknown piece has no part", func(*tiny) {}, "c zzz zzz", []float64{3, 4}, 1},
		{"nothing known", func(*tiny) {}, "zzz", []float64{1, 0}, 0},
		{"nothing at all", func(*tiny) {}, "", []float64{1, 0}, 0},
		{"weights", func(m *tiny) {
			m.tensors["weights"] = safetensors.FromFloat32([]float32{1, 2, 6, 1}, 4)
		}, "a b", []float64{1, 3}, 2},
		{"bytes with weights", func(m *tiny) {
			m.tensors["embeddings"] = safetensors.FromInt8([]int8{0, 0, 127, 0, 0, -127, 3, 4}, 4, 2)
			m.tensors["weights"] = safetensors.FromFloat32([]float32{1, 0.5, 0.25, 1}, 4)
		}, "a b", []float64{2, -1}, 2},
		{"a mapping of tokens to rows", func(m *tiny) {
			m.tensors["embeddings"] = safetensors.FromFloat32([]float32{1, 0, 0, 1}, 2, 2)
			m.tensors["mapping"] = safetensors.Tensor{DType: safetensors.I32, Shape: []int{4}, Data: []byte{0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}}
			m.tensors["weights"] = safetensors.FromFloat32([]float32{1, 1, 2, 1}, 4)
		}, "a b c", []float64{1, 3}, 3},
		{"half precision", func(m *tiny) {
			m.tensors["embeddings"] = safetensors.Tensor{DType: safetensors.F16, Shape: []int{4, 2}, Data: half(0, 0, 0x3c00, 0, 0, 0xc000, 0, 0)}
		}, "a b", []float64{1, -2}, 2},
		{"vectors that cancel out", func(m *tiny) {
			m.tensors["embeddings"] = safetensors.FromFloat32([]float32{0, 0, 1, 2, -1, -2, 0, 0}, 4, 2)
		}, "a b", []float64{1, 0}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newTiny()
			test.change(m)
			e, err := static.Load(m.files(t), static.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := embed(t, e, test.text); cosine(got, test.want) < 0.999999 {
				t.Errorf("%q: %v, want the direction %v", test.text, got, test.want)
			}
			if n := e.Tokens(test.text); n != test.tokens {
				t.Errorf("%q: %d tokens, want %d", test.text, n, test.tokens)
			}
		})
	}
}

func TestLoadReadsTheSentenceTransformersLayouts(t *testing.T) {
	for _, folder := range []string{"", "0_StaticEmbedding/"} {
		m := newTiny()
		m.tensors = map[string]safetensors.Tensor{"embedding.weight": m.tensors["embeddings"]}
		files := m.files(t)
		moved := fstest.MapFS{"config_sentence_transformers.json": files["config.json"]}
		for _, name := range []string{"tokenizer.json", "model.safetensors"} {
			moved[folder+name] = files[name]
		}
		e, err := static.Load(moved, static.Options{})
		if err != nil {
			t.Errorf("files in %q: %v", folder, err)
			continue
		}
		if got := embed(t, e, "c"); cosine(got, []float64{3, 4}) < 0.999999 {
			t.Errorf("files in %q: %v, want the direction of 3, 4", folder, got)
		}
	}
}

func TestModelNamesItself(t *testing.T) {
	m := newTiny()
	m.config = `{"model_name": "little"}`
	files := m.files(t)
	load := func(o static.Options) embedder.Model {
		t.Helper()
		e, err := static.Load(files, o)
		if err != nil {
			t.Fatal(err)
		}
		return e.Model()
	}
	first := load(static.Options{})
	if first.Name != "little" || first.Dimensions != 2 || first.MaxTokens != 0 || len(first.Revision) != 16 {
		t.Errorf("model %+v", first)
	}
	if named := load(static.Options{Name: "other"}); named.Name != "other" || named.Revision != first.Revision {
		t.Errorf("renamed model %+v, want another name and revision %s", named, first.Revision)
	}
	m.tensors["weights"] = safetensors.FromFloat32([]float32{1, 1, 2, 1}, 4)
	files = m.files(t)
	if changed := load(static.Options{}); changed.Revision == first.Revision {
		t.Error("other weights have the same revision")
	}
}

func TestLoadRefuses(t *testing.T) {
	nan := float32(math.NaN())
	for _, test := range []struct {
		name   string
		change func(*tiny)
		files  func(fstest.MapFS)
		want   string
	}{
		{"a missing file", nil, func(f fstest.MapFS) { delete(f, "tokenizer.json") }, "tokenizer.json"},
		{"a config that is not JSON", func(m *tiny) { m.config = "{" }, nil, "config.json"},
		{"a bad tokenizer", func(m *tiny) { m.tokenizer = `{}` }, nil, "tokenizer.json"},
		{"truncated tensors", nil, func(f fstest.MapFS) {
			f["model.safetensors"].Data = f["model.safetensors"].Data[:len(f["model.safetensors"].Data)-3]
		}, "model.safetensors"},
		{"no vectors", func(m *tiny) { m.tensors = map[string]safetensors.Tensor{} }, nil, `no tensor "embeddings"`},
		{"a row too few", func(m *tiny) { m.tensors["embeddings"] = safetensors.FromFloat32(make([]float32, 6), 3, 2) }, nil, "3 vectors for the tokenizer's 4"},
		{"a row too many", func(m *tiny) { m.tensors["embeddings"] = safetensors.FromFloat32(make([]float32, 10), 5, 2) }, nil, "5 vectors for the tokenizer's 4"},
		{"vectors of no width", func(m *tiny) { m.tensors["embeddings"] = safetensors.FromFloat32(nil, 4, 0) }, nil, "0 dimensions"},
		{"a flat table", func(m *tiny) { m.tensors["embeddings"] = safetensors.FromFloat32(make([]float32, 8), 8) }, nil, "shape"},
		{"integers that are no bytes", func(m *tiny) {
			m.tensors["embeddings"] = safetensors.Tensor{DType: safetensors.I32, Shape: []int{4, 2}, Data: make([]byte, 32)}
		}, nil, "is I32"},
		{"a number that is none", func(m *tiny) {
			m.tensors["embeddings"] = safetensors.FromFloat32([]float32{0, 0, 0, nan, 0, 0, 0, 0}, 4, 2)
		}, nil, "element 3 is NaN"},
		{"too few weights", func(m *tiny) { m.tensors["weights"] = safetensors.FromFloat32([]float32{1}, 1) }, nil, `"weights"`},
		{"a weight that is not a number", func(m *tiny) { m.tensors["weights"] = safetensors.FromFloat32([]float32{1, nan, 1, 1}, 4) }, nil, `"weights"`},
		{"a mapping out of the table", func(m *tiny) {
			m.tensors["mapping"] = safetensors.Tensor{DType: safetensors.I32, Shape: []int{4}, Data: append(make([]byte, 12), 9, 0, 0, 0)}
		}, nil, "token 3 has row 9 of 4"},
		{"a mapping just out of the table", func(m *tiny) {
			m.tensors["mapping"] = safetensors.Tensor{DType: safetensors.I32, Shape: []int{4}, Data: append(make([]byte, 12), 4, 0, 0, 0)}
		}, nil, "token 3 has row 4 of 4"},
		{"a mapping below the table", func(m *tiny) {
			m.tensors["mapping"] = safetensors.Tensor{DType: safetensors.I32, Shape: []int{4}, Data: append(make([]byte, 12), 255, 255, 255, 255)}
		}, nil, "token 3 has row -1 of 4"},
		{"a mapping of floats", func(m *tiny) { m.tensors["mapping"] = safetensors.FromFloat32(make([]float32, 4), 4) }, nil, `"mapping"`},
		{"a digest that is not the file's", func(m *tiny) { m.config = `{"sha256": {"tokenizer.json": "00"}}` }, nil, "SHA-256"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newTiny()
			if test.change != nil {
				test.change(m)
			}
			files := m.files(t)
			if test.files != nil {
				test.files(files)
			}
			_, err := static.Load(files, static.Options{})
			if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("error %v, want %v naming %q", err, corpus.ErrInvalid, test.want)
			}
		})
	}
}

func TestLoadHoldsFilesToTheirDigests(t *testing.T) {
	m := newTiny()
	sums := map[string]string{}
	for _, name := range []string{"tokenizer.json", "model.safetensors"} {
		sum := sha256.Sum256(m.files(t)[name].Data)
		sums[name] = hex.EncodeToString(sum[:])
	}
	config, err := json.Marshal(map[string]any{"sha256": sums})
	if err != nil {
		t.Fatal(err)
	}
	m.config = string(config)
	if _, err := static.Load(m.files(t), static.Options{}); err != nil {
		t.Errorf("the right digests: %v", err)
	}
	files := m.files(t)
	data := files["model.safetensors"].Data
	data[len(data)-1] ^= 1
	if _, err := static.Load(files, static.Options{}); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("one bit turned: %v, want %v", err, corpus.ErrInvalid)
	}
}

func TestNoGarbageButTheVectors(t *testing.T) {
	e := model(t)
	texts := []string{strings.Repeat("التعاون بين الشعوب، and trade! ", 200)}
	n := testing.AllocsPerRun(20, func() {
		if _, err := e.Embed(t.Context(), embedder.Passage, texts); err != nil {
			t.Fatal(err)
		}
	})
	// The answer, its vector, and what the pools lose to the collector.
	if tokens := e.Tokens(texts[0]); n > float64(tokens)/100 {
		t.Errorf("%v allocations for a text of %d tokens", n, tokens)
	}
}

func FuzzLoad(f *testing.F) {
	files := newTiny().files(f)
	f.Add(files["config.json"].Data, files["tokenizer.json"].Data, files["model.safetensors"].Data, "a b")
	f.Fuzz(func(t *testing.T, config, tokenizer, tensors []byte, text string) {
		var fsys fs.FS = fstest.MapFS{
			"config.json": {Data: config}, "tokenizer.json": {Data: tokenizer}, "model.safetensors": {Data: tensors},
		}
		e, err := static.Load(fsys, static.Options{})
		if err != nil {
			if !errors.Is(err, corpus.ErrInvalid) {
				t.Errorf("error %v is not %v", err, corpus.ErrInvalid)
			}
			return
		}
		v := embed(t, e, text)
		var squares float64
		for _, x := range v {
			squares += float64(x) * float64(x)
		}
		if len(v) != e.Model().Dimensions || math.Abs(squares-1) > 1e-3 {
			t.Errorf("%q: a vector of %d dimensions and squared length %v", text, len(v), squares)
		}
	})
}
