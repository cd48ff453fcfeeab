package local

import (
	"bytes"
	"math"
	"math/bits"
	"slices"

	"dalil/corpus"
	"dalil/fair"
	"dalil/vector"
)

// maxRows is the largest number of passages of a segment, so that a posting needs
// two bytes for a row.
const maxRows = 1 << 16

// segment is an immutable part of the index: some documents in the order in which
// they were written, their passages as rows, and everything that a search needs.
// Its arrays are in one block, which is also the content of its file. Of a segment that
// was read from its file, the vectors with 16 bits and the postings are in a mapping of
// the file instead, see [inFile] and [guard].
type segment struct {
	block  *block
	mapped *block // nil: all is in block
	counts [arrays]int
	width  int // of dense vectors
	stride int // of their rows here
	file   *segmentFile

	// Rows. A vector is normalised, rounded to 16 bits and split: high holds
	// the upper bytes and low the lower ones.
	// Before that, a rougher copy is scanned: the difference from the mean, rotated, with two
	// bits an element. Segments of fewer than roughRowsFrom rows have none.
	high, low   []int8
	scales      []float32 // of a row: element ≈ scale × (256·high + low)
	rough       []byte
	signs       []byte    // their upper bits, which are not in the file
	roughScales []float32 // of a row: inner product ≈ that with the mean + scale × that with (two bits − 1.5)
	mean        []float32 // of the rows, rotated
	owners      []uint32  // the document of a row
	ids         []corpus.ChunkID
	table       []uint32 // open addressing by id: row+1

	// Documents.
	keys           []int64  // in the database, ascending
	firsts         []uint32 // first row; one more at the end
	idText         []byte
	idStarts       []uint32
	byID           []uint32 // documents in the order of their ids
	revisionText   []byte
	revisionStarts []uint32
	seconds        []int64 // Unix time of publication, or unpublished
	nanos          []int32

	// Sparse vectors: for each dimension its postings, rows ascending.
	dimensions []uint32
	buckets    []uint32 // where the dimensions with given upper bits begin
	starts     []uint32
	rows       []uint16
	codes      []uint16  // of weights; empty if there are too many different ones
	weights    []float32 // the distinct weights, which codes refer to; otherwise one for each posting

	// The terms of filters in byte order, each with its documents.
	termText   []byte
	termStarts []uint32
	termLists  []uint32
	termDocs   []uint32

	forward  forward // the terms by document
	coarse   float32 // the largest step of an element of high
	positive bool    // all weights are above 0
	tenants  bool    // some documents are of a named tenant
	groups   bool    // some documents list groups
}

// unpublished marks a document without a date.
const unpublished = math.MinInt64

// The arrays of a block, in their order.
const (
	arrHigh = iota
	arrLow
	arrScales
	arrOwners
	arrIDs
	arrTable
	arrKeys
	arrFirsts
	arrIDText
	arrIDStarts
	arrByID
	arrRevisionText
	arrRevisionStarts
	arrSeconds
	arrNanos
	arrDimensions
	arrBuckets
	arrStarts
	arrRows
	arrCodes
	arrWeights
	arrTermText
	arrTermStarts
	arrTermLists
	arrTermDocs
	arrRough
	arrRoughScales
	arrMean
	arrays
)

// The arrays of rows and documents are before arrPostings, those that are made from the rows
// from arrRough on.
const arrPostings = arrDimensions

var elementSizes = [arrays]int{
	arrHigh: 1, arrLow: 1, arrScales: 4, arrOwners: 4, arrIDs: 16, arrTable: 4, arrKeys: 8, arrFirsts: 4,
	arrIDText: 1, arrIDStarts: 4, arrByID: 4, arrRevisionText: 1, arrRevisionStarts: 4, arrSeconds: 8, arrNanos: 4,
	arrDimensions: 4, arrBuckets: 4, arrStarts: 4, arrRows: 2, arrCodes: 2, arrWeights: 4,
	arrTermText: 1, arrTermStarts: 4, arrTermLists: 4, arrTermDocs: 4, arrRough: 1, arrRoughScales: 4,
	arrMean: 4,
}

