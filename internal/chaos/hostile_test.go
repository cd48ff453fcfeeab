package chaos_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip"

	dalilv1 "dalil/proto/dalil/v1"
)

// hostile are documents that cost a careless parser memory or time, each of at
// most a few megabytes.
var hostile = []struct {
	name, media string
	body        func() []byte
}{
	{"a table of 1,000 columns over 100,000 rows of one cell", "text/markdown", func() []byte {
		return []byte(strings.Repeat("|a", 1000) + "|\n" + strings.Repeat("|-", 1000) + "|\n" + strings.Repeat("|b|\n", 100_000))
	}},
	{"runs of backticks", "text/markdown", func() []byte {
		var b bytes.Buffer
		for n := 1; b.Len() < 4<<20; n++ {
			b.WriteString(strings.Repeat("`", n%2000+1) + " ")
		}
		return b.Bytes()
	}},
	{"deep quotes", "text/markdown", func() []byte { return []byte(strings.Repeat(">", 1<<20) + " a") }},
	{"deep lists", "text/markdown", func() []byte {
		var b bytes.Buffer
		for n := range 2000 {
			b.WriteString(strings.Repeat("  ", n) + "- a\n")
		}
		return b.Bytes()
	}},
	{"open brackets", "text/markdown", func() []byte { return []byte(strings.Repeat("[", 1<<20)) }},
	{"emphasis", "text/markdown", func() []byte { return []byte(strings.Repeat("*a **a ", 1<<18)) }},
	{"deep elements", "text/html", func() []byte { return []byte(strings.Repeat("<div>", 1<<18) + "rivers") }},
	{"an element with many attributes", "text/html", func() []byte {
		var b bytes.Buffer
		b.WriteString("<p")
		for n := range 200_000 {
			fmt.Fprintf(&b, " a%d=b", n)
		}
		return append(b.Bytes(), ">rivers</p>"...)
	}},
	{"text without white space", "text/plain", func() []byte { return bytes.Repeat([]byte("a"), 2<<20) }},
	{"text of one word", "text/plain", func() []byte { return bytes.Repeat([]byte("rivers "), 1<<20) }},
	{"combining marks", "text/plain", func() []byte { return []byte("a" + strings.Repeat("\u0301", 1<<20)) }},
}

// throw sends every hostile document and message once. Each may be refused or
// indexed; the server must go on.
func throw(ctx context.Context, connection grpc.ClientConnInterface) {
	documents, search := dalilv1.NewDocumentServiceClient(connection), dalilv1.NewSearchServiceClient(connection)
	for i, h := range hostile {
		body := &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: h.body(), MediaType: h.media}}
		one, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, _ = documents.UpsertDocument(one, &dalilv1.UpsertDocumentRequest{ // any answer will do
			Document: &dalilv1.DocumentInput{DocumentId: fmt.Sprint("hostile", i), Content: body},
		})
		cancel()
		_, _ = documents.DeleteDocument(ctx, &dalilv1.DeleteDocumentRequest{DocumentId: fmt.Sprint("hostile", i)})
	}
	bomb := &dalilv1.SearchRequest{Query: strings.Repeat("a", 32<<20)}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { _, _ = search.Search(ctx, bomb, grpc.UseCompressor(gzip.Name)) })
	}
	wg.Wait()
	values := make([]string, 1<<20)
	for i := range values {
		values[i] = "0123456789"
	}
	_, _ = search.Search(ctx, &dalilv1.SearchRequest{Query: "rivers", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_In{
		In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_SOURCE, Values: values},
	}}}, grpc.UseCompressor(gzip.Name))
}
