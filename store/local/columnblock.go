package local

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"dalil/corpus"
)

// The layout of a block is described at [columnFile].
const (
	blockMagic  = 0x4b4c4250
	blockHeader = 24
	recordEntry = 8
)

// recordKind is a kind of records of a block.
type recordKind byte

// The kinds, in their order in a block.
const (
	profileRecord recordKind = iota
	textRecord
	fieldsRecord // of the document
)

// number is the place of a record among those of a block with n passages.
func (k recordKind) number(n, ordinal int) int {
	if k == fieldsRecord {
		return 2 * n
	}
	return int(k)*n + ordinal
}

// sum is the CRC-32C of a record. It begins with the record's kind and its document's
// key, so that a record is not taken for another one. id is empty for fields.
func (k recordKind) sum(key int64, id, rest []byte) uint32 {
	begin := uint32(key) ^ uint32(key>>32) ^ uint32(k)<<30
	return crc32.Update(crc32.Update(begin, castagnoli, id), castagnoli, rest)
}

// blockHead is the beginning of a block.
type blockHead struct {
	key      int64
	size     uint32 // of the block
	passages int
	sum      uint32
}

// records is how many records the block has.
func (h *blockHead) records() int { return 2*h.passages + 1 }

// begin is where the records begin, counted from the beginning of the block.
func (h *blockHead) begin() int64 { return blockHeader + int64(h.records())*recordEntry }

// head reads the beginning of a block.
func (f *columnFile) head(at int64, scratch *[]byte) (h blockHead, ok bool) {
	b, ok := f.read(at, blockHeader, scratch)
	if !ok {
		return h, false
	}
	return parseHead(b)
}

func parseHead(b []byte) (h blockHead, ok bool) {
	if binary.LittleEndian.Uint32(b) != blockMagic {
		return h, false
	}
	n := binary.LittleEndian.Uint32(b[4:])
	if n > maxChunks {
		return h, false
	}
	h = blockHead{
		key: int64(binary.LittleEndian.Uint64(b[8:])), size: binary.LittleEndian.Uint32(b[16:]), passages: int(n),
		sum: binary.LittleEndian.Uint32(b[20:]),
	}
	return h, h.size%8 == 0 && int64(h.size) >= h.begin()
}

// whole reports whether the beginning of a block and its table are as they were written.
func (f *columnFile) whole(at int64, h blockHead) bool {
	b, ok := f.read(at, int(h.begin()), nil)
	return ok && crc32.Update(crc32.Checksum(b[:20], castagnoli), castagnoli, b[blockHeader:]) == h.sum
}

// appendRecord appends a record to b, without the passage's id. False: the block is not
// of this document, or damaged. The checksum of the record shows damage of the table too.
func (f *columnFile) appendRecord(b []byte, e *columnEntry, kind recordKind, at *located, scratch *[]byte) ([]byte, bool) {
	h, ok := f.head(int64(e.offset), scratch)
	if !ok || h.key != e.key || at.ordinal >= h.passages {
		return b, false
	}
	number := kind.number(h.passages, at.ordinal)
	from := uint32(0)
	if number > 0 {
		entry, ok := f.read(int64(e.offset)+blockHeader+int64(number-1)*recordEntry, recordEntry, scratch)
		if !ok {
			return b, false
		}
		from = binary.LittleEndian.Uint32(entry)
	}
	entry, ok := f.read(int64(e.offset)+blockHeader+int64(number)*recordEntry, recordEntry, scratch)
	if !ok {
		return b, false
	}
	to, sum := binary.LittleEndian.Uint32(entry), binary.LittleEndian.Uint32(entry[4:])
	if to < from || int64(to) > int64(h.size)-h.begin() {
		return b, false
	}
	record, ok := f.read(int64(e.offset)+h.begin()+int64(from), int(to-from), scratch)
	if !ok {
		return b, false
	}
	var id []byte
	if kind != fieldsRecord {
		if id = at.id[:]; len(record) < len(id) || !bytes.Equal(record[:len(id)], id) {
			return b, false
		}
	}
	// What was copied is checked, because the file may change under a mapping.
	first := len(b)
	b = append(b, record[len(id):]...)
	if kind.sum(e.key, id, b[first:]) != sum {
		return b[:first], false
	}
	return b, true
}

// erase overwrites the records of a block with zeros. Its beginning and table stay, so that
// the blocks behind it are found.
func (f *columnFile) erase(e *columnEntry) error {
	var begin [blockHeader]byte // not through the mapping, which the file may be shorter than
	switch _, err := f.file.ReadAt(begin[:], int64(e.offset)); {
	case errors.Is(err, io.EOF):
		return nil // it is cut off
	case err != nil:
		return err
	}
	from := int64(0)
	if h, ok := parseHead(begin[:]); ok && h.size == e.size {
		from = h.begin()
	}
	_, err := f.file.WriteAt(make([]byte, int64(e.size)-from), int64(e.offset)+from)
	return err
}

// columnBlock is what the column keeps of one document.
type columnBlock struct {
	key      int64
	ids      []corpus.ChunkID
	profiles [][]byte
	passages []preparedPassage
	fields   []byte
}

// most is at least the size of the block.
func (d *columnBlock) most() int {
	h := blockHead{passages: len(d.ids)}
	size := int(h.begin()) + len(d.fields) + 8
	for i := range d.ids {
		size += 2*len(d.ids[i]) + len(d.profiles[i]) + d.passages[i].most()
	}
	return size
}

// appendTo appends the block.
func (d *columnBlock) appendTo(b []byte) []byte {
	first, h := len(b), blockHead{passages: len(d.ids)}
	b = append(b, make([]byte, h.begin())...)
	begin, number := len(b), 0
	end := func(kind recordKind, at int) {
		entry := b[first+blockHeader+number*recordEntry:]
		binary.LittleEndian.PutUint32(entry, uint32(len(b)-begin))
		binary.LittleEndian.PutUint32(entry[4:], kind.sum(d.key, nil, b[at:]))
		number++
	}
	for i := range d.ids {
		at := len(b)
		b = append(append(b, d.ids[i][:]...), d.profiles[i]...)
		end(profileRecord, at)
	}
	for i := range d.ids {
		at := len(b)
		b = d.passages[i].appendTo(append(b, d.ids[i][:]...))
		end(textRecord, at)
	}
	at := len(b)
	b = append(b, d.fields...)
	end(fieldsRecord, at)
	for (len(b)-first)%8 != 0 {
		b = append(b, 0)
	}
	block := b[first:]
	binary.LittleEndian.PutUint32(block, blockMagic)
	binary.LittleEndian.PutUint32(block[4:], uint32(len(d.ids)))
	binary.LittleEndian.PutUint64(block[8:], uint64(d.key))
	binary.LittleEndian.PutUint32(block[16:], uint32(len(block)))
	binary.LittleEndian.PutUint32(block[20:], crc32.Update(crc32.Checksum(block[:20], castagnoli), castagnoli, block[blockHeader:h.begin()]))
	return b
}
