package encoder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dalil/embedder/tokenizer"
)

// Folder is what a model's folder says, in the layout of Hugging Face.
type Folder struct {
	File      string // the model itself
	Words     *tokenizer.Tokenizer
	Pooling   Pooling // of 1_Pooling/config.json; Auto: not given in the folder
	MaxTokens int     // 0: not given in the folder
	// Dynamic: the model chooses int8 scales while it runs; see Options.Alone.
	Dynamic bool
}

// Read reads all but the model. file names the model below the folder; empty:
// model.onnx or onnx/model.onnx. Errors name the file that is at fault.
func Read(folder, file string) (Folder, error) {
	f := Folder{File: filepath.Join(folder, file)}
	if file == "" {
		f.File = filepath.Join(folder, "model.onnx")
		if below := filepath.Join(folder, "onnx", "model.onnx"); !exists(f.File) && exists(below) {
			f.File = below
		}
	}
	if !exists(f.File) {
		return f, fmt.Errorf("%w: %s is not a file: give the folder of a model exported to ONNX, and --file where it is not called model.onnx", ErrModel, f.File)
	}
	path := filepath.Join(folder, "tokenizer.json")
	data, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("%w: %s: %w; put the tokenizer.json of the model beside it", ErrModel, path, errors.Unwrap(err))
	}
	if f.Words, err = tokenizer.Load(data); err != nil {
		return f, fmt.Errorf("%w: %s: %w", ErrModel, path, err)
	}
	if f.Dynamic, err = contains(f.File, "DynamicQuantizeLinear"); err != nil {
		return f, err
	}
	return f, f.settings(folder)
}

// settings reads the small files that may be there.
func (f *Folder) settings(folder string) error {
	var sentence struct {
		MaxTokens int `json:"max_seq_length"`
	}
	var model struct {
		Positions int    `json:"max_position_embeddings"`
		Pad       int    `json:"pad_token_id"`
		Type      string `json:"model_type"`
	}
	var pooling struct {
		Mean bool `json:"pooling_mode_mean_tokens"`
		CLS  bool `json:"pooling_mode_cls_token"`
		Max  bool `json:"pooling_mode_max_tokens"`
		Root bool `json:"pooling_mode_mean_sqrt_len_tokens"`
		Last bool `json:"pooling_mode_lasttoken"`
	}
	for name, to := range map[string]any{
		"sentence_bert_config.json": &sentence, "config.json": &model, filepath.Join("1_Pooling", "config.json"): &pooling,
	} {
		path := filepath.Join(folder, name)
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = json.Unmarshal(data, to)
		}
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrModel, path, err)
		}
	}
	if f.MaxTokens = sentence.MaxTokens; f.MaxTokens == 0 {
		f.MaxTokens = model.Positions
		if model.Type == "xlm-roberta" || model.Type == "roberta" || model.Type == "camembert" {
			f.MaxTokens -= model.Pad + 1 // their positions begin behind the padding's number
		}
	}
	switch {
	case pooling.Max || pooling.Root || pooling.Last || pooling.Mean && pooling.CLS:
		return fmt.Errorf("%w: %s asks for a pooling other than mean or cls", ErrModel, filepath.Join(folder, "1_Pooling", "config.json"))
	case pooling.Mean:
		f.Pooling = Mean
	case pooling.CLS:
		f.Pooling = CLS
	}
	return nil
}

func exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// contains looks for a word in a file that may be large.
func contains(path, word string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	buffer := make([]byte, 1<<20)
	kept := 0
	for {
		n, err := f.Read(buffer[kept:])
		seen := buffer[:kept+n]
		if bytes.Contains(seen, []byte(word)) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(buffer, seen[max(0, len(seen)-len(word)+1):])
	}
}
