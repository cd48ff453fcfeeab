package training

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"

	"dalil/embedder/safetensors"
	"dalil/embedder/tokenizer"
)

// NewTokenizer makes the tokenizer of a vocabulary whose first piece is the
// unknown one. Its normalisation is written into tokenizer.json.
func NewTokenizer(pieces []tokenizer.Piece) (*tokenizer.Tokenizer, error) {
	return tokenizer.NewUnigram(pieces, tokenizer.UnigramOptions{
		Unknown: 0, Normalizer: tokenizer.ArabicNormalizer(), PreTokenizer: tokenizer.WordPieces(),
	})
}

// Write stores the model in the layout of the Python package model2vec:
// tokenizer.json, model.safetensors with int8 rows and their scales in the
// tensor weights, config.json. Token vectors keep their lengths: they say how
// much a token tells. All files are written beside their places and renamed last.
func (m *Static) Write(dir, name string) error {
	words, err := NewTokenizer(m.Pieces)
	if err != nil {
		return err
	}
	tokens, err := words.JSON()
	if err != nil {
		return err
	}
	n := len(m.Pieces)
	rows, scales := make([]int8, n*m.Width), make([]float32, n)
	for i := range n {
		v := m.Vectors[i*m.Width : (i+1)*m.Width]
		var most float32
		for _, x := range v {
			most = max(most, x, -x)
		}
		scales[i] = most / 127
		for j, x := range v {
			if most > 0 {
				rows[i*m.Width+j] = int8(math.RoundToEven(float64(x / scales[i])))
			}
		}
	}
	var tensors bytes.Buffer
	err = safetensors.Encode(&tensors, &safetensors.File{Tensors: map[string]safetensors.Tensor{
		"embeddings": safetensors.FromInt8(rows, n, m.Width), "weights": safetensors.FromFloat32(scales, n),
	}})
	if err != nil {
		return err
	}
	files := map[string][]byte{"tokenizer.json": tokens, "model.safetensors": tensors.Bytes()}
	digests := map[string]string{}
	for file, data := range files {
		sum := sha256.Sum256(data)
		digests[file] = hex.EncodeToString(sum[:])
	}
	config, err := json.MarshalIndent(map[string]any{
		"model_type": "model2vec", "architectures": []string{"StaticModel"}, "model_name": name, "normalize": true,
		"hidden_dim": m.Width, "seq_length": 1_000_000, "tokenizer_name": name, "sha256": digests,
	}, "", "  ")
	if err != nil {
		return err
	}
	files["config.json"] = append(config, '\n')
	return writeFiles(dir, files)
}
