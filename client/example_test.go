package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Search the servers behind one name, and print the best passage of the answer.
func ExampleDial() {
	address, stop := seeds() // an address such as dalil.internal:7810
	defer stop()

	connection, err := client.Dial(address)
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	answer, err := dalilv1.NewSearchServiceClient(connection).Search(ctx, &dalilv1.SearchRequest{Query: "poverty reduction cooperation"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.GetPassages()[0].GetDocument().GetDocumentId())
	// Output: 001_9b34745794db2986
}

// Send documents and read a receipt for each. At most 256 documents without a receipt
// are on their way, so documents are read no faster than they are indexed.
func ExampleIngest() {
	address, stop := seeds()
	defer stop()

	connection, err := client.Dial(address)
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	documents := make(chan corpus.Raw)
	go func() {
		defer close(documents)
		documents <- corpus.Raw{Document: corpus.Document{ID: "notes/rivers", Text: "Rivers cross the old city."}}
		documents <- corpus.Raw{Document: corpus.Document{ID: "notes/empty"}}
	}()
	outcomes := map[string]string{}
	err = client.Ingest(context.Background(), connection, documents, func(r corpus.Receipt) {
		outcomes[r.DocumentID] = r.Outcome.String()
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcomes)
	// Output: map[notes/empty:failed notes/rivers:indexed]
}

// Read why a call failed.
func ExampleDetails() {
	address, stop := seeds()
	defer stop()

	connection, err := client.Dial(address)
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	size := int32(1000)
	_, err = dalilv1.NewSearchServiceClient(connection).Search(context.Background(), &dalilv1.SearchRequest{Query: "poverty", PageSize: &size})
	if refused, ok := client.Details(err); ok {
		fmt.Println(refused.Code, refused.Reason, refused.Violations[0].Field, refused.Violations[0].Limit, refused.RetryAfter)
	}

	_, err = dalilv1.NewDocumentServiceClient(connection).GetDocument(context.Background(), &dalilv1.GetDocumentRequest{DocumentId: "nobody"})
	if refused, ok := client.Details(err); ok && errors.Is(refused, corpus.ErrNotFound) {
		fmt.Println(refused)
	}
	// Output:
	// InvalidArgument ERROR_REASON_INVALID page_size 1 to 100 0s
	// NOT_FOUND: there is no document "nobody"
}
