package static

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"slices"

	"dalil/corpus"
	"dalil/embedder/safetensors"
	"dalil/embedder/tokenizer"
)

// Options name a model; the zero value works.
type Options struct {
	Name string // for Model.Name; empty: the config's model_name, else "static"
}

// layout is one way in which model2vec lays out a folder.
type layout struct {
	folder, config string
	tensor         string // of the vectors
}

// layouts are tried in order, as model2vec does.
var layouts = []layout{
	{".", "config.json", "embeddings"},
	{".", "config_sentence_transformers.json", "embedding.weight"},
	{"0_StaticEmbedding", "../config_sentence_transformers.json", "embedding.weight"},
}

// The limits of a model's files, in bytes.
const (
	maxModel  = 4 << 30
	maxConfig = 1 << 20
)

// method is part of every revision: it changes when this package makes other
// vectors of the same files.
const method = "static/1"

// config are the fields of config.json that matter here. Others are the
// trainer's notes. normalize is ignored: vectors always have unit length here.
type config struct {
	Name string `json:"model_name"`
	// SHA256 has the digests of the other files by name, in hexadecimal. dalil-train
	// writes them. A file without a digest is not checked.
	SHA256 map[string]string `json:"sha256"`
}

// foreignLetter is a letter that no vocabulary has, because Unicode gives it no meaning.
const foreignLetter = "\uE000"

// Load reads the folder of a model: tokenizer.json, model.safetensors (the
// tensor embeddings [vocabulary, dimensions] of int8 or floats, and, if there,
// weights [vocabulary] and mapping [vocabulary], the row of each token) and
// config.json. Texts are never truncated, as in model2vec with max_length
// None. Errors name the file and wrap corpus.ErrInvalid.
func Load(fsys fs.FS, o Options) (*Embedder, error) {
	l, err := findLayout(fsys)
	if err != nil {
		return nil, err
	}
	var c config
	data, err := read(fsys, path.Join(l.folder, l.config), maxConfig)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, invalid(l.config, err)
	}
	digest := sha256.New()
	digest.Write([]byte(method))
	data, err = c.readChecked(fsys, l.folder, "tokenizer.json", tokenizer.MaxFile, digest)
	if err != nil {
		return nil, err
	}
	e := &Embedder{unknown: -1}
	if e.tokens, err = tokenizer.Load(data); err != nil {
		return nil, invalid("tokenizer.json", err)
	}
	if id, ok := e.tokens.Unknown(); ok {
		e.unknown = id
		e.start = slices.DeleteFunc(e.tokens.AppendIDs(nil, foreignLetter), func(id int32) bool { return id == e.unknown })
	}
	data, err = c.readChecked(fsys, l.folder, "model.safetensors", maxModel, digest)
	if err != nil {
		return nil, err
	}
	if err := e.readTensors(data, l.tensor); err != nil {
		return nil, invalid("model.safetensors", err)
	}
	e.scratch.New = func() any { return new([]int32) }
	e.model.Name = o.Name
	if e.model.Name == "" {
		e.model.Name = c.Name
	}
	if e.model.Name == "" {
		e.model.Name = "static"
	}
	e.model.Revision = hex.EncodeToString(digest.Sum(nil)[:8])
	return e, nil
}

func (e *Embedder) readTensors(data []byte, name string) error {
	f, err := safetensors.Parse(data)
	if err != nil {
		return err
	}
	floats := []safetensors.DType{safetensors.F32, safetensors.F16, safetensors.BF16, safetensors.F64}
	vectors, err := f.Tensor(name, []int{-1, -1}, append(floats, safetensors.I8)...)
	if err != nil {
		return err
	}
	if e.rows, err = newMatrix(vectors); err != nil {
		return fmt.Errorf("tensor %q: %w", name, err)
	}
	e.model.Dimensions = vectors.Shape[1]
	size := e.tokens.Size()
	e.factors = make([]factors, size)
	for id := range e.factors {
		e.factors[id].weight = 1
	}
	if _, ok := f.Tensors["weights"]; ok {
		t, err := f.Tensor("weights", []int{size}, floats...)
		if err != nil {
			return err
		}
		weights, err := finite(t)
		if err != nil {
			return fmt.Errorf("tensor \"weights\": %w", err)
		}
		for id, weight := range weights {
			e.factors[id].weight = weight
		}
	}
	if _, ok := f.Tensors["mapping"]; ok {
		t, err := f.Tensor("mapping", []int{size})
		if err != nil {
			return err
		}
		return e.readMapping(t)
	}
	if e.rows.rows() != size {
		return fmt.Errorf("%w: %d vectors for the tokenizer's %d tokens", corpus.ErrInvalid, e.rows.rows(), size)
	}
	return nil
}

func (e *Embedder) readMapping(t safetensors.Tensor) error {
	rows, err := t.Integers()
	if err != nil {
		return fmt.Errorf("tensor \"mapping\": %w", err)
	}
	e.row = make([]int32, len(rows))
	for id, row := range rows {
		if row < 0 || row >= int64(e.rows.rows()) {
			return fmt.Errorf("%w: tensor \"mapping\": token %d has row %d of %d", corpus.ErrInvalid, id, row, e.rows.rows())
		}
		e.row[id] = int32(row)
	}
	return nil
}

// findLayout takes the first layout whose files are all there.
func findLayout(fsys fs.FS) (layout, error) {
	for _, l := range layouts {
		found := true
		for _, name := range []string{l.config, "tokenizer.json", "model.safetensors"} {
			info, err := fs.Stat(fsys, path.Join(l.folder, name))
			found = found && err == nil && !info.IsDir()
		}
		if found {
			return l, nil
		}
	}
	return layout{}, corpus.Errorf(corpus.ErrInvalid, "a static model needs config.json, tokenizer.json and model.safetensors in one folder")
}

// readChecked reads a file, adds it to digest and holds it to the config's.
func (c *config) readChecked(fsys fs.FS, folder, name string, limit int64, digest hash.Hash) ([]byte, error) {
	data, err := read(fsys, path.Join(folder, name), limit)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	if want, ok := c.SHA256[name]; ok && want != hex.EncodeToString(sum[:]) {
		return nil, corpus.Errorf(corpus.ErrInvalid, "static model: %s has SHA-256 %x, config.json says %.64q", name, sum, want)
	}
	digest.Write(sum[:])
	return data, nil
}

func read(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, &corpus.Error{Kind: corpus.ErrInvalid, Op: "static model", Cause: corpus.Foreign(err)}
	}
	if info.Size() > limit {
		return nil, corpus.Errorf(corpus.ErrInvalid, "static model: %s has %d bytes, more than %d", name, info.Size(), limit)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, &corpus.Error{Kind: corpus.ErrInvalid, Op: "static model", Cause: corpus.Foreign(err)}
	}
	return data, nil
}

func invalid(name string, err error) error {
	if errors.Is(err, corpus.ErrInvalid) {
		return fmt.Errorf("static model: %s: %w", name, err)
	}
	return &corpus.Error{Kind: corpus.ErrInvalid, Op: "static model", Thing: name, Cause: corpus.Foreign(err)}
}
