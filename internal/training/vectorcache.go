package training

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"

	"dalil/corpus"
)

// vectorCache keeps a teacher's vectors in a file that only grows: a line that
// names the model, then records of one size. Each record has a checksum, so
// what a killed process left half written is dropped when the file is opened
// again, and no more than that.
//
// A record: key (8 bytes, as in [FileTeacher]), scale (float32), the vector as
// int8 × dimensions, CRC-32 (Castagnoli) of the bytes before. Numbers are
// little-endian. Scale 0: the model has no vector for the text.
type vectorCache struct {
	file    *os.File
	writer  *bufio.Writer
	header  cacheHeader
	places  map[uint64]int // in scales; times Dimensions in bytes
	scales  []float32
	bytes   []int8
	dropped int64 // bytes that the last process left half written
}

type cacheHeader struct {
	Format     string `json:"format"`
	Model      string `json:"model"`
	Prefix     string `json:"prefix"`
	Dimensions int    `json:"dimensions"`
}

const cacheFormat = "dalil-teacher-1"

// textKey identifies a text among a few million.
func textKey(text string) uint64 {
	sum := sha256.Sum256([]byte(text))
	return binary.LittleEndian.Uint64(sum[:8])
}

// openVectorCache opens the file, or makes it where there is none.
func openVectorCache(path string, want cacheHeader) (*vectorCache, error) {
	want.Format = cacheFormat
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	c := &vectorCache{file: f, header: want, places: map[uint64]int{}}
	if err := c.read(); err != nil {
		f.Close()
		return nil, fmt.Errorf("teacher cache %s: %w", path, err)
	}
	c.writer = bufio.NewWriterSize(f, 1<<20)
	return c, nil
}

func (c *vectorCache) read() error {
	r := bufio.NewReaderSize(c.file, 1<<20)
	line, err := r.ReadBytes('\n')
	if errors.Is(err, io.EOF) && len(line) == 0 {
		return c.begin()
	}
	var found cacheHeader
	if err != nil || json.Unmarshal(line, &found) != nil || found.Format != cacheFormat {
		return errors.New("is a file of another kind; name another one with --teacher-cache")
	}
	if found != c.header {
		if _, err := r.Peek(1); errors.Is(err, io.EOF) { // no answer is lost
			return c.begin()
		}
		return fmt.Errorf("has vectors of %v, not of %v; name another file with --teacher-cache", found, c.header)
	}
	good := int64(len(line))
	record := make([]byte, c.recordSize())
	for {
		if _, err := io.ReadFull(r, record); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return err
		}
		body := record[:len(record)-4]
		if crc32.Checksum(body, castagnoli()) != binary.LittleEndian.Uint32(record[len(body):]) {
			break
		}
		c.remember(binary.LittleEndian.Uint64(body), math.Float32frombits(binary.LittleEndian.Uint32(body[8:])), body[12:])
		good += int64(len(record))
	}
	end, err := c.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	c.dropped = end - good
	if err := c.file.Truncate(good); err != nil {
		return err
	}
	_, err = c.file.Seek(good, io.SeekStart)
	return err
}

func (c *vectorCache) begin() error {
	line, err := json.Marshal(c.header)
	if err != nil {
		return err
	}
	if err := c.file.Truncate(0); err != nil {
		return err
	}
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = c.file.Write(append(line, '\n'))
	return err
}

// String says what the file is of.
func (h cacheHeader) String() string {
	s := fmt.Sprintf("the model %s with %d dimensions", h.Model, h.Dimensions)
	if h.Prefix != "" {
		s += fmt.Sprintf(" and the prefix %q", h.Prefix)
	}
	return s
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) } // made once by the package

func (c *vectorCache) recordSize() int { return 8 + 4 + c.header.Dimensions + 4 }

func (c *vectorCache) remember(key uint64, scale float32, bytes []byte) {
	if at, known := c.places[key]; known {
		if c.scales[at] == 0 && scale != 0 { // refused once, answered later
			c.scales[at] = scale
			for i, b := range bytes {
				c.bytes[at*len(bytes)+i] = int8(b)
			}
		}
		return
	}
	c.places[key] = len(c.scales)
	c.scales = append(c.scales, scale)
	for _, b := range bytes {
		c.bytes = append(c.bytes, int8(b))
	}
}

// add keeps a vector; nil: the model has none for the text.
func (c *vectorCache) add(key uint64, v corpus.Vector) error {
	if v == nil && c.has(key) {
		return nil
	}
	record := binary.LittleEndian.AppendUint64(make([]byte, 0, c.recordSize()), key)
	var most float32
	for _, x := range v {
		most = max(most, x, -x)
	}
	scale := most / 127
	record = binary.LittleEndian.AppendUint32(record, math.Float32bits(scale))
	for i := range c.header.Dimensions {
		var b int8
		if scale > 0 {
			b = int8(math.Round(float64(v[i] / scale)))
		}
		record = append(record, byte(b))
	}
	c.remember(key, scale, record[12:])
	record = binary.LittleEndian.AppendUint32(record, crc32.Checksum(record, castagnoli()))
	_, err := c.writer.Write(record)
	return err
}

func (c *vectorCache) has(key uint64) bool {
	_, ok := c.places[key]
	return ok
}

// refused reports whether the model had no vector for the text.
func (c *vectorCache) refused(key uint64) bool {
	at, ok := c.places[key]
	return ok && c.scales[at] == 0
}

// vector writes the text's vector into dst; false: there is none.
func (c *vectorCache) vector(key uint64, dst []float32) bool {
	at, ok := c.places[key]
	if !ok || c.scales[at] == 0 {
		return false
	}
	for i, b := range c.bytes[at*len(dst):][:len(dst)] {
		dst[i] = float32(b) * c.scales[at]
	}
	return true
}

func (c *vectorCache) flush() error { return c.writer.Flush() }

func (c *vectorCache) close() error { return errors.Join(c.writer.Flush(), c.file.Close()) }
