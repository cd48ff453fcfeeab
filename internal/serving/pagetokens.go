package serving

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"dalil/corpus"
)

// The sizes of a file with the key of page tokens, in bytes.
const (
	pageTokenKeyLeast = 32
	pageTokenKeyMost  = 4096
)

// pageTokenKey reads the key of page tokens, without a line end at the end of the file.
// No name is no key. The errors have nothing of the key.
func pageTokenKey(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, corpus.Refused("access.page_token_key: there is no file %s", name)
	}
	if err != nil {
		return nil, fmt.Errorf("access.page_token_key: %w", err)
	}
	defer f.Close()
	key, err := io.ReadAll(io.LimitReader(f, pageTokenKeyMost+1))
	if err != nil {
		return nil, fmt.Errorf("access.page_token_key: read %s: %w", name, err)
	}
	if len(key) > pageTokenKeyMost {
		return nil, corpus.Refused("access.page_token_key: %s has more than %d bytes", name, pageTokenKeyMost)
	}
	key = bytes.TrimRight(key, "\r\n")
	if len(key) < pageTokenKeyLeast {
		return nil, corpus.Refused("access.page_token_key: %s has %d bytes without its line end, and needs at least %d; for example: openssl rand -hex 32 > %s",
			name, len(key), pageTokenKeyLeast, name)
	}
	return key, nil
}
