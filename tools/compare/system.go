package main

import (
	"context"

	"dalil/corpus"
)

// system is a search engine that is compared: a server with an empty index.
type system interface {
	// Load writes all passages. It returns when they are durable and can be found with
	// the index that questions use.
	Load(ctx context.Context, m *material) error
	// Ways are the ways to ask. It is called after Load.
	Ways() []way
	// Process is the id of the server's process on this machine, 0 if it is elsewhere.
	Process() int
	// Disk is how many bytes the passages and their indexes have on disk, -1 if that
	// cannot be found out.
	Disk(ctx context.Context) int64
	// About has name, version and settings in one sentence.
	About() string
	// Close removes what Load wrote, and stops the server if the system started it.
	Close() error
}

// way is one way to ask a system.
type way struct {
	name  string
	dense bool // the answer depends on the dense vector alone, so it has a recall
	// ask returns the ten best passages with their titles and texts. It may be called by
	// several goroutines.
	ask func(ctx context.Context, q *question) ([]hit, error)
}

// hit is one passage of an answer.
type hit struct {
	id          corpus.ChunkID
	title, text string
}

// systems are all that can be compared, in the order of the table. An opener returns an
// absent error for a system that is not there.
var systems = []struct {
	name string
	open func(ctx context.Context, o *options) (system, error)
}{
	{"Dalil", openDalil},
	{"pgvector", openPostgres},
	{"Qdrant", openQdrant},
	{"Bleve", openBleve},
	{"Bleve with vectors", func(context.Context, *options) (system, error) {
		return nil, absent("its vectors need FAISS, a C++ library, and cgo")
	}},
}

// absent says why a system is left out.
type absent string

func (a absent) Error() string { return string(a) }
