package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/rpc"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// Text is a passage on its way to Bleve and back. net/rpc needs exported names.
type Text struct {
	ID, Title, Text string
	Arabic          bool
}

// Asked is a question to Bleve.
type Asked struct {
	Text   string
	Arabic bool
}

// bleveFields are the names of the fields that are searched, by whether they are Arabic.
var bleveFields = map[bool]string{false: "english", true: "arabic"}

// bleveMapping searches title and text of a passage as one field, analysed in its
// language, and stores both.
func bleveMapping() mapping.IndexMapping {
	document := bleve.NewDocumentStaticMapping()
	for arabic, analyzer := range map[bool]string{false: en.AnalyzerName, true: ar.AnalyzerName} {
		words := bleve.NewTextFieldMapping()
		words.Analyzer, words.Store, words.IncludeInAll, words.IncludeTermVectors, words.DocValues = analyzer, false, false, false, false
		document.AddFieldMappingsAt(bleveFields[arabic], words)
	}
	for _, name := range []string{"title", "text"} {
		stored := bleve.NewTextFieldMapping()
		stored.Index, stored.Store, stored.IncludeInAll, stored.IncludeTermVectors, stored.DocValues = false, true, false, false, false
		document.AddFieldMappingsAt(name, stored)
	}
	all := bleve.NewIndexMapping()
	all.DefaultMapping, all.ScoringModel = document, index.BM25Scoring
	return all
}

// Words is the service that net/rpc serves.
type Words struct{ index bleve.Index }

// Put writes passages. They are durable when it returns.
func (w *Words) Put(texts []Text, _ *struct{}) error {
	batch := w.index.NewBatch()
	for _, t := range texts {
		if err := batch.Index(t.ID, map[string]string{bleveFields[t.Arabic]: t.Title + "\n" + t.Text, "title": t.Title, "text": t.Text}); err != nil {
			return err
		}
	}
	return w.index.Batch(batch)
}

// Search answers with the ten best passages, which contain at least one of the words.
func (w *Words) Search(q Asked, texts *[]Text) error {
	match := bleve.NewMatchQuery(q.Text)
	match.SetField(bleveFields[q.Arabic])
	request := bleve.NewSearchRequestOptions(match, best, 0, false)
	request.Fields = []string{"title", "text"}
	found, err := w.index.Search(request)
	if err != nil {
		return err
	}
	for _, h := range found.Hits {
		title, _ := h.Fields["title"].(string)
		text, _ := h.Fields["text"].(string)
		*texts = append(*texts, Text{ID: h.ID, Title: title, Text: text})
	}
	return nil
}

// serveWords serves a new index in a folder until its input ends. It prints its address.
func serveWords(dir string, in io.Reader, out io.Writer) error {
	made, err := bleve.NewUsing(dir, bleveMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return err
	}
	server := rpc.NewServer()
	if err := server.Register(&Words{made}); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { // until the listener closes
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go server.ServeConn(connection)
		}
	}()
	if _, err := fmt.Fprintln(out, listener.Addr()); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return errors.Join(err, listener.Close(), made.Close())
}
