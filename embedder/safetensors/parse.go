package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// entry is one tensor in the header. Offsets count from the end of the header.
type entry struct {
	DType   DType `json:"dtype"`
	Shape   []int `json:"shape"`
	Offsets []int `json:"data_offsets"`
}

const metadataKey = "__metadata__"

// Parse reads a file. The tensors share data with the input, which must not
// change while they are used. Every error matches [ErrFormat].
func Parse(data []byte) (*File, error) {
	header, body, err := cutHeader(data)
	if err != nil {
		return nil, err
	}
	entries, metadata, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	f := &File{Tensors: make(map[string]Tensor, len(entries)), Metadata: metadata}
	type place struct {
		name       string
		start, end int
	}
	places := make([]place, 0, len(entries))
	for name, e := range entries {
		if err := e.check(len(body)); err != nil {
			return nil, fmt.Errorf("%w: tensor %q: %w", ErrFormat, name, err)
		}
		start, end := e.Offsets[0], e.Offsets[1]
		places = append(places, place{name, start, end})
		f.Tensors[name] = Tensor{DType: e.DType, Shape: e.Shape, Data: body[start:end:end]}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.end - b.end
	})
	covered := 0
	for _, p := range places {
		switch {
		case p.start < covered:
			return nil, fmt.Errorf("%w: tensor %q begins at %d, inside another that ends at %d", ErrFormat, p.name, p.start, covered)
		case p.start > covered:
			return nil, fmt.Errorf("%w: bytes %d to %d belong to no tensor", ErrFormat, covered, p.start)
		}
		covered = p.end
	}
	if covered != len(body) {
		return nil, fmt.Errorf("%w: the tensors take %d bytes and the file has %d after its header", ErrFormat, covered, len(body))
	}
	return f, nil
}

func cutHeader(data []byte) (header, body []byte, err error) {
	if len(data) < 8 {
		return nil, nil, fmt.Errorf("%w: %d bytes are too few for the header's length", ErrFormat, len(data))
	}
	n := binary.LittleEndian.Uint64(data)
	if n > MaxHeader {
		return nil, nil, fmt.Errorf("%w: a header of %d bytes, more than the limit of %d", ErrFormat, n, MaxHeader)
	}
	if n > uint64(len(data)-8) {
		return nil, nil, fmt.Errorf("%w: a header of %d bytes in a file of %d", ErrFormat, n, len(data))
	}
	return data[8 : 8+n], data[8+n:], nil
}

// parseHeader walks the object by hand because a JSON map would silently keep
// the last of two tensors with one name.
func parseHeader(header []byte) (map[string]entry, map[string]string, error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, fmt.Errorf("%w: the header does not begin with {", ErrFormat)
	}
	d := json.NewDecoder(bytes.NewReader(header))
	d.DisallowUnknownFields()
	if _, err := d.Token(); err != nil {
		return nil, nil, fmt.Errorf("%w: header: %w", ErrFormat, err)
	}
	entries, metadata := map[string]entry{}, map[string]string(nil)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("%w: header: %w", ErrFormat, err)
		}
		name, _ := token.(string) // a key of an object is a string
		if name == metadataKey {
			if metadata != nil {
				return nil, nil, fmt.Errorf("%w: two %s", ErrFormat, metadataKey)
			}
			metadata = map[string]string{}
			if err := d.Decode(&metadata); err != nil {
				return nil, nil, fmt.Errorf("%w: %s: %w", ErrFormat, metadataKey, err)
			}
			continue
		}
		if _, twice := entries[name]; twice {
			return nil, nil, fmt.Errorf("%w: two tensors %q", ErrFormat, name)
		}
		if len(entries) == MaxTensors {
			return nil, nil, fmt.Errorf("%w: more than %d tensors", ErrFormat, MaxTensors)
		}
		var e entry
		if err := d.Decode(&e); err != nil {
			return nil, nil, fmt.Errorf("%w: tensor %q: %w", ErrFormat, name, err)
		}
		entries[name] = e
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, fmt.Errorf("%w: header: %w", ErrFormat, err)
	}
	// Writers pad the header with spaces so that the data is aligned.
	if rest := bytes.TrimRight(header[d.InputOffset():], " "); len(rest) > 0 {
		return nil, nil, fmt.Errorf("%w: %d bytes after the header's object", ErrFormat, len(rest))
	}
	return entries, metadata, nil
}

func (e entry) check(body int) error {
	size := e.DType.Size()
	if size == 0 {
		return fmt.Errorf("the type %q is unknown", e.DType)
	}
	if e.Shape == nil || len(e.Shape) > MaxRank {
		return fmt.Errorf("a shape of %d dimensions, not 0 to %d", len(e.Shape), MaxRank)
	}
	want := size
	for _, d := range e.Shape {
		if d < 0 || d > 0 && want > math.MaxInt/d {
			return fmt.Errorf("the shape %v is not possible", e.Shape)
		}
		want *= d
	}
	if len(e.Offsets) != 2 {
		return fmt.Errorf("%d data_offsets, not 2", len(e.Offsets))
	}
	start, end := e.Offsets[0], e.Offsets[1]
	if start < 0 || end < start || end > body {
		return fmt.Errorf("data_offsets [%d, %d] are not within the %d bytes of data", start, end, body)
	}
	if end-start != want {
		return fmt.Errorf("%d bytes for shape %v of %s, which takes %d", end-start, e.Shape, e.DType, want)
	}
	return nil
}
