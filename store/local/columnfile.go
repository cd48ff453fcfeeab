package local

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"dalil/corpus"
)

// columnFile holds the profiles of many documents, each document in one block. A
// file is appended to until it is large; then, and when the store is closed, a list
// of its blocks is put at its end, so that opening need not visit them. After a
// crash the blocks are visited one after another up to the first that is torn.
//
// The layout, little-endian. The file begins with its header: the magic, the
// SHA-256 of what the profiles are made of and by, and a CRC-32C of both. A block
// is its magic, the number of passages, the document's key in the database, the
// size of the block, and a CRC-32C of all that and of the table behind it, which
// has for each passage where its record ends, counted from the end of the table, and
// the record's CRC-32C. A record is the passage's id and its profile. Blocks begin at
// multiples of eight. The list has key and offset of each block, then their
// number, a CRC-32C and a magic.
type columnFile struct {
	number uint32 // names it in the index
	path   string
	file   *os.File
	mapped []byte // nil where files are not mapped
	size   int64  // of header and blocks; changed under the column's writing and mu
}

const (
	columnSuffix  = ".profiles"
	columnMagic   = "DALILPF1"
	columnEnd     = "DALILPE1"
	columnName    = 32
	columnHeader  = 64
	blockMagic    = 0x4b4c4250
	blockHeader   = 24
	recordEntry   = 8
	listEntry     = 12
	listTrailer   = 16
	columnSmall   = 256 << 10 // what a new file takes on the disk
	columnMaxSize = 64 << 20  // a file that is larger gets no more blocks
)

// columnEntry says where the profiles of a document are.
type columnEntry struct {
	key    int64
	file   uint32
	offset uint32
	size   uint32
}

func columnHeaderOf(name [columnName]byte) []byte {
	h := append(make([]byte, 0, columnHeader), columnMagic...)
	h = append(h, name[:]...)
	h = binary.LittleEndian.AppendUint32(h, crc32.Checksum(h, castagnoli))
	return h[:columnHeader]
}

// createColumnFile makes an empty file.
func createColumnFile(dir string, name [columnName]byte) (*columnFile, error) {
	var nonce [8]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, hex.EncodeToString(nonce[:])+columnSuffix)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	f := &columnFile{path: path, file: file, size: columnHeader}
	if _, err := file.WriteAt(columnHeaderOf(name), 0); err != nil {
		return nil, errors.Join(err, f.remove())
	}
	return f, nil
}

// errForeign is a file that another program, version or pipeline made.
var errForeign = errors.New("not made by this version for this pipeline")

// openColumnFile opens a file and lists its blocks. listed says that they did not
// have to be visited.
func openColumnFile(path string, name [columnName]byte, write bool) (f *columnFile, entries []columnEntry, listed bool, err error) {
	flag := os.O_RDONLY
	if write {
		flag = os.O_RDWR
	}
	file, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return nil, nil, false, err
	}
	f = &columnFile{path: path, file: file}
	info, err := file.Stat()
	if err == nil {
		f.size = info.Size()
		err = f.mapWhole(f.size)
	}
	if err != nil {
		return nil, nil, false, errors.Join(err, f.close())
	}
	header, ok := f.read(0, columnHeader, nil)
	if !ok || !bytes.Equal(header, columnHeaderOf(name)) {
		return nil, nil, false, errors.Join(fmt.Errorf("%s: %w", path, errForeign), f.close())
	}
	if entries, listed = f.list(); !listed {
		entries = f.visit()
	}
	f.size = columnHeader
	if n := len(entries); n > 0 {
		f.size = int64(entries[n-1].offset) + int64(entries[n-1].size)
	}
	return f, entries, listed, nil
}

// read returns n bytes of the file: of the mapping, else in scratch.
func (f *columnFile) read(at int64, n int, scratch *[]byte) ([]byte, bool) {
	if n < 0 || at < 0 {
		return nil, false
	}
	if f.mapped != nil {
		if at+int64(n) > int64(len(f.mapped)) {
			return nil, false
		}
		return f.mapped[at : at+int64(n)], true
	}
	if scratch == nil {
		scratch = new([]byte)
	}
	if cap(*scratch) < n {
		*scratch = make([]byte, n)
	}
	b := (*scratch)[:n]
	_, err := f.file.ReadAt(b, at)
	return b, err == nil
}

// list reads the list at the end of the file; false: there is none that can be
// trusted.
func (f *columnFile) list() (entries []columnEntry, ok bool) {
	trailer, ok := f.read(f.size-listTrailer, listTrailer, nil)
	if !ok || string(trailer[8:]) != columnEnd {
		return nil, false
	}
	n := int64(binary.LittleEndian.Uint32(trailer))
	begin := f.size - listTrailer - n*listEntry
	if begin < columnHeader {
		return nil, false
	}
	list, ok := f.read(begin, int(n*listEntry), nil)
	if !ok || crc32.Update(crc32.Checksum(list, castagnoli), castagnoli, trailer[:4]) != binary.LittleEndian.Uint32(trailer[4:]) {
		return nil, false
	}
	entries = make([]columnEntry, n)
	for i := range entries {
		entries[i] = columnEntry{key: int64(binary.LittleEndian.Uint64(list)), offset: binary.LittleEndian.Uint32(list[8:])}
		list = list[listEntry:]
		if i > 0 {
			entries[i-1].size = entries[i].offset - entries[i-1].offset
		}
	}
	if n > 0 {
		entries[n-1].size = uint32(begin - int64(entries[n-1].offset))
	}
	return entries, true
}

