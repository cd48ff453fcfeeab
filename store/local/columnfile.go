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
)

// columnFile holds the profiles, texts and fields of many documents, each document in
// one block. A file is appended to until it is large; then, and when the store is
// closed, a list of its blocks is put at its end, so that opening need not visit them.
// After a crash the blocks are visited one after another up to the first that is torn.
//
// The layout, little-endian. The file begins with its header: the magic, the
// SHA-256 of what the profiles are made of and by, a CRC-32C of both, and the identity
// of the database, which is 0 in files that were made before it was written. A block
// is its magic, the number of passages, the document's key in the database, the
// size of the block, and a CRC-32C of all that and of the table behind it, which
// has for each record where it ends, counted from the end of the table, and its
// checksum ([recordKind.sum]). There are three kinds of records: the profile of each
// passage and the text of each passage, both behind the passage's id, and the fields of
// the document. Blocks begin at multiples of eight. The list has key and offset of each
// block, then their number, a CRC-32C and a magic.
type columnFile struct {
	number uint32 // names it in the index
	path   string
	file   *os.File
	mapped []byte // nil where files are not mapped
	size   int64  // of header and blocks; changed under the column's writing and mu
	signed bool   // the header has the identity of the database
}

const (
	columnSuffix  = ".profiles"
	columnMagic   = "DALILPF2"
	columnEnd     = "DALILPE1"
	columnName    = 32
	columnHeader  = 64
	listEntry     = 12
	listTrailer   = 16
	columnSmall   = 256 << 10 // what a new file takes on the disk
	columnMaxSize = 64 << 20  // a file that is larger gets no more blocks
)

// columnEntry says where the block of a document is.
type columnEntry struct {
	key    int64
	file   uint32
	offset uint32
	size   uint32
}

// columnOwner is what a file of profiles is made for: by what, of what, and of which database.
type columnOwner struct {
	name     [columnName]byte
	database [8]byte // its identity; in a header, 0: unknown
}

func (o columnOwner) header() []byte {
	h := append(make([]byte, 0, columnHeader), columnMagic...)
	h = append(h, o.name[:]...)
	h = binary.LittleEndian.AppendUint32(h, crc32.Checksum(h, castagnoli))
	return append(h, o.database[:]...)[:columnHeader]
}

// createColumnFile makes an empty file.
func createColumnFile(dir string, owner columnOwner) (*columnFile, error) {
	var nonce [8]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, hex.EncodeToString(nonce[:])+columnSuffix)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	f := &columnFile{path: path, file: file, size: columnHeader, signed: true}
	if _, err := file.WriteAt(owner.header(), 0); err != nil {
		return nil, errors.Join(err, f.remove())
	}
	return f, nil
}

// errForeign is a file that another program, version or pipeline made, or that belongs to another database.
var errForeign = errors.New("not made by this version for this pipeline and this database")

// openColumnFile opens a file and lists its blocks. listed says that they did not
// have to be visited.
func openColumnFile(path string, owner columnOwner, write bool) (f *columnFile, entries []columnEntry, listed bool, err error) {
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
	f.signed = ok && bytes.Equal(header, owner.header())
	if !f.signed && (!ok || !bytes.Equal(header, columnOwner{name: owner.name}.header())) {
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
		if !ok || !f.whole(at, head) {
			break
		}
		entries = append(entries, columnEntry{key: head.key, offset: uint32(at), size: head.size})
		at += int64(head.size)
	}
	return entries
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
