package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// alignment of the data's beginning and, by the order of the tensors, of each
// tensor to its element size.
const alignment = 8

// Encode writes the file. Equal files give equal bytes: tensors are laid out
// by falling element size and then by name, as the reference writer does.
func Encode(w io.Writer, f *File) error {
	names := slices.SortedFunc(maps.Keys(f.Tensors), func(a, b string) int {
		bySize := cmp.Compare(f.Tensors[b].DType.Size(), f.Tensors[a].DType.Size())
		return cmp.Or(bySize, cmp.Compare(a, b))
	})
	var header bytes.Buffer
	header.WriteByte('{')
	if f.Metadata != nil {
		if err := writeField(&header, metadataKey, f.Metadata); err != nil {
			return err
		}
	}
	at := 0
	for _, name := range names {
		t := f.Tensors[name]
		e := entry{DType: t.DType, Shape: t.Shape, Offsets: []int{at, at + len(t.Data)}}
		if e.Shape == nil {
			e.Shape = []int{}
		}
		at += len(t.Data)
		if name == metadataKey {
			return fmt.Errorf("encode safetensors: a tensor can't be named %s", metadataKey)
		}
		if err := e.check(at); err != nil {
			return fmt.Errorf("encode safetensors: tensor %q: %w", name, err)
		}
		if err := writeField(&header, name, e); err != nil {
			return err
		}
	}
	header.WriteByte('}')
	for header.Len()%alignment != 0 {
		header.WriteByte(' ')
	}
	if header.Len() > MaxHeader {
		return fmt.Errorf("encode safetensors: a header of %d bytes, more than the limit of %d", header.Len(), MaxHeader)
	}
	length := binary.LittleEndian.AppendUint64(nil, uint64(header.Len()))
	parts := [][]byte{length, header.Bytes()}
	for _, name := range names {
		parts = append(parts, f.Tensors[name].Data)
	}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("encode safetensors: %w", err)
		}
	}
	return nil
}

func writeField(header *bytes.Buffer, name string, value any) error {
	key, err := json.Marshal(name)
	if err != nil {
		return fmt.Errorf("encode safetensors: name %q: %w", name, err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode safetensors: %q: %w", name, err)
	}
	if header.Len() > 1 {
		header.WriteByte(',')
	}
	header.Write(key)
	header.WriteByte(':')
	header.Write(text)
	return nil
}