// visit lists the blocks one after another, up to the first that is torn.
func (f *columnFile) visit() (entries []columnEntry) {
	end := f.size
	for at := int64(columnHeader); at < end; {
		head, ok := f.head(at, nil)
		if !ok {
			break
		}
		entries = append(entries, columnEntry{key: head.key, offset: uint32(at), size: head.size})
		at += int64(head.size)
	}
	return entries
}

// blockHead is the beginning of a block.
type blockHead struct {
	key   int64
	size  uint32
	table []byte // of the records
}

// head reads and checks the beginning of a block.
func (f *columnFile) head(at int64, scratch *[]byte) (h blockHead, ok bool) {
	b, ok := f.read(at, blockHeader, scratch)
	if !ok || binary.LittleEndian.Uint32(b) != blockMagic {
		return h, false
	}
	n := binary.LittleEndian.Uint32(b[4:])
	h.key, h.size = int64(binary.LittleEndian.Uint64(b[8:])), binary.LittleEndian.Uint32(b[16:])
	if n > maxChunks || h.size%8 != 0 || int64(h.size) < blockHeader+int64(n)*recordEntry {
		return h, false
	}
	b, ok = f.read(at, blockHeader+int(n)*recordEntry, scratch)
	if !ok || crc32.Update(crc32.Checksum(b[:20], castagnoli), castagnoli, b[blockHeader:]) != binary.LittleEndian.Uint32(b[20:]) {
		return h, false
	}
	h.table = b[blockHeader:]
	return h, true
}

// appendRecord appends the profile of a passage to b. False: the block is not of
// this document, or damaged.
func (f *columnFile) appendRecord(b []byte, e *columnEntry, ordinal int, id corpus.ChunkID, scratch *[]byte) ([]byte, bool) {
	h, ok := f.head(int64(e.offset), scratch)
	if !ok || h.key != e.key || ordinal >= len(h.table)/recordEntry {
		return b, false
	}
	from := uint32(0)
	if ordinal > 0 {
		from = binary.LittleEndian.Uint32(h.table[(ordinal-1)*recordEntry:])
	}
	to, sum := binary.LittleEndian.Uint32(h.table[ordinal*recordEntry:]), binary.LittleEndian.Uint32(h.table[ordinal*recordEntry+4:])
	begin := uint32(blockHeader + len(h.table))
	if to < from+uint32(len(id)) || to > h.size-begin {
		return b, false
	}
	record, ok := f.read(int64(e.offset)+int64(begin)+int64(from), int(to-from), scratch)
	if !ok || !bytes.Equal(record[:len(id)], id[:]) {
		return b, false
	}
	// What was copied is checked, because the file may change under a mapping.
	first := len(b)
	b = append(b, record[len(id):]...)
	if crc32.Update(crc32.Checksum(record[:len(id)], castagnoli), castagnoli, b[first:]) != sum {
		return b[:first], false
	}
	return b, true
}

// appendBlock appends the block of one document.
func appendBlock(b []byte, key int64, ids []corpus.ChunkID, profiles [][]byte) []byte {
	first := len(b)
	b = binary.LittleEndian.AppendUint32(b, blockMagic)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(ids)))
	b = binary.LittleEndian.AppendUint64(b, uint64(key))
	size := blockHeader + len(ids)*recordEntry
	for i := range ids {
		size += len(ids[i]) + len(profiles[i])
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(size+7)&^7)
	b = append(b, 0, 0, 0, 0)
	end := uint32(0)
	for i := range ids {
		end += uint32(len(ids[i]) + len(profiles[i]))
		b = binary.LittleEndian.AppendUint32(b, end)
		b = binary.LittleEndian.AppendUint32(b, crc32.Update(crc32.Checksum(ids[i][:], castagnoli), castagnoli, profiles[i]))
	}
	block := b[first:]
	binary.LittleEndian.PutUint32(block[20:], crc32.Update(crc32.Checksum(block[:20], castagnoli), castagnoli, block[blockHeader:]))
	for i := range ids {
		b = append(append(b, ids[i][:]...), profiles[i]...)
	}
	for (len(b)-first)%8 != 0 {
		b = append(b, 0)
	}
	return b
}

// seal puts the list behind the blocks and cuts the file there.
func (f *columnFile) seal(entries []columnEntry) error {
	list := make([]byte, 0, len(entries)*listEntry+listTrailer)
	for _, e := range entries {
		list = binary.LittleEndian.AppendUint64(list, uint64(e.key))
		list = binary.LittleEndian.AppendUint32(list, e.offset)
	}
	n := len(list)
	list = binary.LittleEndian.AppendUint32(list, uint32(len(entries)))
	sum := crc32.Update(crc32.Checksum(list[:n], castagnoli), castagnoli, list[n:])
	list = binary.LittleEndian.AppendUint32(list, sum)
	list = append(list, columnEnd...)
	if _, err := f.file.WriteAt(list, f.size); err != nil {
		return err
	}
	return f.file.Truncate(f.size + int64(len(list)))
}

func (f *columnFile) close() error {
	err := unmapFile(f.mapped)
	f.mapped = nil
	return errors.Join(err, f.file.Close())
}

// remove closes and removes the file.
func (f *columnFile) remove() error { return errors.Join(f.close(), os.Remove(f.path)) }

// mapWhole maps the first size bytes, where files are mapped.
func (f *columnFile) mapWhole(size int64) error {
	mapped, err := mapFile(f.file, size)
	if err != nil {
		return err
	}
	f.mapped = mapped
	return nil
}
