package static

import (
	"embed"
	"io/fs"
)

//go:embed default/tokenizer.json default/model.safetensors default/config.json
var defaultFiles embed.FS

// Default loads the model that is built in: English and Arabic, 256
// dimensions. default/README.md is its card.
func Default() (*Embedder, error) {
	folder, err := fs.Sub(defaultFiles, "default")
	if err != nil {
		return nil, err
	}
	return Load(folder, Options{})
}
