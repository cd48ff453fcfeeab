package keys

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"dalil/access/files"
	"dalil/corpus"
)

const (
	format  = "dalil-keys"
	version = 1
	// MaxFileBytes is the largest file of keys, and MaxKeys the number of keys in it.
	MaxFileBytes = 16 << 20
	MaxKeys      = 100_000
)

// content is the file: one JSON object.
type content struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Keys    []*Key `json:"keys"`
}

// decode reads and checks the content of a file. A field that this version does not
// have is an error, because it may restrict a key.
func decode(raw []byte) ([]*Key, map[string]*row, error) {
	var c content
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, nil, fmt.Errorf("is not a file of API keys: %w", describe(raw, err))
	}
	switch _, err := d.Token(); {
	case c.Format != format:
		return nil, nil, fmt.Errorf("is not a file of API keys: it has no \"format\": %q", format)
	case c.Version != version:
		return nil, nil, fmt.Errorf("has version %d, and this program reads version %d", c.Version, version)
	case !errors.Is(err, io.EOF):
		return nil, nil, errors.New("has more after the JSON object")
	case len(c.Keys) > MaxKeys:
		return nil, nil, fmt.Errorf("has %d keys, more than %d", len(c.Keys), MaxKeys)
	}
	if err := checkMembers(raw); err != nil {
		return nil, nil, err
	}
	rows := make(map[string]*row, len(c.Keys))
	for i, k := range c.Keys {
		if k == nil {
			return nil, nil, fmt.Errorf("keys[%d]: is null", i)
		}
		r, err := k.check()
		if err != nil {
			return nil, nil, fmt.Errorf("keys[%d].%w", i, err)
		}
		if rows[k.ID] != nil {
			return nil, nil, fmt.Errorf("keys[%d].id: %s is the id of an earlier key", i, k.ID)
		}
		rows[k.ID] = r
	}
	return c.Keys, rows, nil
}

// describe says where the JSON is wrong.
func describe(raw []byte, err error) error {
	var syntax *json.SyntaxError
	var form *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return errors.New("it is empty")
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &form):
		at = form.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("its JSON ends too early")
	}
	if at >= 0 && at <= int64(len(raw)) {
		return fmt.Errorf("line %d: %w", 1+bytes.Count(raw[:at], []byte("\n")), err)
	}
	return err
}

func encode(all []*Key) ([]byte, error) {
	raw, err := json.MarshalIndent(content{format, version, all}, "", "  ")
	return append(raw, '\n'), err
}

// broken names the file in an error of its content.
func broken(path string, err error) error {
	return &corpus.Error{Kind: corpus.ErrInvalid, Op: "read keys", Thing: path, Cause: corpus.Foreign(err)}
}

// Read returns the keys of a file, in the order in which they were created.
func Read(path string) ([]*Key, error) {
	raw, err := files.Read(path, MaxFileBytes)
	if err != nil {
		return nil, err
	}
	all, _, err := decode(raw)
	if err != nil {
		return nil, broken(path, err)
	}
	return all, nil
}

// update changes the keys of a file; see [files.Update].
func update(path string, missing bool, change func([]*Key) ([]*Key, error)) error {
	return files.Update(path, MaxFileBytes, missing, func(raw []byte) ([]byte, error) {
		var all []*Key
		if raw != nil {
			var err error
			if all, _, err = decode(raw); err != nil {
				return nil, broken(path, err)
			}
		}
		all, err := change(all)
		if err != nil {
			return nil, err
		}
		next, err := encode(all)
		if err != nil {
			return nil, err
		}
		if len(next) > MaxFileBytes {
			return nil, corpus.Errorf(corpus.ErrInvalid, "%s: would have more than %d bytes", path, MaxFileBytes)
		}
		if _, _, err := decode(next); err != nil { // what a server would refuse
			return nil, broken(path, err)
		}
		return next, nil
	})
}