// sizes has the counts of a new segment.
type sizes struct {
	rows, documents, idText, revisionText int
	dimensions, postings, weights         int
	coded                                 bool // weights are stored as codes
	terms, termText, termDocs             int
}

func (z sizes) counts(width int) (c [arrays]int) {
	stride := vector.Stride(width)
	c[arrHigh], c[arrLow] = z.rows*stride, z.rows*stride
	if z.rows >= roughRowsFrom {
		c[arrRough], c[arrRoughScales], c[arrMean] = z.rows*vector.TwoBitStride(width), z.rows, width
	}
	c[arrScales], c[arrOwners], c[arrIDs] = z.rows, z.rows, z.rows
	c[arrTable] = tableSize(z.rows)
	c[arrKeys], c[arrFirsts], c[arrByID], c[arrSeconds], c[arrNanos] = z.documents, z.documents+1, z.documents, z.documents, z.documents
	c[arrIDText], c[arrIDStarts] = z.idText, z.documents+1
	c[arrRevisionText], c[arrRevisionStarts] = z.revisionText, z.documents+1
	c[arrDimensions], c[arrStarts], c[arrBuckets] = z.dimensions, z.dimensions+1, 1<<bucketBits(z.dimensions)+1
	c[arrRows], c[arrWeights] = z.postings, z.postings
	if z.coded {
		c[arrCodes], c[arrWeights] = z.postings, z.weights
	}
	c[arrTermText], c[arrTermStarts], c[arrTermLists], c[arrTermDocs] = z.termText, z.terms+1, z.terms+1, z.termDocs
	return c
}

// tableSize returns a size with which the table is at most half full.
func tableSize(rows int) int { return 1 << bits.Len(uint(2*rows)) }

// bucketBits returns the number of bits with which a bucket has about four
// dimensions. Dimensions are hashes, so they are spread evenly.
func bucketBits(dimensions int) int { return bits.Len(uint(dimensions / 4)) }

func blockSize(counts [arrays]int) int { return blockSizeTo(counts, arrays) }

// blockSizeTo returns how many bytes of a block are before an array.
func blockSizeTo(counts [arrays]int, before int) int {
	size := 0
	for array := range before {
		size += padded(counts, array)
	}
	return size
}

// padded returns how many bytes of a block an array takes.
func padded(counts [arrays]int, array int) int {
	return (counts[array]*elementSizes[array] + alignment - 1) &^ (alignment - 1)
}

// inFile reports whether an array is read from the mapped file, if the file is mapped: the
// vectors with 16 bits and the postings. They are most of a segment, and searches read a
// part of them only.
func inFile(array int) bool {
	return array == arrHigh || array == arrLow || array == arrRows || array == arrCodes
}

// inFileSize returns how many bytes of a block the arrays of inFile take.
func inFileSize(counts [arrays]int) (size int) {
	for array := range arrays {
		if inFile(array) {
			size += padded(counts, array)
		}
	}
	return size
}

