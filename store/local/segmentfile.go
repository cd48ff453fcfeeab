package local

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"
)

// segmentFile is a copy of a segment on disk, so that opening need not read every
// vector from the database. The database lists the valid files with their
// checksums. Any other file is ignored and removed. If a listed file is missing or
// differs, all are built again.
type segmentFile struct {
	name     string
	checksum uint32 // CRC-32C of the whole file
	size     int64
}

const (
	segmentSuffix  = ".segment"
	segmentMagic   = "DALILSG1"
	segmentVersion = 5
)

// header is the magic, the version, the width and the counts of the arrays.
const headerSize = (len(segmentMagic) + 4 + 4 + 8*int(arrays) + alignment - 1) &^ (alignment - 1)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// littleEndian reports whether this machine has the byte order of the files. On
// other machines no files are written, and opening reads the database.
func littleEndian() bool {
	x := uint16(1)
	return *(*byte)(unsafe.Pointer(&x)) == 1
}

func (s *segment) header() []byte {
	h := make([]byte, 0, headerSize)
	h = append(h, segmentMagic...)
	h = binary.LittleEndian.AppendUint32(h, segmentVersion)
	h = binary.LittleEndian.AppendUint32(h, uint32(s.width))
	for _, n := range s.counts {
		h = binary.LittleEndian.AppendUint64(h, uint64(n))
	}
	return h[:headerSize]
}

// save writes the segment to a new file and flushes it to the disk.
func (s *segment) save(dir string) error {
	w, err := s.beginSave(dir)
	if err != nil {
		return err
	}
	return w.end(dir, w.write(0, arrays))
}

// saving is the file of a segment that is being written.
type saving struct {
	segment *segment
	file    *os.File
	name    string
}

// beginSave creates the file of a segment, whose arrays need not be filled yet.
func (s *segment) beginSave(dir string) (*saving, error) {
	var nonce [8]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, err
	}
	name := hex.EncodeToString(nonce[:]) + segmentSuffix
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &saving{s, f, name}, nil
}

// write writes the arrays [from, to) to their place in the file. Several goroutines may write
// different arrays.
func (w *saving) write(from, to int) error {
	begin := blockSizeTo(w.segment.counts, from)
	_, err := w.file.WriteAt(w.segment.block.bytes[begin:blockSizeTo(w.segment.counts, to)], int64(headerSize+begin))
	return err
}

// end flushes the file to the disk, after all arrays were written. If that failed, or this
// fails, it removes the file.
func (w *saving) end(dir string, failed error) (err error) {
	defer func() {
		if err = errors.Join(err, w.file.Close()); err != nil {
			err = errors.Join(err, os.Remove(w.file.Name()))
		}
	}()
	if failed != nil {
		return failed
	}
	header := w.segment.header()
	if _, err := w.file.WriteAt(header, 0); err != nil {
		return err
	}
	if err := w.file.Sync(); err != nil {
		return err
	}
	w.segment.file = &segmentFile{
		name: w.name, size: int64(len(header) + len(w.segment.block.bytes)),
		checksum: crc32.Update(crc32.Checksum(header, castagnoli), castagnoli, w.segment.block.bytes),
	}
	return syncDir(dir)
}

// loadSegment reads a file that the database names.
func loadSegment(dir string, width int, file *segmentFile) (*segment, error) {
	f, err := os.Open(filepath.Join(dir, file.name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(f, header); err != nil {
		return nil, err
	}
	fixed := len(segmentMagic)
	if string(header[:fixed]) != segmentMagic || binary.LittleEndian.Uint32(header[fixed:]) != segmentVersion ||
		int(binary.LittleEndian.Uint32(header[fixed+4:])) != width {
		return nil, fmt.Errorf("%s: not a segment of this version and width", file.name)
	}
	var counts [arrays]int
	total := 0
	for i := range counts {
		n := binary.LittleEndian.Uint64(header[fixed+8+8*i:])
		if n > uint64(file.size) {
			return nil, fmt.Errorf("%s: array %d is longer than the file", file.name, i)
		}
		counts[i] = int(n)
		total += counts[i] * elementSizes[i]
	}
	size := blockSize(counts)
	if int64(total) > file.size || int64(headerSize+size) != file.size {
		return nil, fmt.Errorf("%s: arrays of %d bytes in a file of %d", file.name, size, file.size)
	}
	mapped := mapSegment(f, counts)
	if mapped != nil {
		size -= inFileSize(counts) // they are checked here, and read through the mapping later
	}
	b := newBlock(size, signsSize(width, counts))
	checksum := crc32.Checksum(header, castagnoli)
	rest, scratch := b.bytes, make([]byte, 1<<20)
	for array := range arrays {
		left := padded(counts, array)
		for left > 0 { // in pieces, so that the bytes are in the processor's cache for the checksum
			piece := scratch[:min(left, len(scratch))]
			if mapped == nil || !inFile(array) {
				piece, rest = rest[:len(piece)], rest[len(piece):]
			}
			if _, err := io.ReadFull(f, piece); err != nil {
				return nil, err
			}
			checksum = crc32.Update(checksum, castagnoli, piece)
			left -= len(piece)
		}
	}
	if checksum != file.checksum {
		return nil, fmt.Errorf("%s: checksum %08x, the database says %08x", file.name, checksum, file.checksum)
	}
	var s *segment
	if mapped != nil {
		s = lay(width, counts, b, mapped.bytes[headerSize:])
		s.mapped = mapped
	} else {
		s = lay(width, counts, b, nil)
	}
	s.file = file
	s.packSigns(nil)
	s.measure()
	return s, nil
}

// unchanged reports whether the file that is mapped, if it is, has the content that it was
// opened with. The caller is in [guard].
func (s *segment) unchanged() bool {
	return s.mapped == nil || crc32.Checksum(s.mapped.bytes, castagnoli) == s.file.checksum
}

// mapSegment maps a file; nil: the arrays of inFile are small, or the system does not map
// them, so that they are read.
func mapSegment(f *os.File, counts [arrays]int) *block {
	if inFileSize(counts) < offHeapMin {
		return nil
	}
	mapped, err := mapFile(f, int64(headerSize+blockSize(counts)))
	if mapped == nil || err != nil {
		return nil
	}
	b := &block{bytes: mapped}
	runtime.AddCleanup(b, func(bytes []byte) { _ = unmapFile(bytes) }, mapped)
	return b
}

// syncDir makes a new name in a folder durable. Systems that cannot sync a folder
// do not need it.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, os.ErrInvalid) {
		return err
	}
	return nil
}
