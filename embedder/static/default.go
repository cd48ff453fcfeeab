package static

import (
	"embed"
	"io/fs"
	"sync"
)

//go:embed default/tokenizer.json default/model.safetensors default/config.json
var defaultFiles embed.FS

// Default returns the model that is built in: English and Arabic, 256 dimensions.
// default/README.md is its card. It is loaded at the first call, and all callers share
// it: generations, the reranker and the checks of claims need it in memory once.
func Default() (*Embedder, error) { return loadDefault() }

var loadDefault = sync.OnceValues(func() (*Embedder, error) {
	folder, err := fs.Sub(defaultFiles, "default")
	if err != nil {
		return nil, err
	}
	return Load(folder, Options{})
})
