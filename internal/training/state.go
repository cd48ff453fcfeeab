package training

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"dalil/embedder/safetensors"
)

// Write stores the state; a process that ends meanwhile leaves the old file.
func (s *State) Write(path string) error {
	var b bytes.Buffer
	err := safetensors.Encode(&b, &safetensors.File{
		Metadata: map[string]string{"epoch": strconv.Itoa(s.Epoch)},
		Tensors: map[string]safetensors.Tensor{
			"vectors": safetensors.FromFloat32(s.Vectors, len(s.Vectors)), "squares": safetensors.FromFloat32(s.Squares, len(s.Squares)),
		},
	})
	if err != nil {
		return err
	}
	return WriteFile(path, b.Bytes())
}

// ReadState reads a state; nil where there is no file.
func ReadState(path string) (*State, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("checkpoint %s: %w", path, err)
	}
	s := &State{}
	if s.Epoch, err = strconv.Atoi(f.Metadata["epoch"]); err != nil {
		return nil, fmt.Errorf("checkpoint %s: epoch: %w", path, err)
	}
	if s.Vectors, err = f.Tensors["vectors"].Floats(); err != nil {
		return nil, fmt.Errorf("checkpoint %s: vectors: %w", path, err)
	}
	if s.Squares, err = f.Tensors["squares"].Floats(); err != nil {
		return nil, fmt.Errorf("checkpoint %s: squares: %w", path, err)
	}
	return s, nil
}