// lay places the arrays in a block of blockSize(counts) bytes. If file is not nil, it has
// these bytes, and b those of the arrays that are not inFile.
func lay(width int, counts [arrays]int, b *block, file []byte) *segment {
	s := &segment{block: b, counts: counts, width: width, stride: vector.Stride(width)}
	rest := b.bytes
	next := func(array int) []byte {
		from := &rest
		if file != nil && inFile(array) {
			from = &file
		} else if file != nil {
			file = file[padded(counts, array):]
		}
		size := counts[array] * elementSizes[array]
		part := (*from)[:size:size]
		*from = (*from)[padded(counts, array):]
		return part
	}
	s.high, s.low = castTo[int8](next(arrHigh)), castTo[int8](next(arrLow))
	s.scales, s.owners = castTo[float32](next(arrScales)), castTo[uint32](next(arrOwners))
	s.ids, s.table = castTo[corpus.ChunkID](next(arrIDs)), castTo[uint32](next(arrTable))
	s.keys, s.firsts = castTo[int64](next(arrKeys)), castTo[uint32](next(arrFirsts))
	s.idText, s.idStarts, s.byID = next(arrIDText), castTo[uint32](next(arrIDStarts)), castTo[uint32](next(arrByID))
	s.revisionText, s.revisionStarts = next(arrRevisionText), castTo[uint32](next(arrRevisionStarts))
	s.seconds, s.nanos = castTo[int64](next(arrSeconds)), castTo[int32](next(arrNanos))
	s.dimensions, s.buckets = castTo[uint32](next(arrDimensions)), castTo[uint32](next(arrBuckets))
	s.starts, s.rows = castTo[uint32](next(arrStarts)), castTo[uint16](next(arrRows))
	s.codes, s.weights = castTo[uint16](next(arrCodes)), castTo[float32](next(arrWeights))
	s.termText, s.termStarts = next(arrTermText), castTo[uint32](next(arrTermStarts))
	s.termLists, s.termDocs = castTo[uint32](next(arrTermLists)), castTo[uint32](next(arrTermDocs))
	s.rough, s.roughScales, s.mean = next(arrRough), castTo[float32](next(arrRoughScales)), castTo[float32](next(arrMean))
	s.signs = b.derived
	return s
}

// finish fills what follows from other arrays.
func (s *segment) finish(turn *fair.Turn) {
	s.finishRows()
	s.finishPostings()
	s.roughen(turn)
	s.measure()
}

// finishRows fills the look-up tables of ids.
func (s *segment) finishRows() {
	s.placeIDs()
	for i := range s.byID {
		s.byID[i] = uint32(i)
	}
	slices.SortFunc(s.byID, func(a, b uint32) int { return bytes.Compare(s.id(a), s.id(b)) })
}

// finishPostings fills the look-up table of the dimensions.
func (s *segment) finishPostings() {
	shift := s.bucketShift()
	bucket := 0
	for i, d := range s.dimensions {
		for ; bucket <= int(d>>shift); bucket++ {
			s.buckets[bucket] = uint32(i)
		}
	}
	for ; bucket < len(s.buckets); bucket++ {
		s.buckets[bucket] = uint32(len(s.dimensions))
	}
}

// measure computes the values that are not in the file.
func (s *segment) measure() {
	for _, scale := range s.scales {
		s.coarse = max(s.coarse, 256*scale)
	}
	s.tenants = len(s.documentsOf(fieldTerm(corpus.FieldTenant, ""))) > 0
	s.groups = len(s.documentsOf(fieldTerm(corpus.FieldReader, ""))) > 0
	s.positive = !slices.ContainsFunc(s.weights, func(w float32) bool { return w <= 0 })
}

func (s *segment) bucketShift() int { return 32 - bits.Len(uint(len(s.buckets)-2)) }

func (s *segment) id(document uint32) []byte {
	return s.idText[s.idStarts[document]:s.idStarts[document+1]]
}

func (s *segment) revision(document uint32) []byte {
	return s.revisionText[s.revisionStarts[document]:s.revisionStarts[document+1]]
}

// document finds a document by its key in the database.
func (s *segment) document(key int64) (uint32, bool) {
	at, found := slices.BinarySearch(s.keys, key)
	return uint32(at), found
}

// documentByID finds a document by its id.
func (s *segment) documentByID(id string) (uint32, bool) {
	at, found := slices.BinarySearchFunc(s.byID, id, func(document uint32, id string) int {
		return bytes.Compare(s.id(document), []byte(id))
	})
	if !found {
		return 0, false
	}
	return s.byID[at], true
}

func (s *segment) weight(posting uint32) float32 {
	if len(s.codes) > 0 {
		return s.weights[s.codes[posting]]
	}
	return s.weights[posting]
}

// last returns the highest key.
func (s *segment) last() int64 { return s.keys[len(s.keys)-1] }
